package import Domain

/// Makes a rule's assertion out of what was measured.
package enum Verdict {
  package static func assertion(for rule: Rule, measured: Measurement) -> Assertion {
    guard let kind = RuleCatalogue.kind(rule.check) else {
      return errored(rule, "there is no check '\(rule.check)'")
    }
    switch measured {
    case .unusable(let reason): return errored(rule, reason)
    case .empty: return empty(rule, kind)
    case .count(let count, let total): return counted(count, of: total, rule, kind)
    case .value(let cell): return valued(cell, rule, kind)
    }
  }

  /// The assertion of a rule that could not be evaluated.
  package static func errored(_ rule: Rule, _ reason: String) -> Assertion {
    Assertion(
      name: name(of: rule), check: rule.check, dataset: rule.dataset, outcome: .errored, message: reason,
      observed: nil, expected: expectation(of: rule))
  }

  /// The rule's own name, or its sentence.
  package static func name(of rule: Rule) -> String { rule.name ?? sentence(for: rule) }

  /// `missing email in users must be less than 1%`.
  package static func sentence(for rule: Rule) -> String {
    guard let kind = RuleCatalogue.kind(rule.check) else { return rule.check }
    return "\(kind.subject(of: rule)) must be \(expectation(of: rule))"
  }

  /// `less than 42 rows`.
  package static func expectation(of rule: Rule) -> String {
    guard let kind = RuleCatalogue.kind(rule.check), let threshold = rule.threshold ?? kind.defaultThreshold else {
      return "evaluated"
    }
    let unit = rule.percent ? "%" : kind.unit(of: rule)
    return threshold.description(unit: unit.isEmpty || unit == "%" ? unit : " \(unit)")
  }

  private static func counted(_ count: Int64, of total: Int64, _ rule: Rule, _ kind: any RuleKind) -> Assertion {
    if total == 0, rule.onEmpty != nil { return empty(rule, kind) }
    guard let threshold = rule.threshold ?? kind.defaultThreshold else { return errored(rule, "has no threshold") }
    if rule.percent {
      // Of no rows, no share is wrong: 0 %.
      let holds =
        total == 0
        ? threshold.holds(for: ExactDecimal(0))
        : threshold.holds(for: ExactDecimal(count).multiplied(by: ExactDecimal(100)), of: ExactDecimal(total))
      let hasRecovered = rule.recovery.map { recovery in
        total == 0
          ? recovery.holds(for: ExactDecimal(0))
          : recovery.holds(for: ExactDecimal(count).multiplied(by: ExactDecimal(100)), of: ExactDecimal(total))
      }
      let percentage = total == 0 ? 0 : Double(count) * 100 / Double(total)
      return judged(
        rule, holds: holds, hasRecovered: hasRecovered,
        Observation(.double((percentage * 1e6).rounded() / 1e6), unit: "%"))
    }
    return judged(
      rule, holds: threshold.holds(for: ExactDecimal(count)),
      hasRecovered: rule.recovery?.holds(for: ExactDecimal(count)),
      Observation(.integer(count), unit: kind.unit(of: rule)))
  }

  private static func valued(_ cell: Cell, _ rule: Rule, _ kind: any RuleKind) -> Assertion {
    guard let threshold = rule.threshold ?? kind.defaultThreshold else { return errored(rule, "has no threshold") }
    guard let number = cell.exactDecimal else {
      return errored(rule, "measured \(cell.text), which no threshold can be compared with")
    }
    if number.isZero, rule.onEmpty != nil, kind.unit(of: rule) == "rows" { return empty(rule, kind) }
    return judged(
      rule, holds: threshold.holds(for: number), hasRecovered: rule.recovery?.holds(for: number),
      Observation(cell, unit: kind.unit(of: rule)))
  }

  private static func judged(_ rule: Rule, holds: Bool, hasRecovered: Bool?, _ observed: Observation) -> Assertion {
    let outcome: Outcome = holds ? .passed : rule.level == .warn ? .warned : .failed
    return Assertion(
      name: name(of: rule), check: rule.check, dataset: rule.dataset, outcome: outcome,
      message: message(for: rule, outcome: outcome, found: observed.text), observed: observed,
      expected: expectation(of: rule), remark: holds && hasRecovered == false ? .notRecovered : nil)
  }

  private static func empty(_ rule: Rule, _ kind: any RuleKind) -> Assertion {
    let found = "there was nothing to measure"
    let outcome: Outcome =
      switch rule.onEmpty ?? kind.defaultOnEmpty {
      case .pass: .passed
      case .warn: .warned
      case .fail: rule.level == .warn ? .warned : .failed
      case .error: .errored
      }
    return Assertion(
      name: name(of: rule), check: rule.check, dataset: rule.dataset, outcome: outcome,
      message: outcome == .errored
        ? "\(kind.subject(of: rule)): \(found), and on_empty says that this is an error"
        : message(for: rule, outcome: outcome, found: found, joint: ": "), observed: nil,
      expected: expectation(of: rule),
      remark: .noData)
  }

  /// The user's own message as it stands, or a sentence with what was found.
  private static func message(
    for rule: Rule, outcome: Outcome, found: String, joint: String = " is "
  ) -> String {
    if let message = rule.message, !message.isEmpty { return message }
    guard let kind = RuleCatalogue.kind(rule.check) else { return found }
    return outcome == .passed
      ? "\(kind.subject(of: rule))\(joint)\(found)"
      : "\(kind.subject(of: rule))\(joint)\(found), must be \(expectation(of: rule))"
  }
}
