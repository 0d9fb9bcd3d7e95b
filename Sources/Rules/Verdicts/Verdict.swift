package import Domain

/// Makes a rule's assertion out of what was measured.
package enum Verdict {
  package static func assertion(for rule: Rule, measured: Measurement) -> Assertion {
    guard let kind = RuleCatalogue.kind(rule.check) else {
      return errored(rule, "there is no check '\(rule.check)'")
    }
    switch finding(measured, rule, kind) {
    case .errored(let reason): return errored(rule, reason)
    case .empty(let outcome): return empty(rule, kind, outcome)
    case .judged(let holds, let hasRecovered, let observed, let objection):
      return judged(rule, holds: holds, hasRecovered: hasRecovered, observed, objection)
    }
  }

  /// The outcome alone, without the sentences that tell of it.
  package static func outcome(for rule: Rule, measured: Measurement) -> Outcome {
    guard let kind = RuleCatalogue.kind(rule.check) else { return .errored }
    switch finding(measured, rule, kind) {
    case .errored: return .errored
    case .empty(let outcome): return outcome
    case .judged(let holds, _, _, _): return outcome(of: rule, holds: holds)
    }
  }

  /// The assertion of a rule that could not be evaluated.
  package static func errored(_ rule: Rule, _ reason: String) -> Assertion {
    Assertion(
      name: name(of: rule), check: rule.check, dataset: rule.dataset, outcome: .errored, message: reason,
      observed: nil, expected: expectations(of: rule))
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
    return words(threshold, of: rule, kind)
  }

  /// `green again at less than 5 rows`; `nil` for a rule without a threshold for that.
  package static func recovery(of rule: Rule) -> String? {
    guard let kind = RuleCatalogue.kind(rule.check) else { return nil }
    return rule.recovery.map { "green again at \(words($0, of: rule, kind))" }
  }

  private static func words(_ threshold: Threshold, of rule: Rule, _ kind: any RuleKind) -> String {
    let unit = rule.percent ? "%" : kind.unit(of: rule)
    return threshold.description(unit: unit.isEmpty || unit == "%" ? unit : " \(unit)")
  }

  /// `less than 42 rows; green again at less than 5 rows`.
  private static func expectations(of rule: Rule) -> String {
    [expectation(of: rule), recovery(of: rule)].compactMap(\.self).joined(separator: "; ")
  }

  /// What a measurement says, before it is put in words.
  private enum Finding {
    case errored(String)
    case empty(Outcome)
    case judged(holds: Bool, hasRecovered: Bool?, Observation, objection: String? = nil)
  }

  private static func finding(_ measured: Measurement, _ rule: Rule, _ kind: any RuleKind) -> Finding {
    switch measured {
    case .unusable(let reason): return .errored(reason)
    case .empty: return .empty(outcomeOfNothing(rule, kind))
    case .count(let count, let total):
      if total == 0, rule.onEmpty != nil { return .empty(outcomeOfNothing(rule, kind)) }
      guard let threshold = rule.threshold ?? kind.defaultThreshold else { return .errored("has no threshold") }
      return rule.percent
        ? share(count, of: total, rule, threshold)
        : judgement(ExactDecimal(count), .integer(count), rule, kind, threshold)
    case .value(let cell):
      guard let threshold = rule.threshold ?? kind.defaultThreshold else { return .errored("has no threshold") }
      guard let number = cell.exactDecimal else {
        return .errored("measured \(cell.text), which no threshold can be compared with")
      }
      if number.isZero, rule.onEmpty != nil, kind.unit(of: rule) == "rows" {
        return .empty(outcomeOfNothing(rule, kind))
      }
      return judgement(number, cell, rule, kind, threshold)
    }
  }

  private static func judgement(
    _ number: ExactDecimal, _ cell: Cell, _ rule: Rule, _ kind: any RuleKind, _ threshold: Threshold
  ) -> Finding {
    let objection = kind.objection(to: number, rule)
    let bounds = bounds(rule, threshold)
    let distinct = distinct(cell.text) { shown in bounds.allSatisfy { order(shown, $0) == order(number, $0) } }
    return .judged(
      holds: objection == nil && threshold.holds(for: number), hasRecovered: rule.recovery?.holds(for: number),
      Observation(cell, unit: kind.unit(of: rule), distinct: distinct), objection: objection)
  }

  /// Of no rows, no share is wrong: 0 %.
  private static func share(_ count: Int64, of total: Int64, _ rule: Rule, _ threshold: Threshold) -> Finding {
    func holds(_ threshold: Threshold) -> Bool {
      total == 0
        ? threshold.holds(for: ExactDecimal(0))
        : threshold.holds(for: ExactDecimal(count).multiplied(by: ExactDecimal(100)), of: ExactDecimal(total))
    }
    let hundredfold = ExactDecimal(count).multiplied(by: ExactDecimal(100))
    let bounds = bounds(rule, threshold)
    func agrees(_ shown: ExactDecimal) -> Bool {
      bounds.allSatisfy { order(shown, $0) == order(hundredfold, $0.multiplied(by: ExactDecimal(total))) }
    }
    let exact = total == 0 ? 0 : Double(count) * 100 / Double(total)
    let rounded = (exact * 1e6).rounded() / 1e6
    let percentage = total == 0 || ExactDecimal(rounded).map(agrees) == true ? rounded : exact
    let distinct = total == 0 ? nil : distinct(NumberText.plain("\(percentage)"), agrees)
    return .judged(
      holds: holds(threshold), hasRecovered: rule.recovery.map(holds),
      Observation(.double(percentage), unit: "%", distinct: distinct))
  }

  /// What a number is compared with.
  private static func bounds(_ rule: Rule, _ threshold: Threshold) -> [ExactDecimal] {
    threshold.bounds + (rule.recovery?.bounds ?? [])
  }

  private static func order(_ left: ExactDecimal, _ right: ExactDecimal) -> Int {
    left < right ? -1 : left == right ? 0 : 1
  }

  /// The number with more digits, where its usual ones would contradict what is said of it.
  private static func distinct(_ text: String, _ agrees: (ExactDecimal) -> Bool) -> String? {
    guard let usual = ExactDecimal(NumberText.short(text)), !agrees(usual) else { return nil }
    let text = NumberText.plain(text)
    return NumberText.short(text, agrees: agrees)
  }

  private static func outcomeOfNothing(_ rule: Rule, _ kind: any RuleKind) -> Outcome {
    switch rule.onEmpty ?? kind.defaultOnEmpty {
    case .pass: .passed
    case .warn: .warned
    case .fail: rule.level == .warn ? .warned : .failed
    case .error: .errored
    }
  }

  private static func outcome(of rule: Rule, holds: Bool) -> Outcome {
    holds ? .passed : rule.level == .warn ? .warned : .failed
  }

  private static func judged(
    _ rule: Rule, holds: Bool, hasRecovered: Bool?, _ observed: Observation, _ objection: String?
  ) -> Assertion {
    let outcome = outcome(of: rule, holds: holds)
    return Assertion(
      name: name(of: rule), check: rule.check, dataset: rule.dataset, outcome: outcome,
      message: [
        message(for: rule, outcome: outcome, found: observed.text, isNear: holds && hasRecovered == false), objection,
      ].compactMap(\.self).joined(separator: "; "), observed: observed,
      expected: expectations(of: rule), remark: holds && hasRecovered == false ? .notRecovered : nil)
  }

  private static func empty(_ rule: Rule, _ kind: any RuleKind, _ outcome: Outcome) -> Assertion {
    let found = "there was nothing to measure"
    return Assertion(
      name: name(of: rule), check: rule.check, dataset: rule.dataset, outcome: outcome,
      message: outcome == .errored
        ? "\(kind.subject(of: rule)): \(found), which is an error\(rule.onEmpty == nil ? " unless on_empty says otherwise" : ", as on_empty says")"
        : message(for: rule, outcome: outcome, found: found, joint: ": "), observed: nil,
      expected: expectations(of: rule),
      remark: .noData)
  }

  /// The user's own message as it stands, or a sentence with what was found.
  private static func message(
    for rule: Rule, outcome: Outcome, found: String, joint: String = " is ", isNear: Bool = false
  ) -> String {
    if let message = rule.message, !message.isEmpty { return message }
    guard let kind = RuleCatalogue.kind(rule.check) else { return found }
    if outcome == .passed {
      let more = isNear ? recovery(of: rule).map { "; \($0)" } ?? "" : ""
      return "\(kind.subject(of: rule))\(joint)\(found)\(more)"
    }
    return "\(kind.subject(of: rule))\(joint)\(found), must be \(expectations(of: rule))"
  }
}
