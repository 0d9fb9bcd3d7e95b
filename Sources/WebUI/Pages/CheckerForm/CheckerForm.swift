import Checking
import Domain
import Foundation

/// The form of a checker as it was sent: what was typed, right or wrong.
struct CheckerForm: Sendable {
  /// How the checker is written.
  enum Kind: String, Sendable {
    case rules, script, module
  }

  enum Rhythm: String, Sendable {
    case none, minutes, cron
  }

  var name = ""
  var namespace = "default"
  var description = ""
  var severity = Severity.warning
  var rhythm = Rhythm.minutes
  var minutes = "60"
  var cron = ""
  var timeZone = "UTC"
  var owner = ""
  var tags = ""
  var actions: [String] = []
  var runbook = ""
  /// `nil` when the form came without its fields: then it stays as it was.
  var alarm: AlarmForm?
  var isEnabled = true
  var kind = Kind.rules
  /// Of the tables that stand in place of datasets; empty: where there is no doubt.
  var dataSource = ""
  var rules: [RuleForm] = []
  var code = CodeForm()
  /// The version that was read; `nil` for a checker that is new.
  var version: Int?
  /// The checker that is edited.
  var original: QualifiedName?

  /// More rules than these are not read.
  static let mostRules = 500

  init(namespace: String) { self.namespace = namespace }

  init(_ stored: StoredChecker) {
    let checker = stored.checker
    name = checker.id.name
    namespace = checker.id.namespace
    description = checker.description
    severity = checker.severity
    switch checker.schedule?.rhythm {
    case nil: rhythm = .none
    case .everyMinutes(let pause): minutes = "\(pause)"
    case .cron(let expression):
      rhythm = .cron
      cron = expression.text
    }
    timeZone = checker.schedule?.timeZone ?? "UTC"
    owner = checker.owner
    tags = checker.tags.joined(separator: ", ")
    actions = checker.actions
    runbook = checker.runbook
    alarm = AlarmForm(checker.alarm)
    isEnabled = checker.isEnabled
    kind =
      switch checker.body {
      // A heartbeat has a form of its own.
      case .rules, .heartbeat: .rules
      case .script: .script
      case .module: .module
      }
    dataSource = checker.dataSource ?? ""
    rules = checker.body.rules.map(RuleForm.init)
    code = CodeForm(checker.body)
    version = stored.version
    original = checker.id
  }

  init(_ form: FormData) {
    name = form.trimmed("name")
    namespace = form.trimmed("namespace")
    description = form.trimmed("description")
    severity = Severity(rawValue: form["severity"]) ?? .warning
    rhythm = Rhythm(rawValue: form["rhythm"]) ?? .none
    minutes = form.trimmed("minutes")
    cron = form.trimmed("cron")
    timeZone = form.trimmed("timezone")
    owner = form.trimmed("owner")
    tags = form.trimmed("tags")
    actions = form.all("actions").filter { !$0.isEmpty }
    runbook = form["runbook"]
    alarm = AlarmForm(form)
    isEnabled = form["enabled"] != "false"
    dataSource = form.trimmed("data_source")
    rules = form.items("rules").prefix(Self.mostRules).map { RuleForm($0.fields) }
    kind = Kind(rawValue: form["kind"]) ?? .rules
    code = CodeForm(form)
    version = Int(form["version"])
    original = form.optional("original").map { QualifiedName($0, defaultNamespace: "default") }
  }

  /// The checker, and what keeps it from being one.
  func checker() -> (checker: Checker, problems: [FieldProblem]) {
    var problems: [FieldProblem] = []
    var checker = Checker(
      id: QualifiedName(namespace: namespace, name: name), description: description, severity: severity,
      runbook: runbook, owner: owner, tags: ValueText.names(tags), isEnabled: isEnabled, actions: actions,
      body: .rules([]), dataSource: dataSource.isEmpty ? nil : dataSource)
    if let alarm { checker.alarm = alarm.policy(keeping: .standard).policy }
    do {
      checker.schedule = try schedule()
    } catch {
      problems.append(FieldProblem(field: error.part == .timeZone ? "timezone" : "schedule", message: error.message))
    }
    switch kind {
    case .rules: break
    case .script:
      let (body, found) = code.script()
      checker.body = body
      return (checker, problems + found)
    case .module:
      let (body, found) = code.module()
      checker.body = body
      return (checker, problems + found)
    }
    var read: [Rule] = []
    for (index, form) in rules.enumerated() {
      let (rule, found) = form.rule()
      read.append(rule)
      problems += found.map { FieldProblem(field: "rules[\(index)].\($0.field)", message: $0.message) }
    }
    checker.body = .rules(read)
    return (checker, problems)
  }

  func schedule() throws(ScheduleError) -> Schedule? {
    switch rhythm {
    case .none: return nil
    case .minutes:
      guard let pause = Int(minutes) else {
        throw ScheduleError(.text, "write a whole number of minutes, such as 15")
      }
      let schedule = Schedule(.everyMinutes(pause), timeZone: timeZone)
      try schedule.validate()
      return schedule
    case .cron: return try Schedule.parse(text: cron, timeZone: timeZone)
    }
  }

  /// Adds, removes or moves a rule, as a button of the form asks: `add`, `remove:2`, `up:2`, `down:2`, or a
  /// suggestion; else what the form's code is asked.
  mutating func perform(_ command: String) {
    let parts = command.split(separator: ":", maxSplits: 1).map(String.init)
    let index = parts.count > 1 ? Int(parts[1]) : nil
    switch parts.first {
    case "add" where rules.count < Self.mostRules:
      rules.append(RuleForm(check: "row_count", dataset: rules.last?.dataset ?? ""))
    case "remove":
      if let index, rules.indices.contains(index) { rules.remove(at: index) }
    case "up":
      if let index, rules.indices.contains(index), index > 0 { rules.swapAt(index, index - 1) }
    case "down":
      if let index, rules.indices.contains(index), index + 1 < rules.count { rules.swapAt(index, index + 1) }
    case "suggest" where parts.count > 1 && rules.count < Self.mostRules:
      if let rule = Suggestion(command: parts[1])?.rule { rules.append(rule) }
    default: code.perform(command, dataset: code.ownDatasets.first ?? rules.last?.dataset ?? "")
    }
  }
}

extension CheckerForm {
  /// What files and the API set and the form has no field for stays as it was in `stored`. What keeps the alarm's
  /// settings from being used is returned.
  func complete(_ checker: inout Checker, from stored: Checker?) -> [FieldProblem] {
    let kept = stored?.alarm ?? .standard
    let (policy, problems) = alarm?.policy(keeping: kept) ?? (kept, [])
    checker.alarm = policy
    guard case .rules(var read) = checker.body, !rules.contains(where: \.showsRecovery) else { return problems }
    for index in read.indices {
      read[index].recovery =
        stored?.body.rules.first { old in
          var old = old
          old.recovery = nil
          return old == read[index]
        }?.recovery
    }
    checker.body = .rules(read)
    return problems
  }
}
