import Domain

struct Condition: RuleKind {
  let key = "condition"
  let title = "condition"
  let help = """
    A SQL condition that must hold for each row: counts the rows for which it is false. Where it is NULL (unknown) the \
    row does not count; write `coalesce(..., false)` to count it.
    """
  let parameters = [
    RuleParameter("condition", label: "Condition", kind: .sql, isRequired: true, aliases: ["expression", "sql"])
  ]

  func subject(of rule: Rule) -> String { "rows that break \(rule.text("condition") ?? "") in \(rule.place)" }

  func plan(_ rule: Rule, scan: Scan) -> RulePlan {
    countPlan(scan, offence: "NOT (\(rule.text("condition") ?? "")\n)")
  }
}
