import Domain
import Foundation
import GRDB

/// Writes what happened to an alarm, and what people are to be told of it.
struct AlarmWriter {
  private let database: Database

  /// How often an alarm whose notices are withheld is looked at again, in seconds.
  private static let withheldPause: Double = 60

  init(_ database: Database) { self.database = database }

  /// Writes the alarm of `record` with its change, and enqueues the deliveries.
  func write(_ update: AlarmUpdate, _ record: inout CheckerRecord, _ router: any NoticeRouting) throws {
    if let transition = update.change.transition { try insert(transition, record.id, update.run.summary) }
    let deliveries = router.deliveries(for: update)
    for delivery in deliveries { try DeliveryWriter(database).enqueue(delivery, record.id, at: update.at) }
    if let notice = update.change.notice {
      let own = deliveries.filter { delivery in
        if case .alarm = delivery.event.subject { true } else { false }
      }
      record.stored.alarm.noteFate(
        of: notice, wasSent: own.contains { !$0.isWithheld }, wasWithheld: own.contains(where: \.isWithheld))
      if own.isEmpty {
        try insert(
          AlarmEntry(at: update.at, kind: .unheard, author: "", text: "\(notice.kind.rawValue): \(notice.reason.text)"),
          record.id)
      }
    }
    if let expired = update.change.expired {
      try insert(
        AlarmEntry(at: update.at, kind: .acknowledgementExpired, author: expired.author, text: ""), record.id)
    }
    try keep(record)
  }

  /// Writes the alarm as it stands, and when time may change it.
  func keep(_ record: CheckerRecord, aliveSince: Date = .distantPast) throws {
    let alarm = record.stored.alarm
    let statement = try database.cachedStatement(
      sql: """
        UPDATE checker SET alarm_state = ?, alarm_since = ?, alarm_is_warning = ?, alarm_run_id = ?, alarm_sequence = ?,
          alarm_memory = ?
        WHERE id = ?
        """)
    try statement.execute(arguments: [
      alarm.state.rawValue, alarm.since.stored, alarm.isWarning, alarm.runID, alarm.sequence,
      try Document.encode(alarm.memory), record.id,
    ])
    try keepTick(record, aliveSince: aliveSince)
  }

  func keepTick(_ record: CheckerRecord, aliveSince: Date = .distantPast) throws {
    let stored = record.stored
    var time = stored.alarm.ticksAt(stored.checker.alarm, dueAt: stored.nextRunAt, aliveSince: aliveSince)
    if let withheldAt = stored.alarm.withheldAt {
      let muteEnd = stored.mute?.endsAt ?? .distantPast
      let again = max(withheldAt + Self.withheldPause, stored.mute == nil ? .distantPast : muteEnd)
      time = min(time ?? again, again)
    }
    try setTick(time, record.id)
  }

  func setTick(_ time: Date?, _ checker: Int64) throws {
    let statement = try database.cachedStatement(sql: "UPDATE checker SET alarm_ticks_at = ? WHERE id = ?")
    try statement.execute(arguments: [time?.stored, checker])
  }

  func insert(_ entry: AlarmEntry, _ checker: Int64) throws {
    try database.execute(
      sql: "INSERT INTO alarm_entry (checker_id, at, kind, author, text) VALUES (?, ?, ?, ?, ?)",
      arguments: [checker, entry.at.stored, entry.kind.rawValue, entry.author.withoutNul, entry.text.withoutNul])
  }

  private func insert(_ transition: AlarmTransition, _ checker: Int64, _ summary: String) throws {
    try database.execute(
      sql: """
        INSERT INTO transition (checker_id, sequence, from_state, to_state, is_warning, was_warning, at,
          previous_since, run_id, summary)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        """,
      arguments: [
        checker, transition.sequence, transition.from.rawValue, transition.to.rawValue, transition.isWarning,
        transition.wasWarning, transition.at.stored, transition.previousSince.stored, transition.runID,
        summary.withoutNul,
      ])
  }
}
