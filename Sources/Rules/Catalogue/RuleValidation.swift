package import Domain

/// Looks a rule over before any database is asked.
package enum RuleValidation {
  /// Everything that is wrong with `rule`; empty when it can be planned.
  package static func problems(with rule: Rule) -> [RuleProblem] {
    guard let kind = RuleCatalogue.kind(rule.check) else {
      return [RuleProblem(field: "check", message: unknownCheck(rule.check))]
    }
    var problems: [RuleProblem] = []
    if rule.dataset.isEmpty {
      problems.append(RuleProblem(field: "dataset", message: "a rule needs the name of a dataset"))
    }
    problems += parameterProblems(rule, kind)
    if rule.percent, !kind.takesPercent {
      problems.append(RuleProblem(field: "percent", message: "'\(kind.key)' does not measure a share of rows"))
    }
    problems += thresholdProblems(rule, kind)
    if let recovery = rule.recovery, let problem = recoveryProblem(recovery, rule, kind) {
      problems.append(RuleProblem(field: "recovery", message: problem))
    }
    if let filter = rule.filter, let problem = SQLFragment.problem(with: filter, isAggregate: false) {
      problems.append(RuleProblem(field: "where", message: problem))
    }
    if !Rule.sampleSizes.contains(rule.sampleSize) {
      problems.append(
        RuleProblem(
          field: "sample_size", message: "must be from 0 to \(Rule.sampleSizes.upperBound), not \(rule.sampleSize)"))
    }
    if problems.isEmpty { problems += kind.problems(with: rule) }
    return problems
  }

  private static func unknownCheck(_ key: String) -> String {
    if key.isEmpty { return "a rule needs a check: one of \(RuleCatalogue.keys.joined(separator: ", "))" }
    let nearest = Spelling.nearest(to: key, among: RuleCatalogue.keys).map { "; did you mean '\($0)'?" } ?? ""
    return "there is no check '\(key)'\(nearest) The checks are \(RuleCatalogue.keys.joined(separator: ", "))"
      .replacing("? The", with: "? The").replacing("' The", with: "'. The")
  }

  private static func thresholdProblems(_ rule: Rule, _ kind: any RuleKind) -> [RuleProblem] {
    guard let threshold = rule.threshold else {
      if kind.defaultThreshold != nil { return [] }
      return [
        RuleProblem(
          field: "must_be_less_than",
          message: "'\(kind.key)' needs a threshold: one of \(Threshold.keys.joined(separator: ", "))")
      ]
    }
    let bounds = threshold.bounds
    if bounds.count == 2, bounds[0] > bounds[1] {
      return [
        RuleProblem(
          field: threshold.key, message: "the lower bound \(bounds[0]) is above the upper bound \(bounds[1])")
      ]
    }
    if rule.percent, let high = bounds.max(), high > ExactDecimal(100) {
      return [
        RuleProblem(field: threshold.key, message: "a percentage is from 0 to 100, so \(high) can never be reached")
      ]
    }
    if rule.percent, threshold == .greaterThan(ExactDecimal(100)) {
      return [
        RuleProblem(field: threshold.key, message: "a percentage is never above 100, so this can never hold")
      ]
    }
    if !rule.percent, kind.unit(of: rule) == "rows", let message = brokenCountProblem(threshold) {
      return [RuleProblem(field: threshold.key, message: message)]
    }
    let isCount = rule.percent || kind.unit(of: rule) == "rows"
    guard isCount, let message = negativeProblem(threshold, rule.percent ? "a percentage" : "a number of rows") else {
      return []
    }
    return [RuleProblem(field: threshold.key, message: message)]
  }

  /// What counts whole rows never is such a number.
  private static func brokenCountProblem(_ threshold: Threshold) -> String? {
    switch threshold {
    case .equal(let bound), .notEqual(let bound):
      guard "\(bound)".contains(".") else { return nil }
      return "a number of rows is whole, so it is never \(bound)"
    default: return nil
    }
  }

  /// What is never below 0 makes such a threshold hold always, or never.
  private static func negativeProblem(_ threshold: Threshold, _ measure: String) -> String? {
    if let low = threshold.bounds.min(), low < ExactDecimal(0) {
      return "\(measure) is never below 0, so \(low) decides nothing; "
        + "to measure and never fail, write must_be_greater_than_or_equal: 0"
    }
    if threshold == .lessThan(ExactDecimal(0)) { return "\(measure) is never below 0, so this can never hold" }
    return nil
  }

  /// A recovery threshold asks for more than the threshold: what meets it meets both.
  private static func recoveryProblem(_ recovery: Threshold, _ rule: Rule, _ kind: any RuleKind) -> String? {
    let bounds = recovery.bounds
    if bounds.count == 2, bounds[0] > bounds[1] {
      return "the lower bound \(bounds[0]) is above the upper bound \(bounds[1])"
    }
    guard let threshold = rule.threshold ?? kind.defaultThreshold else { return nil }
    let isRange = [recovery, threshold].allSatisfy {
      switch $0 {
      case .notEqual, .notBetween: false
      default: true
      }
    }
    // What lies within the recovery threshold and beyond the other would be red and well at once.
    guard isRange, let outside = bounds.first(where: { !threshold.admits($0) }) else { return nil }
    return "\(outside) is not \(threshold.description()), so the alarm would be red and well at once; "
      + "a recovery threshold lies within the threshold"
  }

  private static func parameterProblems(_ rule: Rule, _ kind: any RuleKind) -> [RuleProblem] {
    var problems: [RuleProblem] = []
    for parameter in kind.parameters {
      guard let value = rule.parameters[parameter.key] else {
        if parameter.isRequired {
          problems.append(RuleProblem(field: parameter.key, message: "'\(kind.key)' needs '\(parameter.key)'"))
        }
        continue
      }
      if let problem = parameter.problem(with: value) {
        problems.append(RuleProblem(field: parameter.key, message: problem))
      }
    }
    let known = kind.parameters.map(\.key)
    for key in rule.parameters.keys.sorted() where !known.contains(key) {
      let nearest = Spelling.nearest(to: key, among: known).map { "; did you mean '\($0)'?" } ?? ""
      problems.append(RuleProblem(field: key, message: "'\(kind.key)' has no '\(key)'\(nearest)"))
    }
    return problems
  }
}

extension RuleParameter {
  /// What is wrong with `value`, or `nil`.
  func problem(with value: Rule.Parameter) -> String? {
    switch (kind, value) {
    case (.column, .scalar(.text(let text))), (.text, .scalar(.text(let text))):
      return text.isEmpty ? "'\(key)' is empty" : Self.unprintable(text)
    case (.pattern, .scalar(.text(let text))):
      return text.isEmpty ? "'\(key)' is empty" : Self.unprintable(text)
    case (.columns, .list(let values)):
      if values.isEmpty { return "'\(key)' is empty" }
      return values.allSatisfy(\.isText) ? nil : "'\(key)' must be a list of column names"
    case (.columns, .scalar(.text(let text))): return text.isEmpty ? "'\(key)' is empty" : nil
    case (.values, .list(let values)):
      return values.isEmpty ? "'\(key)' is an empty list" : values.lazy.compactMap(\.problem).first
    case (.values, .scalar(let value)), (.scalar, .scalar(let value)): return value.problem
    case (.sql, .scalar(.text(let text))): return SQLFragment.problem(with: text, isAggregate: true)
    case (.boolean, .scalar(.boolean)): return nil
    case (.choice(let choices), .scalar(.text(let text))):
      if choices.contains(text) { return nil }
      let nearest = Spelling.nearest(to: text, among: choices).map { "; did you mean '\($0)'?" } ?? ""
      return "must be one of \(choices.joined(separator: ", ")), not '\(text)'\(nearest)"
    case (.boolean, _): return "must be true or false"
    case (.column, .list), (.text, .list), (.pattern, .list), (.sql, .list), (.scalar, .list), (.choice, .list):
      return "'\(key)' takes one value, not a list"
    default: return "'\(key)' must be text"
    }
  }

  private static func unprintable(_ text: String) -> String? {
    text.unicodeScalars.contains("\0") ? "has a NUL character, which no database takes" : nil
  }
}

extension Scalar {
  var isText: Bool {
    if case .text = self { true } else { false }
  }

  fileprivate var problem: String? {
    if case .text(let text) = self, text.unicodeScalars.contains("\0") {
      "has a NUL character, which no database takes"
    } else {
      nil
    }
  }
}
