import Domain
import Foundation
import GRDB

/// Lets time pass for the alarms of single rows.
struct RowTicker {
  let time: Date
  let aliveSince: Date
  let router: any NoticeRouting
  let documents: CheckerDocuments
  let database: Database

  /// Those of at most `limit` rows; returns the checkers of those that changed.
  func tick(limit: Int) throws -> [QualifiedName] {
    let statement = try database.cachedStatement(
      sql: "SELECT checker_id, row_key FROM row_alarm WHERE ticks_at <= ? ORDER BY ticks_at LIMIT ?")
    let due = try Row.fetchAll(statement, arguments: [time.stored, max(0, limit)])
    var changed: [Int64: QualifiedName] = [:]
    for row in due {
      guard let key = RowKey(canonical: row[1]), let record = try CheckerRecord.fetch(row[0], documents, database)
      else { continue }
      if try tick(key, record) { changed[record.id] = record.stored.checker.id }
    }
    for checker in changed.keys { try RowAlarmWriter(database).summarize(checker) }
    return Array(changed.values)
  }

  /// `false` when nothing happened.
  private func tick(_ key: RowKey, _ record: CheckerRecord) throws -> Bool {
    let rows = RowAlarmWriter(database)
    guard var row = try rows.one(key, record.id) else { return false }
    var stored = record.stored
    let isAsked = key.columns == stored.checker.alarm.perRow.sorted()
    var change =
      isAsked
      ? row.alarm.tick(
        at: time, policy: RowAlarmWriter.policy(stored), dueAt: stored.nextRunAt, aliveSince: aliveSince)
      : row.alarm.close(at: time)
    stored.alarm = row.alarm
    if change == .none, router.withholding(stored, at: time) == nil {
      change.notice = row.alarm.silenceEnded(at: time)
      stored.alarm = row.alarm
    }
    if change == .none {
      change.notice = row.alarm.severityRose(with: stored.checker, at: time)
      stored.alarm = row.alarm
    }
    guard change != .none else {
      let again = row.alarm.withheldAt.map { _ in max(time + 60, stored.mute?.endsAt ?? .distantPast) }
      let ends = row.alarm.withheldAt.flatMap { _ in router.withholdingEnds(stored, at: time) }
      try rows.keep(row, record.id, stored, again: again, ends: ends)
      return false
    }
    var own = record
    own.stored.alarm = row.alarm
    var run = try SQLiteStore.lastRun(of: own, database)
    run = run.narrowed(to: key, assertions: nil, outcome: isAsked ? run.outcome : .passed)
    if !isAsked { run.reason = "its rule is gone or changed" }
    let update = AlarmUpdate(stored: stored, change: change, run: run, isFromRun: false, at: time, row: key)
    try rows.write(update, row, record.id, router)
    return true
  }
}
