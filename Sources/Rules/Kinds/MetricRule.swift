import Domain

struct MetricRule: RuleKind {
  let key = "metric"
  let hasFailingRows = false
  let title = "metric"
  let help = """
    Compares any aggregate over the dataset with a threshold: `avg(amount)`, `count(DISTINCT country)`, \
    `sum(paid) - sum(refunded)`. NULL is an error unless `on_empty` says otherwise, which \
    also decides where there are no rows. NaN and infinity are errors: no threshold can be compared with them.
    """
  let parameters = [
    RuleParameter("expression", label: "Expression", kind: .sql, isRequired: true, aliases: ["metric", "sql"])
  ]
  let takesPercent = false
  let defaultThreshold: Threshold? = nil
  let defaultOnEmpty = OnEmpty.error

  func problems(with rule: Rule) -> [RuleProblem] {
    guard let expression = rule.text("expression"), !AggregateWords.mayBeAggregate(expression) else { return [] }
    return [RuleProblem(field: "expression", message: "'\(expression)' \(AggregateWords.advice)")]
  }

  func subject(of rule: Rule) -> String { "\(rule.text("expression") ?? "") of \(rule.place)" }

  func unit(of rule: Rule) -> String { "" }

  func plan(_ rule: Rule, scan: Scan) -> RulePlan {
    let expression = rule.text("expression") ?? ""
    if let problem = AggregateWords.problem(with: expression, in: scan.dialect) {
      return RulePlan(metrics: [.aggregate(scan.count())], sample: nil) { _ in .unusable("expression: \(problem)") }
    }
    // A filter cannot be pushed into an expression of unknown shape, and DISTINCT would spoil the shared scan.
    let isShared = scan.condition == nil && !expression.lowercased().contains("distinct")
    // An aggregate of no rows need not be NULL: whether there was any is asked where it matters.
    let asksForRows = rule.onEmpty != nil
    let metrics: [Metric]
    if isShared {
      metrics = [.aggregate("(\(expression)\n)")] + (asksForRows ? [.aggregate(scan.count())] : [])
    } else {
      let count = asksForRows ? ", count(*)" : ""
      let sql =
        "SELECT (\(expression)\n)\(count) FROM \(scan.source)\(scan.whereClause())\(scan.dialect.oneRow)"
      metrics = [.statement(sql, columns: asksForRows ? 2 : 1)]
    }
    return RulePlan(metrics: metrics, sample: nil) { values in
      if asksForRows, values[1].count == 0 { return .empty }
      return switch values[0] {
      case .null: .empty
      case let value where value.exactDecimal != nil: .value(value)
      case .text(let text) where ExactDecimal(text) != nil: .value(.decimal(text))
      case .boolean(let flag): .value(.integer(flag ? 1 : 0))
      case let value: .unusable("the metric came back as \(value.text), which no threshold can be compared with")
      }
    }
  }
}
