package import Domain
package import Foundation
import GRDB

extension SQLiteStore {
  package func tick(
    at time: Date, aliveSince: Date, limit: Int, router: any NoticeRouting
  ) async throws(StoreError) -> [QualifiedName] {
    let documents = documents
    return try await write { database in
      let statement = try database.cachedStatement(
        sql: "SELECT id FROM checker WHERE alarm_ticks_at <= ? ORDER BY alarm_ticks_at LIMIT ?")
      let ids = try Int64.fetchAll(statement, arguments: [time.stored, max(0, limit)])
      let own: [QualifiedName] = try ids.compactMap { id in
        guard var record = try CheckerRecord.fetch(id, documents, database) else { return nil }
        let ticker = AlarmTicker(time: time, aliveSince: aliveSince, router: router, database: database)
        return try ticker.tick(&record) ? record.stored.checker.id : nil
      }
      let rows = RowTicker(
        time: time, aliveSince: aliveSince, router: router, documents: documents, database: database)
      return own + (try rows.tick(limit: limit - own.count))
    }
  }

  package func nextTick() async throws(StoreError) -> Date? {
    try await read { database in
      try Double.fetchOne(
        database,
        sql: """
          SELECT min(at) FROM (
            SELECT min(alarm_ticks_at) AS at FROM checker WHERE alarm_ticks_at IS NOT NULL
            UNION ALL SELECT min(ticks_at) FROM row_alarm WHERE ticks_at IS NOT NULL)
          """
      ).map(Date.init(stored:))
    }
  }

  package func tickWithheld(at time: Date) async throws(StoreError) {
    try await write { database in
      try database.execute(
        sql: """
          UPDATE checker SET alarm_ticks_at = ?
          WHERE json_extract(alarm_memory, '$.trouble.isWithheld') = 1
            OR json_extract(alarm_memory, '$.owed.resolvedAt') IS NOT NULL
          """, arguments: [time.stored])
      try database.execute(sql: "UPDATE row_alarm SET ticks_at = ? WHERE withheld = 1", arguments: [time.stored])
    }
  }

  package func note(_ entry: AlarmEntry, of id: QualifiedName) async throws(StoreError) {
    try await write { database in
      try AlarmWriter(database).insert(entry, try CheckerRecord.id(id, database))
    }
  }

  package func edits(of id: QualifiedName, limit: Int) async throws(StoreError) -> [CheckerEdit] {
    try await read { database in
      try Row.fetchAll(
        database,
        sql: """
          SELECT version, author, saved_at FROM checker_version WHERE checker_id = ? ORDER BY version DESC LIMIT ?
          """, arguments: [try CheckerRecord.id(id, database), max(0, limit)]
      ).map { CheckerEdit(version: $0[0], author: $0[1], at: $0.date(2)) }
    }
  }

  package func entries(of id: QualifiedName, limit: Int) async throws(StoreError) -> [AlarmEntry] {
    try await read { database in
      try Row.fetchAll(
        database,
        sql:
          "SELECT at, kind, author, text, row_key FROM alarm_entry WHERE checker_id = ? ORDER BY number DESC LIMIT ?",
        arguments: [try CheckerRecord.id(id, database), max(0, limit)]
      ).map {
        AlarmEntry(at: $0.date(0), kind: try $0.value(1), author: $0[2], text: $0[3], row: RowKey(canonical: $0[4]))
      }
    }
  }

  static func require(_ id: QualifiedName, _ database: Database) throws -> CheckerRecord {
    guard let record = try CheckerRecord.fetch(id, nil, database) else { throw StoreError.missing("checker", id) }
    return record
  }

  /// The newest run that found what the alarm says, as far as it is kept: the last one, or the one that brought the
  /// state about.
  static func lastRun(of record: CheckerRecord, _ database: Database) throws -> Run {
    if let last = record.stored.lastRun, record.stored.alarm.state.isSaid(by: last.outcome),
      let run = try fetchRun(last.id, database)
    {
      return run
    }
    if let id = record.stored.alarm.runID, let run = try fetchRun(id, database) { return run }
    return .unknown(of: record.stored)
  }
}

extension Alarm.State {
  /// A run with this outcome is no other news.
  fileprivate func isSaid(by outcome: Outcome) -> Bool {
    switch self {
    case .red: outcome == .failed || outcome == .warned
    case .error: outcome == .errored
    default: false
    }
  }
}

/// Lets time pass for one alarm.
private struct AlarmTicker {
  let time: Date
  let aliveSince: Date
  let router: any NoticeRouting
  let database: Database

  /// `false` when nothing happened.
  func tick(_ record: inout CheckerRecord) throws -> Bool {
    let stored = record.stored
    let writer = AlarmWriter(database)
    var change = record.stored.alarm.tick(
      at: time, policy: stored.checker.alarm, dueAt: stored.nextRunAt, aliveSince: aliveSince)
    if change == .none, router.withholding(stored, at: time) == nil, !isRunDue(stored) {
      change.notice = record.stored.alarm.silenceEnded(at: time)
    }
    if change == .none { change.notice = record.stored.alarm.severityRose(with: stored.checker, at: time) }
    guard change != .none else {
      try writer.keepTick(record, aliveSince: aliveSince)
      if record.stored.alarm.withheldAt != nil { try lookAgain(record) }
      return false
    }
    let run =
      stored.alarm.state == .stale || change.transition != nil || stored.alarm.memory.missedAt != nil
      ? Run.overdue(stored, isFailure: record.stored.alarm.memory.missedAt != nil, at: time)
      : try SQLiteStore.lastRun(of: record, database).telling(of: stored.rows?.beyond)
    let update = AlarmUpdate(stored: record.stored, change: change, run: run, isFromRun: false, at: time)
    try writer.write(update, &record, router)
    try writer.keepTick(record, aliveSince: aliveSince)
    try writer.keepEnd(of: record, at: time, router)
    return true
  }

  /// A run that is due, as one is once a data source is back, says how things stand.
  private func isRunDue(_ stored: StoredChecker) -> Bool {
    guard stored.alarm.state == .error, stored.checker.isEnabled, let due = stored.nextRunAt else { return false }
    return due <= time && time < max(due, aliveSince) + Alarm.patience
  }

  /// What is withheld is looked at once a minute: whatever withholds it may end.
  private func lookAgain(_ record: CheckerRecord) throws {
    let stored = record.stored
    let own = stored.alarm.ticksAt(stored.checker.alarm, dueAt: stored.nextRunAt, aliveSince: aliveSince)
    let again = max(time + 60, stored.mute?.endsAt ?? .distantPast)
    try AlarmWriter(database).setTick(min(own ?? again, again), record.id)
    try AlarmWriter(database).keepEnd(of: record, at: time, router)
  }
}

extension Run {
  /// What is told of a checker whose run did not come: no check could be made, or, where its policy says so, it failed.
  fileprivate static func overdue(_ stored: StoredChecker, isFailure: Bool, at time: Date) -> Run {
    let due = stored.nextRunAt ?? time
    let late = DurationText.write(time.timeIntervalSince(due))
    return Run(
      id: stored.lastRun?.id ?? "", checker: stored.checker.id, version: stored.version, trigger: .schedule,
      scheduledFor: due, startedAt: time, finishedAt: time, outcome: isFailure ? .failed : .errored,
      reason: "no \(stored.checker.body.isPushed ? "report" : "run") came: one was due \(late) ago", assertions: [])
  }

  /// In place of one that was dropped.
  static func unknown(of stored: StoredChecker) -> Run {
    let time = stored.alarm.since
    return Run(
      id: stored.alarm.runID ?? "", checker: stored.checker.id, version: stored.version, trigger: .schedule,
      startedAt: time, finishedAt: time, outcome: stored.lastRun?.outcome ?? .errored,
      reason: stored.lastRun?.summary ?? "the run is not kept any more", assertions: [])
  }
}
