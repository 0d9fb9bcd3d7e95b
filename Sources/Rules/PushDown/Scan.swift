package import Domain

/// What a rule's metrics are computed over: some rows of a FROM.
package struct Scan: Hashable, Sendable {
  package var dialect: SQLDialect
  /// What stands after FROM.
  package var source: String
  /// Only rows for which this is true count; `nil`: all rows.
  package var condition: String?
  /// The columns that the dataset shows of a source that has more; `nil`: all.
  package var columns: [String]?
  /// Columns whose values are equal when their bytes are.
  package var bytewise: Set<String> = []

  package init(dialect: SQLDialect, source: String, condition: String?, columns: [String]? = nil) {
    self.dialect = dialect
    self.source = source
    self.condition = condition
    self.columns = columns
  }

  package func quoted(_ column: String) -> String { dialect.quoted(column) }

  /// The column in a form in which the database sorts and compares it fastest.
  package func comparable(_ column: String) -> String {
    bytewise.contains(column) ? "\(quoted(column)) COLLATE \"C\"" : quoted(column)
  }

  /// Rows within the scan for which all of `conditions` are true too.
  package func count(where conditions: String...) -> String {
    guard let all = conjunction(conditions) else { return "count(*)" }
    return "count(*) FILTER (WHERE \(all))"
  }

  /// Rows within the scan whose `expression` is not NULL.
  package func count(of expression: String) -> String { aggregate("count", expression) }

  package func aggregate(_ function: String, _ expression: String) -> String {
    guard let condition else { return "\(function)(\(expression))" }
    return "\(function)(\(expression)) FILTER (WHERE \(condition))"
  }

  /// `WHERE ...` with a space before it, or nothing.
  package func whereClause(_ conditions: String...) -> String {
    conjunction(conditions).map { " WHERE \($0)" } ?? ""
  }

  private func conjunction(_ conditions: [String]) -> String? {
    let all = (condition.map { [$0] } ?? []) + conditions
    if all.isEmpty { return nil }
    return all.count == 1 ? all[0] : all.map { "(\($0))" }.joined(separator: " AND ")
  }
}
