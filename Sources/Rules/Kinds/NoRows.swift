import Domain

struct NoRows: RuleKind {
  let key = "no_rows"
  let title = "is empty"
  let help = """
    For a dataset that selects what is wrong: each row that it returns is a failure, so by default there must be none. \
    `where` narrows the rows that count.
    """
  let parameters: [RuleParameter] = []
  let takesPercent = false

  func subject(of rule: Rule) -> String { "rows in \(rule.place)" }

  func plan(_ rule: Rule, scan: Scan) -> RulePlan {
    RulePlan(metrics: [.aggregate(scan.count())], sample: .rows(condition: nil)) { values in
      .value(values[0])
    }
  }
}
