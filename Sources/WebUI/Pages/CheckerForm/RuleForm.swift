import Checking
import Domain
import Foundation
import Rules

/// One rule as it stands in the form: what was typed, right or wrong.
struct RuleForm: Sendable, Hashable {
  var check = "row_count"
  var dataset = ""
  var name = ""
  var message = ""
  var level = Level.fail
  var filter = ""
  var percent = false
  /// A key of `Threshold.keys`; empty takes the kind's default.
  var threshold = ""
  var low = ""
  var high = ""
  /// The same for what must be before a red alarm counts as well again; empty takes the threshold.
  var recovery = ""
  var recoveryLow = ""
  var recoveryHigh = ""
  /// The form came with fields for it.
  var showsRecovery = false
  var onEmpty = ""
  var keys = ""
  var sampleSize = ""
  /// By the parameter's key.
  var parameters: [String: String] = [:]

  init(check: String, dataset: String) {
    self.check = check
    self.dataset = dataset
  }

  init(_ form: FormData) {
    check = form.trimmed("check")
    dataset = form.trimmed("dataset")
    name = form.trimmed("name")
    message = form.trimmed("message").replacing("\r\n", with: "\n")
    level = Level(rawValue: form["level"]) ?? .fail
    filter = form.trimmed("where").replacing("\r\n", with: "\n")
    percent = form["percent"] == "true"
    threshold = form["threshold"]
    low = form.trimmed("low")
    high = form.trimmed("high")
    recovery = form["recovery"]
    recoveryLow = form.trimmed("recovery_low")
    recoveryHigh = form.trimmed("recovery_high")
    showsRecovery = form.has("recovery")
    onEmpty = form["on_empty"]
    keys = form.trimmed("keys")
    sampleSize = form.trimmed("sample_size")
    for field in form.fields where field.name.hasPrefix("p.") && !field.value.isEmpty {
      parameters[String(field.name.dropFirst(2))] = field.value.replacing("\r\n", with: "\n")
    }
  }

  /// What a form that does not show the rule sends along, so that it is not lost: read back by `init`.
  var fields: [(name: String, value: String)] {
    let fields = [
      ("check", check), ("dataset", dataset), ("name", name), ("message", message), ("level", level.rawValue),
      ("where", filter), ("percent", percent ? "true" : ""), ("threshold", threshold), ("low", low), ("high", high),
      ("on_empty", onEmpty), ("keys", keys), ("sample_size", sampleSize),
    ]
    let recoveries = [("recovery", recovery), ("recovery_low", recoveryLow), ("recovery_high", recoveryHigh)]
    return fields.filter { !$0.1.isEmpty } + (showsRecovery ? recoveries : [])
      + parameters.sorted { $0.key < $1.key }.map { ("p.\($0.key)", $0.value) }
  }

  init(_ rule: Rule) {
    check = rule.check
    dataset = rule.dataset
    name = rule.name ?? ""
    message = rule.message ?? ""
    level = rule.level
    filter = rule.filter ?? ""
    percent = rule.percent
    threshold = rule.threshold?.key ?? ""
    low = rule.threshold?.bounds.first?.description ?? ""
    high = rule.threshold.flatMap { $0.bounds.count > 1 ? $0.bounds[1].description : nil } ?? ""
    recovery = rule.recovery?.key ?? ""
    recoveryLow = rule.recovery?.bounds.first?.description ?? ""
    recoveryHigh = rule.recovery.flatMap { $0.bounds.count > 1 ? $0.bounds[1].description : nil } ?? ""
    showsRecovery = true
    onEmpty = rule.onEmpty?.rawValue ?? ""
    keys = ValueText.text(names: rule.keys)
    sampleSize = rule.sampleSize == Rule.defaultSampleSize ? "" : "\(rule.sampleSize)"
    for parameter in RuleCatalogue.kind(rule.check)?.parameters ?? [] {
      guard let value = rule.parameters[parameter.key] else { continue }
      parameters[parameter.key] = Self.text(value, parameter.kind)
    }
  }

  private static func text(_ value: Rule.Parameter, _ kind: RuleParameter.Kind) -> String {
    switch (value, kind) {
    case (.list(let values), .columns): ValueText.text(names: values.map(\.description))
    case (.list(let values), _): ValueText.text(values)
    case (.scalar(let value), .values), (.scalar(let value), .scalar): ValueText.text(value)
    case (.scalar(let value), _): value.description
    }
  }

  /// The rule, and what keeps it from being one; `problems` name fields as the file format does.
  func rule() -> (rule: Rule, problems: [FieldProblem]) {
    var problems: [FieldProblem] = []
    var rule = Rule(check: check, dataset: dataset)
    rule.name = name.isEmpty ? nil : name
    rule.message = message.isEmpty ? nil : message
    rule.level = level
    rule.filter = filter.isEmpty ? nil : filter
    rule.percent = percent && (RuleCatalogue.kind(check)?.takesPercent ?? false)
    rule.onEmpty = OnEmpty(rawValue: onEmpty)
    rule.keys = ValueText.names(keys)
    if !sampleSize.isEmpty {
      if let size = Int(sampleSize) {
        rule.sampleSize = size
      } else {
        problems.append(FieldProblem(field: "sample_size", message: "write a whole number, such as 20"))
      }
    }
    do {
      rule.threshold = try Self.threshold(threshold, low, high, field: "threshold")
    } catch {
      problems.append(error.problem)
    }
    do {
      rule.recovery = try Self.threshold(recovery, recoveryLow, recoveryHigh, field: "recovery")
    } catch {
      problems.append(error.problem)
    }
    for parameter in RuleCatalogue.kind(check)?.parameters ?? [] {
      do {
        rule.parameters[parameter.key] = try read(parameter)
      } catch {
        problems.append(error.problem)
      }
    }
    let known = Set(problems.map(\.field))
    problems += RuleValidation.problems(with: rule)
      .filter { !known.contains($0.field) && !(Threshold.keys.contains($0.field) && known.contains("threshold")) }
      .map { FieldProblem(field: $0.field, message: $0.message) }
    return (rule, problems)
  }

  private static func threshold(
    _ key: String, _ low: String, _ high: String, field: String
  ) throws(FieldError) -> Threshold? {
    if key.isEmpty { return nil }
    func number(_ text: String, _ what: String) throws(FieldError) -> ExactDecimal {
      if let number = ExactDecimal(text) { return number }
      let found = text.isEmpty ? "" : ", not '\(text)'"
      throw FieldError(field, "the \(what) is a number such as 42 or 0.5\(found)")
    }
    let isRange = key.hasSuffix("between")
    let bounds =
      isRange
      ? [try number(low, "lower bound"), try number(high, "upper bound")] : [try number(low, "bound")]
    guard let threshold = Threshold(key: key, bounds: bounds) else {
      throw FieldError(field, "there is no comparison '\(key)'")
    }
    return threshold
  }

  private func read(_ parameter: RuleParameter) throws(FieldError) -> Rule.Parameter? {
    let text = parameters[parameter.key] ?? ""
    if text.allSatisfy(\.isWhitespace) { return nil }
    switch parameter.kind {
    case .column, .text, .choice: return .scalar(.text(text.trimmingCharacters(in: .whitespaces)))
    case .pattern, .sql: return .scalar(.text(text))
    case .columns: return .list(ValueText.names(text).map(Scalar.text))
    case .scalar: return .scalar(ValueText.scalar(text))
    case .boolean: return text == "true" ? .scalar(.boolean(true)) : nil
    case .values:
      guard let values = ValueText.list(text) else {
        throw FieldError(parameter.key, "a quotation mark has no end")
      }
      return values.isEmpty ? nil : .list(values)
    }
  }
}

/// Why a field could not be read.
private struct FieldError: Error {
  var problem: FieldProblem

  init(_ field: String, _ message: String) { problem = FieldProblem(field: field, message: message) }
}
