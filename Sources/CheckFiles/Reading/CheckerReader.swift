import Domain
import Rules
import Yams

struct CheckerReader {
  let log: ProblemLog
  let namespace: String

  private static let known = [
    "name", "description", "schedule", "timezone", "severity", "owner", "tags", "enabled", "actions", "runbook",
    "rules", "alarm", "alarm_policy",
  ]

  func read(_ node: Node, path: String) -> Checker? {
    guard let reader = MappingReader(node, path: path, known: Self.known, log: log) else { return nil }
    let name = reader.name()
    let rules = reader.list("rules").enumerated().compactMap { index, node in
      RuleReader(log: log).read(node, path: MappingReader.join(path, "rules[\(index)]"))
    }
    if !reader.has("rules") {
      log.add(node, reader.keyPath("rules"), "'rules' is missing: a checker needs at least one rule")
    } else if reader.list("rules").isEmpty {
      reader.problem("rules", "a checker needs at least one rule")
    }
    let schedule = schedule(reader)
    guard let name else { return nil }
    return Checker(
      id: QualifiedName(namespace: namespace, name: name), description: reader.text("description") ?? "",
      severity: reader.choice("severity", Severity.self) ?? .warning, schedule: schedule,
      runbook: reader.text("runbook") ?? "", owner: reader.text("owner") ?? "", tags: reader.texts("tags"),
      isEnabled: reader.boolean("enabled") ?? true, actions: reader.texts("actions"), body: .rules(rules),
      alarm: policy(reader))
  }

  /// In the API `alarm` is how the alarm stands, and this is `alarm_policy`.
  private func policy(_ reader: MappingReader) -> AlarmPolicy {
    guard let key = ["alarm", "alarm_policy"].first(where: reader.has), let node = reader.valueNode(key) else {
      return .standard
    }
    return AlarmPolicyReader(log: log).read(node, path: reader.keyPath(key))
  }

  private func schedule(_ reader: MappingReader) -> Schedule? {
    let zone = reader.text("timezone") ?? "UTC"
    do throws(ScheduleError) {
      guard let text = reader.text("schedule") else {
        _ = try Schedule.zone(named: zone)
        return nil
      }
      return try Schedule.parse(text: text, timeZone: zone)
    } catch {
      reader.problem(error.part == .timeZone ? "timezone" : "schedule", error.message)
      return nil
    }
  }
}
