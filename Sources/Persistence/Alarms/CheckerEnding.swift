package import Domain
package import Foundation
import GRDB

extension SQLiteStore {
  package func deleteChecker(
    _ id: QualifiedName, at time: Date, router: any NoticeRouting
  ) async throws(StoreError) {
    try await write { database in
      let record = try Self.require(id, database)
      try CheckerEnding(record: record, time: time, router: router, database: database).tell()
      try database.execute(sql: "DELETE FROM checker WHERE id = ?", arguments: [record.id])
    }
  }
}

/// Tells of the end of what is open at a checker that is about to be deleted.
private struct CheckerEnding {
  let record: CheckerRecord
  let time: Date
  let router: any NoticeRouting
  let database: Database

  func tell() throws {
    // What is on its way goes before that, and does not go away with the checker.
    try database.execute(
      sql: """
        UPDATE delivery SET checker_id = NULL, subject = ? || subject
        WHERE checker_id = ? AND state IN ('waiting', 'sending') AND reason <> ?
        """, arguments: [linePrefix, record.id, Delivery.everyRun])
    try tell(record.stored.alarm, row: nil)
    for row in try RowAlarmWriter(database).all(record.id) { try tell(row.alarm, row: row.key) }
  }

  private var linePrefix: String { "checker:\(record.stored.checker.id) " }

  private func tell(_ alarm: Alarm, row: RowKey?) throws {
    var own = record
    // A mute goes with the checker.
    own.stored.mute = nil
    own.stored.alarm = alarm
    guard let notice = own.stored.alarm.checkerDeleted(at: time) else { return }
    var run = try SQLiteStore.lastRun(of: record, database)
    if let row { run = run.narrowed(to: row, assertions: nil, outcome: .passed) }
    run.outcome = .passed
    run.assertions = []
    run.reason = "its checker was deleted"
    let update = AlarmUpdate(
      stored: own.stored, change: AlarmChange(notice: notice), run: run, isFromRun: false, at: time, row: row)
    let told = Set(notice.told ?? [])
    for var delivery in router.deliveries(for: update) where told.contains(delivery.action) || !delivery.isWithheld {
      // There is no later time to tell of it.
      delivery.isWithheld = false
      delivery.event.links = nil
      try DeliveryWriter(database).enqueue(delivery, nil, line: linePrefix + delivery.event.line, at: time)
    }
  }
}
