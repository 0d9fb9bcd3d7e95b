import Domain

struct AcceptedValues: RuleKind {
  let key = "accepted_values"
  let title = "accepted values"
  let help = """
    Counts the rows whose column is none of `values`. NULL is neither accepted nor refused: use `missing` for it. \
    The percentage is of all rows that `where` lets through.
    """
  let parameters = [
    RuleParameter("column", label: "Column", kind: .column, isRequired: true),
    RuleParameter("values", label: "Values", kind: .values, isRequired: true, aliases: ["accepted", "valid_values"]),
  ]

  func problems(with rule: Rule) -> [RuleProblem] {
    if rule.list("values").contains(where: { $0 != .null }) { return [] }
    return [RuleProblem(field: "values", message: "needs at least one value that is not null")]
  }

  func subject(of rule: Rule) -> String { "unaccepted \(rule.column) in \(rule.place)" }

  func plan(_ rule: Rule, scan: Scan) -> RulePlan {
    countPlan(scan, offence: Self.offence(rule, scan.dialect, column: scan.quoted(rule.column)))
  }

  /// True for a value that is none of the rule's.
  static func offence(_ rule: Rule, _ dialect: SQLDialect, column: String) -> String {
    let values = rule.list("values").filter { $0 != .null }.map(dialect.literal).joined(separator: ", ")
    return "\(column) NOT IN (\(values))"
  }
}
