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
    let values = rule.list("values").filter { $0 != .null }.map(scan.dialect.literal).joined(separator: ", ")
    return countPlan(scan, offence: "\(scan.quoted(rule.column)) NOT IN (\(values))")
  }
}
