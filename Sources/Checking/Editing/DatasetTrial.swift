package import Domain
import Rules

/// What a data source says of a dataset's query before that is saved.
package enum DatasetTrial: Sendable {
  case works
  /// It can never run as it is.
  case refused(QueryError)
  /// Why nobody could ask.
  case untried(String)
}

extension CheckerService {
  /// Rules read a dataset as a part of their own queries. What runs alone (SHOW, EXPLAIN) may not do there.
  static func proveUsable(_ sql: String, on engine: any QueryEngine) async throws(QueryError) {
    do throws(QueryError) {
      _ = try await engine.describe("SELECT * FROM \(RowSource.subquery(sql))")
    } catch {
      guard error.kind == .syntax || error.kind == .notReadOnly else { throw error }
      throw QueryError(
        error.kind,
        "The query runs by itself, and no rule can use it: rules read FROM (the query), and there the database says: "
          + error.message, code: error.code, hint: "Write one SELECT.")
    }
  }

  /// Has the data source read the query; no row of it is fetched.
  package func trial(of dataset: Dataset) async -> DatasetTrial {
    let error: QueryError
    do {
      let engine = try await engine(for: dataset.dataSource)
      _ = try await engine.describe(dataset.sql)
      try await Self.proveUsable(dataset.sql, on: engine)
      return .works
    } catch let problem as QueryError {
      error = problem
    } catch ServiceError.query(let problem) {
      error = problem
    } catch {
      return .untried("\(error)")
    }
    switch error.kind {
    case .notReadOnly, .syntax, .unknownTable, .unknownColumn, .permission, .other: return .refused(error)
    case .configuration, .connection, .timeout, .cancelled, .tooLarge: return .untried(error.message)
    }
  }
}
