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
    try tell(update, record.id, &record.stored.alarm, router)
    try keep(record)
    try keepEnd(of: record, at: update.at, router)
  }

  /// What withholds its notices may end sooner than it is looked at again.
  func keepEnd(of record: CheckerRecord, at time: Date, _ router: any NoticeRouting) throws {
    guard record.stored.alarm.withheldAt != nil, let end = router.withholdingEnds(record.stored, at: time) else {
      return
    }
    try database.execute(
      sql: "UPDATE checker SET alarm_ticks_at = min(ifnull(alarm_ticks_at, ?1), ?1) WHERE id = ?2",
      arguments: [end.stored, record.id])
  }

  /// Writes what happened to `alarm` and enqueues the deliveries; the alarm learns what became of them.
  func tell(_ update: AlarmUpdate, _ checker: Int64, _ alarm: inout Alarm, _ router: any NoticeRouting) throws {
    if let transition = update.change.transition {
      try insert(transition, checker, update.run.summary, row: update.row)
    }
    let deliveries = router.deliveries(for: update)
    for delivery in deliveries { try DeliveryWriter(database).enqueue(delivery, checker, at: update.at) }
    if let notice = update.change.notice {
      let own = deliveries.filter { delivery in
        if case .alarm = delivery.event.subject { true } else { false }
      }
      alarm.noteFate(
        of: notice, wasSent: own.contains { !$0.isWithheld }, wasWithheld: own.contains(where: \.isWithheld),
        to: own.filter { !$0.isWithheld }.map(\.action), severity: own.first?.event.severity)
      if own.isEmpty {
        let (kind, reason) = (notice.kind.rawValue, notice.reason.text)
        let text = reason.hasPrefix(kind) ? reason : "\(kind): \(reason)"
        try insert(AlarmEntry(at: update.at, kind: .unheard, author: "", text: text, row: update.row), checker)
      }
    }
    if let expired = update.change.expired {
      let entry = AlarmEntry(
        at: update.at, kind: .acknowledgementExpired, author: expired.author, text: "", row: update.row)
      try insert(entry, checker)
    }
  }

  /// Writes the alarm as it stands, and when time may change it.
  func keep(_ record: CheckerRecord, aliveSince: Date = .distantPast) throws {
    let alarm = record.stored.alarm
    let shown = record.stored.shownAlarm
    let statement = try database.cachedStatement(
      sql: """
        UPDATE checker SET alarm_state = ?, alarm_since = ?, alarm_is_warning = ?, alarm_run_id = ?, alarm_sequence = ?,
          alarm_memory = ?, alarm_rows = ?
        WHERE id = ?
        """)
    try statement.execute(arguments: [
      shown.state.rawValue, shown.since.stored, shown.isWarning, alarm.runID, alarm.sequence,
      try Document.encode(alarm.memory), try SharedAlarm(record.stored).map(Document.encode), record.id,
    ])
    try keepTick(record, aliveSince: aliveSince)
  }

  /// Writes how the alarm and those of its rows stand together, as lists show it.
  func keepShown(_ record: CheckerRecord) throws {
    let shown = record.stored.shownAlarm
    try database.execute(
      sql: "UPDATE checker SET alarm_state = ?, alarm_since = ?, alarm_is_warning = ?, alarm_rows = ? WHERE id = ?",
      arguments: [
        shown.state.rawValue, shown.since.stored, shown.isWarning,
        try SharedAlarm(record.stored).map(Document.encode), record.id,
      ])
  }

  func keepTick(_ record: CheckerRecord, aliveSince: Date = .distantPast) throws {
    try setTick(Self.tick(record.stored, aliveSince: aliveSince), record.id)
  }

  /// When time may change the alarm of `stored`, the checker's own or that of a row.
  static func tick(_ stored: StoredChecker, aliveSince: Date = .distantPast) -> Date? {
    var time = stored.alarm.ticksAt(stored.checker.alarm, dueAt: stored.nextRunAt, aliveSince: aliveSince)
    if let withheldAt = stored.alarm.withheldAt {
      let muteEnd = stored.mute?.endsAt ?? .distantPast
      let again = muteEnd > withheldAt ? muteEnd : withheldAt + withheldPause
      time = min(time ?? again, again)
    }
    // Whoever answers for the new severity hears of it at once.
    return stored.alarm.isWorse(thanToldBy: stored.checker) ? .distantPast : time
  }

  func setTick(_ time: Date?, _ checker: Int64) throws {
    let statement = try database.cachedStatement(sql: "UPDATE checker SET alarm_ticks_at = ? WHERE id = ?")
    try statement.execute(arguments: [time?.stored, checker])
  }

  func insert(_ entry: AlarmEntry, _ checker: Int64) throws {
    try database.execute(
      sql: "INSERT INTO alarm_entry (checker_id, at, kind, author, text, row_key) VALUES (?, ?, ?, ?, ?, ?)",
      arguments: [
        checker, entry.at.stored, entry.kind.rawValue, entry.author.withoutNul, entry.text.withoutNul,
        entry.row?.canonical ?? "",
      ])
  }

  private func insert(_ transition: AlarmTransition, _ checker: Int64, _ summary: String, row: RowKey?) throws {
    try database.execute(
      sql: """
        INSERT INTO transition (checker_id, sequence, from_state, to_state, is_warning, was_warning, at,
          previous_since, run_id, summary, row_key)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        """,
      arguments: [
        checker, transition.sequence, transition.from.rawValue, transition.to.rawValue, transition.isWarning,
        transition.wasWarning, transition.at.stored, transition.previousSince.stored, transition.runID,
        summary.withoutNul, row?.canonical ?? "",
      ])
  }
}
