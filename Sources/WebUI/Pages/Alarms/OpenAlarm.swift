import Domain
import Foundation

/// One line of a list of alarms: a checker's own, or that of one of its rows.
struct OpenAlarm: Sendable {
  /// With the alarm that the line is of.
  var stored: StoredChecker
  var row: RowKey?

  /// Each checker's own alarm, where it needs somebody, and those of its rows, in the order of the checkers.
  static func all(
    of checkers: [StoredChecker], _ store: any AlarmStore, at time: Date
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
      let state = own.displayState(at: time)
      if rows.isEmpty || [.red, .erroring, .stale, .recovering].contains(state) {
        alarms.append(OpenAlarm(stored: rows.isEmpty ? stored.shown : own))
      }
      alarms += rows.map { row in
        var one = own
        one.alarm = row.alarm
        return OpenAlarm(stored: one, row: row.key)
      }
    }
    return alarms
  }

  private static func needsSomebody(_ state: Alarm.State) -> Bool { [.red, .recovering].contains(state) }
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
