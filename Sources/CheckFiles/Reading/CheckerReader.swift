import Domain
import Rules
import Yams

struct CheckerReader {
  let log: ProblemLog
  let namespace: String
  let code: CodeReader

  private static let known = [
    "name", "description", "data_source", "schedule", "timezone", "severity", "owner", "tags", "enabled", "actions",
    "runbook",
    "rules", "script", "module", "heartbeat", "datasets", "fixtures", "limits", "parameters", "alarm", "alarm_policy",
  ]

  /// The checker, and the bytes of its module when they came with it.
  func read(_ node: Node, path: String) -> (checker: Checker, module: [UInt8]?)? {
    guard let reader = MappingReader(node, path: path, known: Self.known, log: log) else { return nil }
    let name = reader.name()
    let code = code.body(reader)
    let rules = code == nil ? rules(reader) : []
    let heartbeat = HeartbeatReader(reader, log: log)
    // Read in any case, so that every problem is told at once.
    var checker = Checker(
      id: QualifiedName(namespace: namespace, name: name ?? ""), description: reader.text("description") ?? "",
      severity: reader.choice("severity", Severity.self) ?? .warning, schedule: schedule(reader),
      runbook: reader.text("runbook") ?? "", owner: reader.text("owner") ?? "", tags: reader.texts("tags"),
      isEnabled: reader.boolean("enabled") ?? true, actions: reader.texts("actions"), body: code?.body ?? .rules(rules),
      alarm: policy(reader), dataSource: reader.text("data_source"))
    if let source = checker.dataSource {
      log.refer(to: .dataSource, source, reader.valueNode("data_source"), reader.keyPath("data_source"))
    }
    for action in checker.actions {
      log.refer(to: .action, action, reader.valueNode("actions"), reader.keyPath("actions"))
    }
    if let schedule = heartbeat?.schedule { checker.schedule = schedule }
    if let grace = heartbeat?.graceSeconds { checker.alarm.staleAfterSeconds = grace }
    if let problem = RowKeys.problem(with: checker), let key = policyKey(reader), let node = reader.valueNode(key) {
      log.add(node.mapping?["per_row"] ?? node, reader.keyPath(key) + ".per_row", problem)
    }
    return name == nil ? nil : (checker, code?.module)
  }

  private func rules(_ reader: MappingReader) -> [Rule] {
    if reader.has("script") || reader.has("module") || reader.has("heartbeat") { return [] }
    let rules = reader.list("rules").enumerated().compactMap { index, node in
      RuleReader(log: log).read(node, path: reader.keyPath("rules[\(index)]"))
    }
    if !reader.has("rules") {
      log.add(
        reader.node, reader.keyPath("rules"), "'rules' is missing: a checker needs rules, a script or a module")
    } else if reader.list("rules").isEmpty {
      reader.problem("rules", "a checker needs at least one rule")
    }
    return rules
  }

  /// In the API `alarm` is how the alarm stands, and this is `alarm_policy`.
  private func policy(_ reader: MappingReader) -> AlarmPolicy {
    guard let key = policyKey(reader), let node = reader.valueNode(key) else { return .standard }
    return AlarmPolicyReader(log: log).read(node, path: reader.keyPath(key))
  }

  private func policyKey(_ reader: MappingReader) -> String? {
    ["alarm", "alarm_policy"].first(where: reader.has)
  }

  private func schedule(_ reader: MappingReader) -> Schedule? {
    let zone = reader.text("timezone") ?? "UTC"
    let text = reader.text("schedule")
    // The zone is looked at by itself too, so that it is told beside a schedule that makes no sense.
    do throws(ScheduleError) { _ = try Schedule.zone(named: zone) } catch { reader.problem("timezone", error.message) }
    guard let text else {
      if reader.text("timezone") != nil, !reader.has("heartbeat") {
        reader.problem(
          "timezone", "a time zone is the schedule's: give 'schedule' too; without one a checker counts days in UTC")
      }
      return nil
    }
    do throws(ScheduleError) {
      return try Schedule.parse(text: text, timeZone: zone)
    } catch {
      if error.part != .timeZone { reader.problem("schedule", error.message) }
      return nil
    }
  }
}
