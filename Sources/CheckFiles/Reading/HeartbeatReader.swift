import Domain
import Yams

/// Reads `heartbeat` of a checker: `{schedule: "0 3 * * *", grace: 1h}` or `{every: 1d, grace: 1h}`.
struct HeartbeatReader {
  static let keys = ["schedule", "every", "timezone", "grace"]

  /// When pings are expected; `nil` when the checker's own `schedule` says so.
  var schedule: Schedule?
  var graceSeconds: Double?

  /// `nil` when there is no such key.
  init?(_ outer: MappingReader, log: ProblemLog) {
    guard let node = outer.valueNode("heartbeat"),
      let reader = MappingReader(node, path: outer.keyPath("heartbeat"), known: Self.keys, log: log)
    else { return nil }
    schedule = Self.schedule(reader)
    if schedule != nil, outer.has("schedule") {
      reader.problem("schedule", "stands there twice: once under 'heartbeat' is enough")
    }
    if schedule == nil, !outer.has("schedule"), !reader.has("schedule"), !reader.has("every") {
      log.add(node, reader.keyPath("schedule"), "'schedule' or 'every' is missing: it says when a ping is expected")
    }
    guard let text = reader.text("grace") else { return }
    graceSeconds = DurationText.seconds(text)
    if graceSeconds == nil { reader.problem("grace", "must be a time such as 10m or 1h, not '\(text)'") }
  }

  private static func schedule(_ reader: MappingReader) -> Schedule? {
    let zone = reader.text("timezone") ?? "UTC"
    if reader.has("schedule"), reader.has("every") {
      reader.problem("every", "give 'schedule' or 'every', not both")
      return nil
    }
    do throws(ScheduleError) {
      if let text = reader.text("schedule") { return try Schedule.parse(text: text, timeZone: zone) }
      guard let text = reader.text("every") else { return nil }
      guard let seconds = DurationText.seconds(text), seconds >= 60, seconds.remainder(dividingBy: 60) == 0 else {
        reader.problem("every", "must be a time of whole minutes such as 15m, 6h or 1d, not '\(text)'")
        return nil
      }
      let schedule = Schedule(.everyMinutes(Int(min(seconds / 60, 1e6))), timeZone: zone)
      try schedule.validate()
      return schedule
    } catch {
      let key = error.part == .timeZone ? "timezone" : reader.has("every") ? "every" : "schedule"
      reader.problem(key, error.message)
      return nil
    }
  }
}
