import Domain

struct Unique: RuleKind {
  let key = "unique"
  let title = "unique"
  let help = """
    Counts the surplus rows: of three rows with the same value, two are surplus. NULL equals nothing, so rows with a \
    NULL in one of the columns are left out, unless `nulls` is `equal`. The percentage is of the rows compared.
    """
  let parameters = [
    RuleParameter("column", label: "Column", kind: .column),
    RuleParameter("columns", label: "Columns", help: "Together they must be unique.", kind: .columns),
    RuleParameter("nulls", label: "NULL", kind: .choice(["ignore", "equal"])),
  ]

  func problems(with rule: Rule) -> [RuleProblem] {
    if rule.columns.isEmpty { return [RuleProblem(field: "column", message: "'unique' needs 'column' or 'columns'")] }
    if rule.parameters["column"] != nil, rule.parameters["columns"] != nil {
      return [RuleProblem(field: "columns", message: "'unique' takes 'column' or 'columns', not both")]
    }
    var seen = Set<String>()
    if let twice = rule.columns.first(where: { !seen.insert($0).inserted }) {
      return [RuleProblem(field: "columns", message: "the column '\(twice)' stands here twice")]
    }
    return []
  }

  func subject(of rule: Rule) -> String {
    "duplicate \(rule.columns.joined(separator: ", ")) in \(rule.place)"
  }

  func plan(_ rule: Rule, scan: Scan) -> RulePlan {
    let columns = rule.columns.map(scan.quoted)
    let list = rule.columns.map(scan.comparable).joined(separator: ", ")
    let shown = zip(rule.columns, columns).map { column, quoted in
      scan.bytewise.contains(column) ? "\(scan.comparable(column)) AS \(quoted)" : quoted
    }
    let ignoresNulls = rule.text("nulls") != "equal"
    let present = ignoresNulls ? columns.map { "\($0) IS NOT NULL" }.joined(separator: " AND ") : "1 = 1"
    let statement =
      columns.count == 1 && ignoresNulls
      ? "SELECT count(\(list)) - count(DISTINCT \(list)), count(\(list)) FROM \(scan.source)\(scan.whereClause())"
      : """
      SELECT coalesce(sum(n), 0) - count(*), coalesce(sum(n), 0) FROM (SELECT count(*) AS n FROM \
      \(scan.source)\(scan.whereClause(present)) GROUP BY \(list)) AS counted
      """
    let sample = """
      SELECT \(shown.joined(separator: ", ")), count(*) AS "times" FROM \(scan.source)\(scan.whereClause(present)) \
      GROUP BY \(list) HAVING count(*) > 1 ORDER BY count(*) DESC, \(list)
      """
    let failing = """
      (SELECT \((["count(*) OVER (PARTITION BY \(list)) AS found_times"] + rule.keys.map(scan.quoted)).joined(separator: ", ")) \
      FROM \(scan.source)\(scan.whereClause(present))) AS counted WHERE found_times > 1
      """
    return RulePlan(metrics: [.statement(statement, columns: 2)], sample: .statement(sample), failingRows: failing) {
      values in
      .count(values[0].count, of: values[1].count)
    }
  }
}
