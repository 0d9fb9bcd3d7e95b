package import Domain

/// Asks which rows fail a rule, by the columns that tell rows apart, and which rows are there at all.
///
/// Keys are compared as texts, which the database makes: no two ways of writing a value can disagree, whatever its
/// type.
package struct RowKeys: Sendable {
  package struct Statement: Hashable, Sendable {
    package var sql: String
    /// Texts of users that must pass the guard alone first.
    package var guarded: [String]
  }

  private let columns: [String]
  private let dialect: SQLDialect

  package init(columns: [String], dialect: SQLDialect) {
    self.columns = columns.sorted()
    self.dialect = dialect
  }

  /// Whether rows can be told apart by what a rule finds: it counts rows that are wrong.
  package static func canTell(_ rule: Rule) -> Bool {
    RuleCatalogue.kind(rule.check)?.hasFailingRows ?? false
  }

  /// Why a checker can have no alarm per row; `nil` when it can, or wants none.
  package static func problem(with checker: Checker) -> String? {
    if checker.alarm.perRow.isEmpty { return nil }
    switch checker.body {
    case .rules(let rules) where rules.isEmpty || rules.contains(where: canTell): return nil
    case .rules:
      let kinds = RuleCatalogue.kinds.filter(\.hasFailingRows).map(\.key).joined(separator: ", ")
      return "no rule here tells which rows fail: use one of \(kinds), or leave per_row out"
    case .script, .module, .heartbeat:
      return "only rules tell which rows fail: leave per_row out, or write the checker as rules"
    }
  }

  /// The keys of the rows that fail the rule, those in `known` first, and in the last column how many there are in all.
  package func failing(_ request: PushDown.Request, known: [RowKey], limit: Int) -> Statement? {
    let (plan, scan, guarded) = plan(request.rule, request.source)
    let from: String
    if let rows = plan.failingRows {
      from = rows
    } else if case .rows(let condition)? = plan.sample {
      from = scan.source + (condition.map { scan.whereClause($0) } ?? scan.whereClause())
    } else {
      return nil
    }
    let first = matching(known).map { "CASE WHEN \($0) THEN 0 ELSE 1 END, " } ?? ""
    return Statement(
      sql: """
        SELECT \(names), count(*) OVER () FROM (SELECT DISTINCT \(selection) FROM \(from)) AS found \
        ORDER BY \(first)\(names) LIMIT \(limit)
        """, guarded: guarded)
  }

  /// Those of `keys` that are in the rows of `source`, whether they fail or not.
  package func present(_ keys: [RowKey], in source: RowSource) -> Statement? {
    guard let condition = matching(keys) else { return nil }
    // Any rule will do: it is the source that is asked.
    let (_, scan, guarded) = plan(Rule(check: "no_rows", dataset: ""), source)
    return Statement(
      sql: """
        SELECT \(names) FROM (SELECT DISTINCT \(selection) FROM \(scan.source)\(scan.whereClause())) AS found \
        WHERE \(condition)
        """, guarded: guarded)
  }

  /// The keys that such a statement found; `nil` when the answer has another shape.
  package func keys(_ rows: ResultSet) -> [RowKey]? {
    guard rows.columns.count >= columns.count else { return nil }
    return (0..<rows.rowCount).map { row in
      RowKey(
        columns.enumerated().map { index, column in
          let cell = rows.cell(row: row, column: index)
          return RowKey.Field(column, cell == .null ? nil : cell.text)
        })
    }
  }

  /// How many rows fail in all, from the answer to `failing`.
  package func total(_ rows: ResultSet) -> Int {
    guard rows.rowCount > 0, rows.columns.count == columns.count + 1 else { return rows.rowCount }
    return Int(rows.cell(row: 0, column: columns.count).count)
  }

  private var names: String { columns.indices.map { "k\($0)" }.joined(separator: ", ") }

  private var selection: String {
    columns.enumerated().map { index, column in "\(text(dialect.quoted(column))) AS k\(index)" }.joined(separator: ", ")
  }

  /// SQLite's cast keeps a column's collation, under which texts that differ may be equal.
  private func text(_ column: String) -> String {
    dialect == .sqlite ? "(\(dialect.asText(column)) || '')" : dialect.asText(column)
  }

  private func matching(_ keys: [RowKey]) -> String? {
    let known = keys.filter { key in
      key.columns == columns && !key.fields.contains { $0.value?.contains("\0") ?? false }
    }
    if known.isEmpty { return nil }
    let conditions = known.map { key in
      let parts = key.fields.enumerated().map { index, field in
        field.value.map { "k\(index) = \(dialect.literal(.text($0)))" } ?? "k\(index) IS NULL"
      }
      return parts.count == 1 ? parts[0] : "(\(parts.joined(separator: " AND ")))"
    }
    return "(\(conditions.joined(separator: " OR ")))"
  }

  private func plan(_ rule: Rule, _ source: RowSource) -> (RulePlan, Scan, [String]) {
    var rule = rule
    // The dataset's columns alone may be named, also where its table has more.
    rule.keys = columns
    let plan = PushDown.plan([.init(rule: rule, source: source)], dialect: dialect)
    return (plan.plans[0], plan.scans[0], plan.guarded[0])
  }
}
