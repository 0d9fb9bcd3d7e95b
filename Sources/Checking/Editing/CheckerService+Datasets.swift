package import Domain
import Foundation
import Rules

/// The first rows of a query, and what it took.
package struct DatasetPreview: Sendable {
  package var rows: ResultSet
  /// How many rows the whole query has; `nil` when counting took too long.
  package var totalRows: Int?
  package var milliseconds: Double
}

extension CheckerService {
  /// Rows that a preview shows.
  package static let previewRows = 100

  /// - Parameter expected: What the edit began with, as it is stored; anything else there is somebody else's edit.
  package func save(
    _ dataset: Dataset, replacing original: QualifiedName?, expected: Dataset? = nil
  ) async throws(ServiceError) {
    let problems = Self.problems(with: dataset)
    if !problems.isEmpty { throw .invalid(problems) }
    let source = try await reading { () async throws(StoreError) in try await store.dataSource(dataset.dataSource) }
    if source == nil {
      throw .invalid([FieldProblem(field: "data_source", message: "there is no data source '\(dataset.dataSource)'")])
    }
    if original != dataset.id, let problem = try await takenTables(by: [dataset])[dataset.id] {
      throw .invalid([problem])
    }
    try await reading { () async throws(StoreError) in
      try await store.save(dataset, replacing: original, expected: expected)
    }
  }

  /// A dataset comes before a table of its name: what is new must not take the place of a table that checkers look at.
  /// - Parameter changed: Checkers that are about to change.
  /// - Returns: What is wrong with those datasets that would.
  func takenTables(
    by datasets: [Dataset], except changed: Set<QualifiedName> = []
  ) async throws(ServiceError) -> [QualifiedName: FieldProblem] {
    let definitions = try await definitions()
    let new = datasets.filter { definitions.datasets[$0.id] == nil }
    if new.isEmpty { return [:] }
    var problems: [QualifiedName: FieldProblem] = [:]
    for (namespace, datasets) in Dictionary(grouping: new, by: \.id.namespace) {
      let checkers = try await reading { () async throws(StoreError) in try await store.checkers(in: namespace) }
        .map(\.checker).filter { !changed.contains($0.id) }
      for dataset in datasets {
        let users = checkers.filter { $0.body.datasetNames.contains(dataset.id.name) }
        problems[dataset.id] = await takenTable(dataset.id.name, of: users, definitions)
      }
    }
    return problems
  }

  private func takenTable(
    _ name: String, of checkers: [Checker], _ definitions: Definitions
  ) async -> FieldProblem? {
    for checker in checkers {
      guard case .found(let source, .table(let table)) = definitions.resolve(name, of: checker),
        let engine = try? await engines.engine(for: source),
        (try? await engine.describe(RowSource.table(table).selectAll(engine.dialect))) != nil
      else { continue }
      return FieldProblem(
        field: "name",
        message:
          "checker \(checker.id) looks at the table '\(table)' of data source '\(source.name)', and a dataset of "
          + "that name would take its place: choose another name")
    }
    return nil
  }

  /// The same for a query that a program wrote: one that no rule could use is refused.
  package func saveUsable(
    _ dataset: Dataset, replacing original: QualifiedName?, expected: Dataset? = nil
  ) async throws(ServiceError) {
    let data = NamedData(definitions: try await definitions(), engines: engines)
    if let problem = await data.problem(with: dataset) { throw .invalid([problem]) }
    try await save(dataset, replacing: original, expected: expected)
  }

  package func deleteDataset(_ id: QualifiedName) async throws(ServiceError) {
    try await reading { () async throws(StoreError) in try await store.deleteDataset(id) }
  }

  /// Runs `sql` for its first rows and its count. Nothing is saved. What no dataset can be is refused, unless `sql`
  /// is to be none.
  package func preview(
    _ sql: String, on dataSource: String, rows: Int = Self.previewRows, isDataset: Bool = true
  ) async throws(ServiceError) -> DatasetPreview {
    if sql.allSatisfy(\.isWhitespace) {
      throw .invalid([FieldProblem(field: "sql", message: "write a query, such as SELECT * FROM users")])
    }
    let engine = try await engine(for: dataSource)
    guard let source = try await reading({ () async throws(StoreError) in try await store.dataSource(dataSource) })
    else { throw .notFound("there is no data source '\(dataSource)'") }
    var limits = source.limits
    limits.maxRows = min(limits.maxRows, max(1, rows))
    let startedAt = now()
    let result: ResultSet
    do {
      result = try await engine.run(Query(sql, guarded: [], limits: limits))
      if isDataset { try await Self.proveUsable(sql, on: engine) }
    } catch {
      throw .query(error)
    }
    let milliseconds = now().timeIntervalSince(startedAt) * 1000
    let total = result.isTruncated ? await count(sql, engine, source.limits) : result.rowCount
    return DatasetPreview(rows: result, totalRows: total, milliseconds: milliseconds)
  }

  /// The columns of a dataset, or of a table of that name; empty when they cannot be had.
  package func columns(
    of dataset: String, namespace: String, tablesOf named: String = ""
  ) async -> [ColumnDescription] {
    guard let definitions = try? await definitions(),
      case .found(let source, let rows) = definitions.resolve(
        dataset, namespace: namespace, tablesOf: named.isEmpty ? nil : named),
      let engine = try? await engines.engine(for: source)
    else { return [] }
    return (try? await engine.describe(rows.selectAll(engine.dialect))) ?? []
  }

  private func count(_ sql: String, _ engine: any QueryEngine, _ limits: QueryLimits) async -> Int? {
    var limits = limits
    limits.maxRows = 1
    limits.timeoutSeconds = min(limits.timeoutSeconds, 5)
    let query = Query("SELECT count(*) FROM \(RowSource.subquery(sql))", guarded: [sql], limits: limits)
    guard let rows = try? await engine.run(query), rows.rowCount == 1 else { return nil }
    return rows.cell(row: 0, column: 0).exactDecimal?.int64.map { Int($0) }
  }

  package static func problems(with dataset: Dataset) -> [FieldProblem] {
    var problems: [FieldProblem] = []
    if let problem = NameRule.problem(with: dataset.id.name) {
      problems.append(FieldProblem(field: "name", message: problem))
    }
    if let problem = NameRule.problem(with: dataset.id.namespace) {
      problems.append(FieldProblem(field: "namespace", message: problem))
    }
    if dataset.sql.allSatisfy(\.isWhitespace) {
      problems.append(FieldProblem(field: "sql", message: "write a query, such as SELECT * FROM users"))
    }
    return problems
  }
}
