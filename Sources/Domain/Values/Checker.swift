/// What must hold about some datasets, and what is to happen around it.
package struct Checker: Hashable, Codable, Sendable {
  package var id: QualifiedName
  /// What must be true, in a person's words.
  package var description: String
  package var severity: Severity
  /// `nil`: runs only when somebody asks.
  package var schedule: Schedule?
  /// Markdown for the person who is called.
  package var runbook: String
  package var owner: String
  package var tags: [String]
  /// A disabled checker keeps its history and does not run on its schedule.
  package var isEnabled: Bool
  /// The names of the actions that its alarm sets off; empty means the actions that take every checker.
  package var actions: [String]
  package var body: CheckerBody
  /// The data source whose tables it may name in place of datasets; `nil` where nobody has said, or it names none.
  package var dataSource: String?
  /// `nil` for the standard one, so that documents without it can be read.
  private var alarmPolicy: AlarmPolicy?

  /// When its alarm rings.
  package var alarm: AlarmPolicy {
    get { alarmPolicy ?? .standard }
    set { alarmPolicy = newValue == .standard ? nil : newValue }
  }

  package init(
    id: QualifiedName, description: String = "", severity: Severity = .warning, schedule: Schedule? = nil,
    runbook: String = "", owner: String = "", tags: [String] = [], isEnabled: Bool = true, actions: [String] = [],
    body: CheckerBody, alarm: AlarmPolicy = .standard, dataSource: String? = nil
  ) {
    self.id = id
    self.description = description
    self.severity = severity
    self.schedule = schedule
    self.runbook = runbook
    self.owner = owner
    self.tags = tags
    self.isEnabled = isEnabled
    self.actions = actions
    self.body = body
    self.dataSource = dataSource
    self.alarm = alarm
  }
}

/// How a checker is written.
package enum CheckerBody: Hashable, Codable, Sendable {
  case rules([Rule])
  case script(Script)
  case module(Module)
  /// A job elsewhere reports how it went.
  case heartbeat

  /// Its runs come from outside: the schedule says when they are expected.
  package var isPushed: Bool { if case .heartbeat = self { true } else { false } }

  /// The rules of a form; empty for any other body.
  package var rules: [Rule] {
    if case .rules(let rules) = self { rules } else { [] }
  }

  package var isRules: Bool { if case .rules = self { true } else { false } }

  /// `nil` for any other body.
  package var script: Script? {
    if case .script(let script) = self { script } else { nil }
  }

  /// `nil` for any other body.
  package var module: Module? {
    if case .module(let module) = self { module } else { nil }
  }

  /// The datasets that it is seen to name, as it names them, each once.
  package var datasetNames: [String] {
    var seen = Set<String>()
    let names: [String] =
      switch self {
      case .rules(let rules): rules.map(\.dataset)
      case .script(let script): DatasetNames.named(in: script)
      case .module(let module): module.datasets
      case .heartbeat: []
      }
    return names.filter { seen.insert($0).inserted }
  }

  /// Made-up data with the outcome that it must bring; of scripts and modules.
  package var fixtures: [Fixture] { script?.fixtures ?? module?.fixtures ?? [] }

  /// What its code may use up; of scripts and modules.
  package var limits: CodeLimits { script?.limits ?? module?.limits ?? CodeLimits() }

  /// What its code reads with `param`; of scripts and modules.
  package var parameters: [String: String] { script?.parameters ?? module?.parameters ?? [:] }
}
