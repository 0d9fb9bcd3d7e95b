import Domain
import Foundation

/// The alarm of one row, on the page of its checker.
struct RowLine: Sendable {
  var icon: StateIcon
  var word: String
  var text: String
  var since: TimeText
  var acknowledged: String?
  var attention: Attention

  init(_ row: RowAlarm, of stored: StoredChecker, now: Date) {
    var own = stored
    own.alarm = row.alarm
    own.rows = nil
    icon = StateIcon(StateIcon.Shape(row.alarm.state))
    word = row.alarm.isWarning && row.alarm.state == .red ? "Red, a warning" : row.alarm.state.word
    text = row.key.text
    since = .lasting(since: row.alarm.since, now: now)
    attention = Attention(own, row: row.key, now: now)
    acknowledged = attention.acknowledged
  }
}
