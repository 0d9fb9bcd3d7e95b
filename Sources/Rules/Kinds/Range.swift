import Domain

struct Range: RuleKind {
  let key = "range"
  let title = "range"
  let help = """
    Counts the rows whose column is below `min` or above `max`; both bounds belong to the range unless `exclusive` is \
    true. NULL does not count. In PostgreSQL and DuckDB NaN is above every number. Dates are written as text.
    """
  let parameters = [
    RuleParameter("column", label: "Column", kind: .column, isRequired: true),
    RuleParameter("min", label: "At least", kind: .scalar),
    RuleParameter("max", label: "At most", kind: .scalar),
    RuleParameter("exclusive", label: "Bounds do not belong to the range", kind: .boolean),
  ]

  func problems(with rule: Rule) -> [RuleProblem] {
    if rule.scalar("min") == nil, rule.scalar("max") == nil {
      return [RuleProblem(field: "min", message: "'range' needs 'min', 'max' or both")]
    }
    if case .number(let low)? = rule.scalar("min"), case .number(let high)? = rule.scalar("max"), low > high {
      return [RuleProblem(field: "min", message: "'min' \(low) is above 'max' \(high)")]
    }
    if rule.scalar("min") == .null || rule.scalar("max") == .null {
      return [RuleProblem(field: "min", message: "a bound cannot be null; leave it out")]
    }
    return []
  }

  func subject(of rule: Rule) -> String {
    let words: String
    switch (rule.scalar("min"), rule.scalar("max"), rule.flag("exclusive")) {
    case (let low?, let high?, false): words = "outside \(low) to \(high)"
    case (let low?, let high?, true): words = "at most \(low) or at least \(high)"
    case (let low?, nil, false): words = "below \(low)"
    case (let low?, nil, true): words = "at most \(low)"
    case (nil, let high?, false): words = "above \(high)"
    case (nil, let high?, true): words = "at least \(high)"
    case (nil, nil, _): words = "out of range"
    }
    return "\(rule.column) \(words) in \(rule.place)"
  }

  func plan(_ rule: Rule, scan: Scan) -> RulePlan {
    let column = scan.quoted(rule.column)
    let (below, above) = rule.flag("exclusive") ? ("<=", ">=") : ("<", ">")
    let low = rule.scalar("min").map { "\(column) \(below) \(scan.dialect.literal($0))" }
    let high = rule.scalar("max").map { "\(column) \(above) \(scan.dialect.literal($0))" }
    return countPlan(scan, offence: [low, high].compactMap(\.self).joined(separator: " OR "))
  }
}
