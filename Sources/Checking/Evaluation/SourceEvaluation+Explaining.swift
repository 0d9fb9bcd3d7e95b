import Domain
import Rules

extension SourceEvaluation {
  /// What to tell of an error before there is anybody to ask about it.
  func explain(_ error: QueryError, _ item: Item) -> String {
    if error.kind == .unknownTable, case .table = item.request.source {
      return item.unknownTable()
    }
    return error.told(of: source)
  }

  /// Adds what the database knows: the nearest column, or where in the rule a table is named that is not there.
  func explainFully(_ error: QueryError, _ item: Item, _ engine: any QueryEngine) async -> String {
    if error.kind == .unknownTable, let field = await fieldOfUnknownTable(item.request, engine) {
      return "\(field): \(error.told(of: source))"
    }
    if item.request.rule.check == "metric", error.isAboutGrouping {
      return "expression: must be an aggregate over the rows, such as max(n): \(error.told(of: source))"
    }
    let text = explain(error, item)
    if error.code == "42883", ["accepted_values", "range"].contains(item.request.rule.check) {
      return "\(text); if the column is text, write numbers in quotes, as in \"9\""
    }
    guard error.kind == .unknownColumn, error.hint == nil else { return text }
    let sql = item.request.source.selectAll(engine.dialect)
    guard let columns = try? await engine.describe(sql).map(\.name) else { return text }
    let wanted = item.request.rule.parameters["column"].flatMap { parameter -> String? in
      if case .scalar(.text(let name)) = parameter { name } else { nil }
    }
    if let wanted, !columns.contains(wanted), let nearest = Spelling.nearest(to: wanted, among: columns) {
      return "\(text); did you mean '\(nearest)'?"
    }
    return "\(text); its columns are \(columns.prefix(30).joined(separator: ", "))"
  }

  /// The field of the rule whose SQL names a table that is not there; `nil` when the rule's own rows are not there.
  private func fieldOfUnknownTable(_ request: PushDown.Request, _ engine: any QueryEngine) async -> String? {
    let fields = request.rule.sqlFields
    guard let last = fields.last, await engine.knows(request.source) else { return nil }
    for field in fields.dropLast() {
      guard let sql = request.statement(of: field, engine.dialect) else { continue }
      do throws(QueryError) {
        _ = try await engine.describe(sql)
      } catch {
        if error.kind == .unknownTable { return field }
      }
    }
    return last
  }
}

extension QueryError {
  /// A column stands where only aggregates may: PostgreSQL's code, or DuckDB's words.
  fileprivate var isAboutGrouping: Bool { code == "42803" || message.contains("must appear in the GROUP BY clause") }
}

extension QueryEngine {
  /// Whether the rows are there, so that an unknown table is another one.
  func knows(_ rows: RowSource) async -> Bool { (try? await describe(rows.selectAll(dialect))) != nil }
}
