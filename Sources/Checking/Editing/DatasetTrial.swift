package import Domain

/// What a data source says of a dataset's query before that is saved.
package enum DatasetTrial: Sendable {
  case works
  /// It can never run as it is.
  case refused(QueryError)
  /// Why nobody could ask.
  case untried(String)
}

extension CheckerService {
  /// Has the data source read the query; no row of it is fetched.
  package func trial(of dataset: Dataset) async -> DatasetTrial {
    let error: QueryError
    do {
      _ = try await engine(for: dataset.dataSource).describe(dataset.sql)
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
