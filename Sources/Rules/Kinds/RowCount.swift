import Domain

struct RowCount: RuleKind {
  let key = "row_count"
  let hasFailingRows = false
  let title = "row count"
  let help = """
    Counts the rows of the dataset, or those for which `where` is true. Without a threshold there must be at least one. \
    No rows is the number 0, compared like any other.
    """
  let parameters: [RuleParameter] = []
  let takesPercent = false
  let defaultThreshold: Threshold? = .greaterThan(ExactDecimal(0))

  func subject(of rule: Rule) -> String { "row count of \(rule.place)" }

  func plan(_ rule: Rule, scan: Scan) -> RulePlan {
    RulePlan(metrics: [.aggregate(scan.count())], sample: .rows(condition: nil)) { values in
      .value(values[0])
    }
  }
}
