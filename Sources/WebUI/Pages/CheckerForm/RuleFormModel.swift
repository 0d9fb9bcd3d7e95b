import Domain
import Rules

/// One rule of the form, as a sentence of selects.
struct RuleFormModel: Sendable {
  /// `rules[2]`, the start of each field's name.
  var path: String
  /// `rule-2`, the start of each field's `id`.
  var id: String
  var index: Int
  var number: Int
  var isFirst: Bool
  var isLast: Bool
  var datasets: [Group]
  var datasetProblem: String?
  var checks: [FormChoice]
  var checkProblem: String?
  var inline: [Input]
  var comparisons: [FormChoice]
  var low: String
  var high: String
  var thresholdProblem: String?
  var recoveries: [FormChoice]
  var recoveryLow: String
  var recoveryHigh: String
  var recoveryProblem: String?
  var takesPercent: Bool
  var isPercent: Bool
  var unit: String
  /// The unit follows the number; a parameter does not choose it.
  var hasUnitWord: Bool
  var message: String
  var isWarning: Bool
  /// HTML.
  var help: String
  var isOpen: Bool
  /// What is set under "More".
  var moreNote: String
  var more: [Input]
  var name: String
  var filter: String
  var filterProblem: String?
  var hasFilterLines: Bool
  var hasMessageLines: Bool
  var keys: String
  var keysProblem: String?
  var sampleSize: String
  var sampleProblem: String?
  var onEmpty: [FormChoice]
  var otherProblems: [String]
  var pill: RulePill

  struct Group: Sendable {
    var title: String
    var choices: [FormChoice]
  }

  /// A parameter of the rule's kind.
  struct Input: Sendable {
    var key: String
    var label: String
    var word: String?
    var value: String
    var hint: String?
    var problem: String?
    /// A select, when there is something to choose from.
    var choices: [FormChoice]?
    var isBoolean = false
    var isTrue = false
    var isCode = false
    var isWide = false
    /// A number or a date.
    var isNarrow = false
    var placeholder: String = ""

    // What kind of control it is; templates see stored properties only.
    var hasChoices = false
    var isText = true
    /// A text with line breaks, which a field of one line would lose.
    var isLines = false
  }

  init(
    _ form: RuleForm, at index: Int, of count: Int, choices: CheckerFormChoices, problems: FormProblems, pill: RulePill?
  ) {
    let kind = RuleCatalogue.kind(form.check)
    let columns = (choices.columns[form.dataset] ?? []).map(\.name)
    path = "rules[\(index)]"
    id = "rule-\(index)"
    self.index = index
    number = index + 1
    isFirst = index == 0
    isLast = index == count - 1
    datasets = Self.datasets(choices, chosen: form.dataset)
    datasetProblem = problems.at("dataset")
    checks = RuleCatalogue.kinds.map { FormChoice($0.key, $0.title, isChosen: $0.key == form.check) }
    if kind == nil { checks.insert(FormChoice(form.check, "check…", isChosen: true), at: 0) }
    checkProblem = problems.at("check")
    let inputs = (kind?.parameters ?? []).map { Self.input($0, form, columns: columns, problems: problems) }
    let isInline = (kind?.parameters ?? []).map(Self.isInline)
    inline = zip(inputs, isInline).filter(\.1).map(\.0)
    more = zip(inputs, isInline).filter { !$0.1 }.map(\.0)
    comparisons = Self.comparisons(kind, chosen: form.threshold)
    low = form.low
    high = form.high
    let thresholdFields = ["threshold", "percent"] + Threshold.keys
    thresholdProblem = thresholdFields.lazy.compactMap { problems.at($0) }.first
    recoveries =
      [FormChoice("", "meets the threshold", isChosen: form.recovery.isEmpty)]
      + Self.comparisons(nil, chosen: form.recovery).filter { !$0.value.isEmpty }
    recoveryLow = form.recoveryLow
    recoveryHigh = form.recoveryHigh
    recoveryProblem = problems.at("recovery")
    takesPercent = kind?.takesPercent ?? false
    isPercent = form.percent
    unit = kind.map { $0.unit(of: form.rule().rule) } ?? ""
    hasUnitWord = !unit.isEmpty && kind?.parameters.contains { $0.key == "unit" } == false
    message = form.message
    isWarning = form.level == .warn
    help = Markdown.html(kind?.help ?? "")
    name = form.name
    filter = form.filter
    filterProblem = problems.at("where")
    hasFilterLines = form.filter.contains("\n")
    hasMessageLines = form.message.contains("\n")
    keys = form.keys
    keysProblem = problems.at("keys")
    sampleSize = form.sampleSize
    sampleProblem = problems.at("sample_size")
    let standard = kind.map { "as usual (\(Self.word($0.defaultOnEmpty)))" } ?? "as usual"
    onEmpty =
      [FormChoice("", standard, isChosen: form.onEmpty.isEmpty)]
      + OnEmpty.allCases.map { FormChoice($0.rawValue, Self.word($0), isChosen: $0.rawValue == form.onEmpty) }
    let shown =
      ["dataset", "check", "where", "keys", "sample_size", "recovery"] + thresholdFields
      + (kind?.parameters ?? []).map(\.key)
    otherProblems = problems.others(than: shown)
    isOpen =
      !otherProblems.isEmpty || filterProblem != nil || keysProblem != nil || sampleProblem != nil
      || recoveryProblem != nil
      || more.contains { $0.problem != nil }
    let set =
      more.filter { !$0.value.isEmpty }.map { $0.label.lowercased() }
      + [
        (form.filter, "only rows where \(form.filter)"), (form.keys, "columns"), (form.sampleSize, "failing rows"),
        (form.onEmpty, "no rows"), (form.recovery, "recovery"), (form.name, "name"),
      ].filter { !$0.0.isEmpty }.map(\.1)
    moreNote = set.joined(separator: ", ")
    self.pill = pill ?? RulePill(index: index)
  }

  private static func datasets(_ choices: CheckerFormChoices, chosen: String) -> [Group] {
    var groups = choices.datasets.map { group in
      Group(title: group.title, choices: group.names.map { FormChoice($0, isChosen: $0 == chosen) })
    }
    if !groups.contains(where: { $0.choices.contains(where: \.isChosen) }) {
      let extra = FormChoice(chosen, chosen.isEmpty ? "dataset…" : chosen, isChosen: true)
      groups.insert(Group(title: chosen.isEmpty ? "Choose one" : "As written", choices: [extra]), at: 0)
    }
    return groups
  }

  private static func isInline(_ parameter: RuleParameter) -> Bool {
    switch parameter.kind {
    case .column, .scalar: true
    case .choice: parameter.key == "unit"
    default: parameter.isRequired
    }
  }

  private static func input(
    _ parameter: RuleParameter, _ form: RuleForm, columns: [String], problems: FormProblems
  ) -> Input {
    let value = form.parameters[parameter.key] ?? ""
    var input = Input(
      key: parameter.key, label: parameter.label, value: value, hint: parameter.help.isEmpty ? nil : parameter.help,
      problem: problems.at(parameter.key))
    switch parameter.kind {
    case .column:
      if !columns.isEmpty {
        let first =
          value.isEmpty ? [FormChoice("", parameter.isRequired ? "column…" : "no column", isChosen: true)] : []
        input.choices = first + FormChoice.all(columns, chosen: value, missing: "not in the dataset")
      }
    case .choice(let choices):
      input.choices =
        [FormChoice("", parameter.key == "unit" ? "hours" : "as usual", isChosen: value.isEmpty)]
        + choices.filter { parameter.key != "unit" || $0 != "hour" || value == "hour" }
        .map { FormChoice($0, parameter.key == "unit" ? $0 + "s" : $0, isChosen: $0 == value) }
    case .boolean:
      input.isBoolean = true
      input.isTrue = value == "true"
    case .values:
      input.hint = input.hint ?? "Between commas: EUR, 12.5, null; \"12\" is text."
      input.isWide = true
    case .sql, .pattern:
      input.isCode = true
      input.isWide = true
    case .columns: input.hint = [parameter.help, "Names between commas."].joined(separator: " ")
    case .scalar, .text: break
    }
    if case .scalar = parameter.kind {
      input.word = parameter.label.lowercased()
      input.isNarrow = true
    }
    input.placeholder = placeholder(parameter)
    input.hasChoices = input.choices != nil
    input.isLines = !input.hasChoices && !input.isBoolean && value.contains("\n")
    input.isText = !input.hasChoices && !input.isBoolean && !input.isLines
    return input
  }

  private static func placeholder(_ parameter: RuleParameter) -> String {
    switch parameter.kind {
    case .column: "column"
    case .columns: "country, email"
    case .values: "EUR, USD, GBP"
    case .pattern: "^[^@]+@[^@]+$"
    case .sql: parameter.key == "condition" ? "paid_at >= placed_at" : "avg(amount)"
    case .scalar, .text, .boolean, .choice: ""
    }
  }

  private static func comparisons(_ kind: (any RuleKind)?, chosen: String) -> [FormChoice] {
    let standard: [FormChoice]
    if let threshold = kind?.defaultThreshold {
      standard = [FormChoice("", "is \(threshold.description())", isChosen: chosen.isEmpty)]
    } else {
      standard = chosen.isEmpty ? [FormChoice("", "must be…", isChosen: true)] : []
    }
    let words = [
      "is", "is not", "is less than", "is at most", "is more than", "is at least", "is between", "is not between",
    ]
    return standard + zip(Threshold.keys, words).map { FormChoice($0, $1, isChosen: $0 == chosen) }
  }

  private static func word(_ onEmpty: OnEmpty) -> String {
    switch onEmpty {
    case .pass: "it holds"
    case .warn: "it warns"
    case .fail: "it fails"
    case .error: "it is an error"
    }
  }
}
