import Checking
import Domain
import Foundation

/// The page with the form of a checker.
struct CheckerFormModel: Sendable {
  var heading: String
  /// Where the form goes without scripts.
  var action: String
  var cancel: String
  var original: String
  var version: String
  var isEnabled: Bool
  var banner: FormBanner?
  var name: FormField
  var namespace: FormField
  var namespaces: [String]
  var about: FormField
  /// Where there is more than one to choose from.
  var tableSource: TableSource?
  /// `rules`, `script` or `module`.
  var kind: String
  var isRules: Bool
  var isScript: Bool
  var isModule: Bool
  var script: ScriptEditorModel?
  var module: ModuleEditorModel?
  var rules: [RuleFormModel]
  var rulesProblem: String?
  var hasNoData: Bool
  var suggestions: [Chip]
  var suggestionsOf: String?
  var failCount: String?
  var rhythms: [FormChoice]
  var minutes: String
  var cron: String
  var timeZone: FormField
  var zones: [String]
  var scheduleProblem: String?
  var nextRuns: NextRuns
  var severities: [FormChoice]
  var owner: FormField
  var owners: [String]
  var tags: FormField
  var actions: [FormChoice]
  var actionsNote: String
  var actionsProblem: String?
  var alarm: AlarmFormModel
  var runbook: String
  var runbookHTML: String
  var preview: CheckerPreviewModel
  var saveNote: String

  /// The data source whose tables may stand in place of datasets.
  struct TableSource: Sendable {
    var choices: [FormChoice]
    var problem: String?
    var isRules: Bool

    init?(_ form: CheckerForm, among sources: [String], problem: String?) {
      if sources.count < 2, form.dataSource.isEmpty || sources == [form.dataSource] { return nil }
      choices =
        [FormChoice("", "(none chosen)", isChosen: form.dataSource.isEmpty)]
        + FormChoice.all(sources, chosen: form.dataSource, missing: "there is none")
      self.problem = problem
      isRules = form.kind == .rules
    }
  }

  /// Sent along, and not shown.
  var kept: [Kept]

  struct Kept: Sendable {
    var name: String
    var value: String
  }

  struct Chip: Sendable {
    var command: String
    var label: String
  }

  init(
    _ form: CheckerForm, choices: CheckerFormChoices, problems: FormProblems = FormProblems(),
    trouble: GuestTrouble? = nil, preview: CheckerPreviewModel, banner: FormBanner? = nil
  ) {
    let id = form.original
    heading = id.map { "Edit \($0.name)" } ?? "New checker"
    action = id.map { Link.checker($0) + "/edit" } ?? "/checkers/new"
    cancel = id.map(Link.checker) ?? "/checkers"
    original = id?.description ?? ""
    version = form.version.map(String.init) ?? ""
    isEnabled = form.isEnabled
    name = FormField(
      "name", "Name", value: form.name, problem: problems.at("name"), placeholder: "paid-orders-shipped")
    namespace = FormField(
      "namespace", "Namespace", value: form.namespace, problem: problems.at("namespace"), list: "namespaces")
    namespaces = choices.namespaces
    about = FormField(
      "description", "What must be true", value: form.description,
      placeholder: "Every order that is paid ships within 24 hours.")
    tableSource = TableSource(form, among: choices.dataSources, problem: problems.at("data_source"))
    kind = form.kind.rawValue
    (isRules, isScript, isModule) = (form.kind == .rules, form.kind == .script, form.kind == .module)
    script =
      isScript ? ScriptEditorModel(form.code, problems: problems, trouble: trouble, choices: choices) : nil
    module = isModule ? ModuleEditorModel(form.code, problems: problems) : nil
    let pills = Dictionary(preview.pills.map { ($0.index, $0) }, uniquingKeysWith: { $1 })
    rules = form.rules.enumerated().map { index, rule in
      RuleFormModel(
        rule, at: index, of: form.rules.count, choices: choices, problems: problems.under("rules[\(index)]"),
        pill: pills[index])
    }
    rulesProblem = problems.at("rules")
    hasNoData = choices.datasets.isEmpty
    let subject = form.rules.last { choices.columns[$0.dataset]?.isEmpty == false }?.dataset
    suggestions = (subject.map { Suggestion.all(for: choices.columns[$0] ?? [], of: $0, beside: form.rules) } ?? [])
      .map { Chip(command: "suggest:\($0.command)", label: $0.label) }
    suggestionsOf = suggestions.isEmpty ? nil : subject
    failCount = preview.failCount
    rhythms = [
      FormChoice("none", "Only by hand", isChosen: form.rhythm == .none),
      FormChoice("minutes", "Every N minutes", isChosen: form.rhythm == .minutes),
      FormChoice("cron", "By a cron expression", isChosen: form.rhythm == .cron),
    ]
    minutes = form.minutes
    cron = form.cron
    timeZone = FormField(
      "timezone", "Time zone", value: form.timeZone, problem: problems.at("timezone"), placeholder: "Europe/Lisbon",
      list: "zones")
    zones = ["UTC"] + TimeZone.knownTimeZoneIdentifiers.filter { $0.contains("/") }
    scheduleProblem = problems.at("schedule")
    nextRuns = preview.nextRuns
    severities = Severity.allCases.reversed().map {
      FormChoice($0.rawValue, $0.rawValue.capitalized, isChosen: $0 == form.severity)
    }
    owner = FormField("owner", "Owner", value: form.owner, placeholder: "Payments on-call", list: "owners")
    owners = choices.owners
    tags = FormField("tags", "Tags", value: form.tags, placeholder: "orders, money")
    let known = choices.actions.map(\.name)
    let gone = form.actions.filter { !known.contains($0) }
    actions = (known + gone).map { FormChoice($0, isChosen: form.actions.contains($0)) }
    let standard = choices.actions.filter { $0.isDefault && $0.isEnabled }.map(\.name)
    actionsNote =
      standard.isEmpty
      ? "With none chosen nobody is told: no action takes every checker."
      : "With none chosen: \(standard.joined(separator: ", "))."
    actionsProblem = problems.at("actions")
    alarm = AlarmFormModel(form.alarm ?? AlarmForm(.standard), problems: problems)
    runbook = form.runbook
    runbookHTML = Markdown.html(form.runbook)
    self.preview = preview
    let version = form.version.map { "Saves as version \($0 + 1). You can go back to any version." }
    saveNote = [form.dropped, version].compactMap(\.self).joined(separator: " ")
    kept = form.kept
    self.banner = banner ?? Self.banner(problems)
  }

  private static func banner(_ problems: FormProblems) -> FormBanner? {
    if problems.isEmpty { return nil }
    let shown =
      [
        "name", "namespace", "schedule", "timezone", "actions", "rules", "script", "module", "datasets", "fixtures",
        "limits", "data_source",
      ] + AlarmField.all.map { AlarmForm.prefix + $0.key }
    return FormBanner(
      "Not saved. \(Words.count(problems.all.count, "thing")) to mend, marked below.", problems.others(than: shown))
  }
}
