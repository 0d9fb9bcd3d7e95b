import Domain
import Foundation

/// One line of a list of alarms: a checker's own, or that of one of its rows.
struct OpenAlarm: Sendable {
  /// With the alarm that the line is of.
  var stored: StoredChecker
  var row: RowKey?
  /// What the last run found of that row, or of the rows for which there was no room.
  var found: String?

  /// Each checker's own alarm, where it needs somebody, and those of its rows, in the order of the checkers.
  static func all(
    of checkers: [StoredChecker], _ store: any AlarmStore & RunStore, at time: Date
  ) async throws -> [OpenAlarm] {
    var alarms: [OpenAlarm] = []
    for stored in checkers {
      guard stored.rows != nil, stored.displayState(at: time) != .muted else {
        alarms.append(OpenAlarm(stored: stored.shown))
        continue
      }
      var own = stored
      own.rows = nil
      let rows = try await store.rowAlarms(of: stored.checker.id).filter { needsSomebody($0.alarm.state) }
      let run = rows.isEmpty ? nil : try await lastRun(of: stored, store)
      let state = own.displayState(at: time)
      if rows.isEmpty || [.red, .erroring, .stale, .recovering].contains(state) {
        alarms.append(
          OpenAlarm(
            stored: rows.isEmpty ? stored.shown : own,
            found: stored.rows?.beyond.flatMap { beyond in
              state == .red ? beyond.message : nil
            }))
      }
      alarms += rows.map { row in
        var one = own
        one.alarm = row.alarm
        let found = row.alarm.state == .red ? run?.narrowed(to: row.key, assertions: nil, outcome: .failed) : nil
        return OpenAlarm(stored: one, row: row.key, found: found?.rowSummary)
      }
    }
    return alarms
  }

  private static func lastRun(of stored: StoredChecker, _ store: any RunStore) async throws -> Run? {
    guard let last = stored.lastRun, last.outcome != .errored else { return nil }
    return try await store.run(last.id)
  }

  private static func needsSomebody(_ state: Alarm.State) -> Bool { [.red, .recovering].contains(state) }
}

extension Run {
  /// What fails for the row that it was narrowed to; which of several it is, is known only while the run goes on.
  fileprivate var rowSummary: String? {
    let messages = assertions.map(\.message)
    return messages.isEmpty ? nil : messages.count == 1 ? messages[0] : "one of: " + messages.joined(separator: "; ")
  }
}

extension StoredChecker {
  /// With the worst of its alarms in the place of its own.
  var shown: StoredChecker {
    var shown = self
    let acknowledgement = alarm.memory
    shown.alarm = shownAlarm
    shown.alarm.memory = acknowledgement
    return shown
  }
}
