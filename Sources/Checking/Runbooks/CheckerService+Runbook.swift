package import Domain
import Foundation
import Rules

/// What a query of a runbook found.
package struct RunbookResult: Sendable {
  package var dataSource: String
  /// With its values in place.
  package var sql: String
  package var preview: DatasetPreview
}

extension CheckerService {
  /// Rows that a query of a runbook shows.
  package static let runbookRows = 50

  /// Runs a query of a checker's runbook with the values of its last run, read-only as every query is, and pins what it
  /// found to the alarm's history.
  package func run(
    _ cell: RunbookCell, of id: QualifiedName, author: String
  ) async throws(ServiceError) -> RunbookResult {
    guard let stored = try await reading({ () async throws(StoreError) in try await store.checker(id) }) else {
      throw .notFound("there is no checker '\(id)'")
    }
    guard let summary = stored.lastRun,
      let run = try await reading({ () async throws(StoreError) in try await store.run(summary.id) })
    else { throw RunbookBinding.problem("the checker has not run yet: its queries take values from its last run") }
    let definitions = try await definitions()
    let (source, sql) = try query(cell, stored.checker, definitions)
    let values = RunbookValues(run)
    let dialect = try await engine(for: source).dialect
    let bound = try RunbookBinding(values: values, dialect: dialect).apply(to: sql)
    let preview = try await preview(bound, on: source, rows: Self.runbookRows, isDataset: false)
    let entry = AlarmEntry(at: now(), kind: .runbook, author: author, text: Self.pin(cell, preview))
    try await reading { () async throws(StoreError) in try await store.note(entry, of: id) }
    announce(CheckerNews(checker: id, kind: .edited))
    return RunbookResult(dataSource: source, sql: bound, preview: preview)
  }

  private func query(
    _ cell: RunbookCell, _ checker: Checker, _ definitions: Definitions
  ) throws(ServiceError) -> (source: String, sql: String) {
    switch cell.source {
    case .sql(let named?):
      if definitions.dataSources[named] == nil {
        let nearest = Spelling.nearest(to: named, among: Array(definitions.dataSources.keys))
        throw RunbookBinding.problem(
          "there is no data source '\(named)'" + (nearest.map { "; did you mean '\($0)'?" } ?? ""))
      }
      return (named, cell.text)
    case .sql(nil):
      let asked = definitions.sources(of: checker).sorted()
      guard asked.count == 1, let source = asked.first else {
        throw RunbookBinding.problem("say on which data source: write ```sql NAME")
      }
      return (source, cell.text)
    case .dataset(let name):
      guard case .found(let source, .query(let sql)) = definitions.resolve(name, of: checker) else {
        throw RunbookBinding.problem(definitions.unknown(name, checker.id.namespace))
      }
      if cell.text.allSatisfy(\.isWhitespace) { return (source.name, sql) }
      return (source.name, "SELECT * FROM \(RowSource.subquery(sql)) WHERE \(cell.text)")
    }
  }

  private static let pinnedRows = 5
  private static let pinnedValue = 60

  /// `dataset users, 3 rows` and the first of them.
  private static func pin(_ cell: RunbookCell, _ preview: DatasetPreview) -> String {
    let rows = preview.rows
    let count = preview.totalRows.map { $0 == 1 ? "1 row" : "\($0) rows" } ?? "more than \(rows.rowCount) rows"
    var lines = ["\(cell.title), \(count)"]
    if rows.rowCount > 0 { lines.append(rows.columns.map(\.name).joined(separator: " | ")) }
    for row in 0..<min(rows.rowCount, pinnedRows) {
      let values = rows.row(row).map { value in
        let text = value.text.replacing("\n", with: " ")
        return text.count > pinnedValue ? text.prefix(pinnedValue) + "…" : text
      }
      lines.append(values.joined(separator: " | "))
    }
    return String(lines.joined(separator: "\n").prefix(longestComment))
  }
}
