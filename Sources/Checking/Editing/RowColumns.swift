package import Domain
import Rules

/// Asks whether datasets have the columns that tell their rows apart.
package struct RowColumns: Sendable {
  private let definitions: Definitions
  private let engines: EnginePool
  private let isTrial: Bool

  /// `isTrial`: the data sources may be others than those that are stored, and are connected to apart.
  package init(definitions: Definitions, engines: EnginePool, isTrial: Bool = false) {
    self.definitions = definitions
    self.engines = engines
    self.isTrial = isTrial
  }

  /// Columns of `keys` and `per_row` that a dataset lacks. A data source that cannot be asked says nothing against a checker: its
  /// runs will tell.
  package func problems(with checker: Checker) async -> [FieldProblem] {
    var known: [String: [String]] = [:]
    var told = Set<String>()
    var problems: [FieldProblem] = []
    for (index, rule) in checker.body.rules.enumerated() {
      let perRow = RowKeys.canTell(rule) ? checker.alarm.perRow : []
      if rule.keys.isEmpty, perRow.isEmpty { continue }
      if known[rule.dataset] == nil {
        guard case .found(let source, let rows) = definitions.resolve(rule.dataset, of: checker),
          let columns = await columns(of: rows, on: source)
        else { continue }
        known[rule.dataset] = columns
      }
      guard let columns = known[rule.dataset] else { continue }
      problems += rule.keys.filter { !columns.contains($0) }.map {
        missing($0, rule.dataset, columns, "rules[\(index)].keys")
      }
      if told.insert(rule.dataset).inserted {
        problems += perRow.filter { !columns.contains($0) }.map {
          missing($0, rule.dataset, columns, "alarm.per_row")
        }
      }
    }
    return problems
  }

  private func missing(
    _ column: String, _ dataset: String, _ columns: [String], _ field: String
  ) -> FieldProblem {
    let help =
      Spelling.nearest(to: column, among: columns).map { "did you mean '\($0)'?" }
      ?? "its columns are \(columns.prefix(30).joined(separator: ", "))"
    return FieldProblem(field: field, message: "'\(dataset)' has no column '\(column)'; \(help)")
  }

  private func columns(of rows: RowSource, on source: DataSource) async -> [String]? {
    if isTrial {
      guard let engine = try? engines.openAlone(source) else { return nil }
      let columns = try? await engine.describe(rows.selectAll(engine.dialect)).map(\.name)
      await engine.close()
      return columns
    }
    guard let engine = try? await engines.engine(for: source) else { return nil }
    return try? await engine.describe(rows.selectAll(engine.dialect)).map(\.name)
  }
}
