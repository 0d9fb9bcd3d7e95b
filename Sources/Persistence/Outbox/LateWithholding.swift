package import Domain
package import Foundation
import GRDB

/// News that waits its turn, for its group or for a receiver that is away, when somebody silences its alarm.
extension SQLiteStore {
  package func withholdWaiting(at time: Date, router: any NoticeRouting) async throws(StoreError) -> Int {
    let documents = documents
    return try await write { database in
      let late = LateWithholding(time: time, router: router, documents: documents, database: database)
      return try late.waiting().count { try late.withhold($0) }
    }
  }
}

private struct LateWithholding {
  let time: Date
  let router: any NoticeRouting
  let documents: CheckerDocuments
  let database: Database

  struct Waiting {
    var id: Int64
    var checker: Int64
    var subject: String
    var action: String
    var event: Event

    /// Of what is not known to be open nobody need hear that somebody looks after it.
    var isAcknowledgement: Bool {
      if case .alarm(let transition) = event.subject { transition.notice == .acknowledged } else { false }
    }
  }

  /// News of how an alarm stands, that no message has been formed of yet.
  func waiting() throws -> [Waiting] {
    try Row.fetchAll(
      database,
      sql: """
        SELECT id, checker_id, subject, action, event FROM delivery d
        WHERE state IN ('waiting', 'sending') AND state = 'waiting' AND checker_id IS NOT NULL AND leader IS NULL
          AND reason <> ? AND NOT EXISTS (SELECT 1 FROM delivery m WHERE m.leader = d.id)
        ORDER BY id
        """, arguments: [Delivery.everyRun]
    ).map {
      Waiting(
        id: $0[0], checker: $0[1], subject: $0[2], action: $0[3], event: try Document.decode(Event.self, from: $0[4]))
    }.filter { $0.event.standing.map { $0 != .resolved } ?? $0.isAcknowledgement }
  }

  /// `false` when nothing withholds it.
  func withhold(_ waiting: Waiting) throws -> Bool {
    guard var record = try CheckerRecord.fetch(waiting.checker, documents, database) else { return false }
    let rows = RowAlarmWriter(database)
    let row = try waiting.event.row.flatMap { try rows.one($0, record.id) }
    if waiting.event.row != nil, row == nil { return false }
    var stored = record.stored
    if let row { stored.alarm = row.alarm }
    guard stored.alarm.memory.trouble != nil, let reason = router.withholding(stored, at: time) else { return false }
    try database.execute(
      sql: "UPDATE delivery SET state = 'withheld', reason = reason || ? WHERE id = ?",
      arguments: ["; withheld before it was sent: \(reason)".withoutNul, waiting.id])
    if waiting.isAcknowledgement { return true }
    let line = DeliveryLine(
      database: database, checker: waiting.checker, subject: waiting.subject, action: waiting.action)
    stored.alarm.newsWithheld(
      from: waiting.action, heardBefore: try line.opening(before: waiting.id).isTold)
    if var row {
      row.alarm = stored.alarm
      try rows.keep(row, record.id, stored, again: time + 60, ends: router.withholdingEnds(stored, at: time))
    } else {
      record.stored.alarm = stored.alarm
      try AlarmWriter(database).keep(record)
      try AlarmWriter(database).keepEnd(of: record, at: time, router)
    }
    return true
  }
}
