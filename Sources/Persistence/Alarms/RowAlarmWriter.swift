import Domain
import Foundation
import GRDB

/// The alarms of a checker's rows, as they are read and written.
struct RowAlarmWriter {
  private let database: Database

  init(_ database: Database) { self.database = database }

  func all(_ checker: Int64) throws -> [RowAlarm] {
    let statement = try database.cachedStatement(
      sql: "SELECT row_key, alarm FROM row_alarm WHERE checker_id = ? ORDER BY row_key")
    return try Row.fetchAll(statement, arguments: [checker]).compactMap(Self.rowAlarm)
  }

  func one(_ key: RowKey, _ checker: Int64) throws -> RowAlarm? {
    let statement = try database.cachedStatement(
      sql: "SELECT row_key, alarm FROM row_alarm WHERE checker_id = ? AND row_key = ?")
    return try Row.fetchOne(statement, arguments: [checker, key.canonical]).flatMap(Self.rowAlarm)
  }

  private static func rowAlarm(_ row: Row) throws -> RowAlarm? {
    guard let key = RowKey(canonical: row[0]) else { return nil }
    return RowAlarm(key: key, alarm: try Document.decode(Alarm.self, from: row[1]))
  }

  /// The newest transition that is known of a row: its events go on from there.
  func sequence(_ key: RowKey, _ checker: Int64) throws -> Int {
    let statement = try database.cachedStatement(
      sql: "SELECT max(sequence) FROM transition WHERE checker_id = ? AND row_key = ?")
    return try Int.fetchOne(statement, arguments: [checker, key.canonical]) ?? 0
  }

  /// Tells of a change and keeps what is left to keep. `update.stored` is the checker with the row's alarm.
  func write(_ update: AlarmUpdate, _ row: RowAlarm, _ checker: Int64, _ router: any NoticeRouting) throws {
    var row = row
    try AlarmWriter(database).tell(update, checker, &row.alarm, router)
    var stored = update.stored
    stored.alarm = row.alarm
    let ends = row.alarm.withheldAt.flatMap { _ in router.withholdingEnds(stored, at: update.at) }
    try keep(row, checker, update.stored, ends: ends)
  }

  /// Keeps what is left to keep, and when time may change it.
  func keep(_ row: RowAlarm, _ checker: Int64, _ stored: StoredChecker, again: Date? = nil, ends: Date? = nil) throws {
    if row.isOver {
      try database.execute(
        sql: "DELETE FROM row_alarm WHERE checker_id = ? AND row_key = ?", arguments: [checker, row.key.canonical])
      return
    }
    let statement = try database.cachedStatement(
      sql: """
        INSERT INTO row_alarm (checker_id, row_key, ticks_at, withheld, alarm) VALUES (?, ?, ?, ?, ?)
        ON CONFLICT DO UPDATE SET ticks_at = excluded.ticks_at, withheld = excluded.withheld, alarm = excluded.alarm
        """)
    try statement.execute(arguments: [
      checker, row.key.canonical, [Self.tick(row, stored, again), ends].compactMap(\.self).min()?.stored,
      row.alarm.withheldAt != nil,
      try Document.encode(row.alarm),
    ])
  }

  /// That no run comes is the checker's own matter.
  static func policy(_ stored: StoredChecker) -> AlarmPolicy {
    var policy = stored.checker.alarm
    policy.staleAfterSeconds = nil
    policy.missedAfterSeconds = nil
    return policy
  }

  private static func tick(_ row: RowAlarm, _ stored: StoredChecker, _ again: Date?) -> Date? {
    var own = stored
    own.alarm = row.alarm
    own.checker.alarm = policy(stored)
    let time = AlarmWriter.tick(own)
    guard let again else { return time }
    // What is withheld was looked at just now.
    return min(row.alarm.ticksAt(own.checker.alarm, dueAt: stored.nextRunAt) ?? again, again)
  }

  /// Moves the alarms of the rows by a run, and says what the checker's own alarm is to be told.
  func move(
    _ record: inout CheckerRecord, by run: Run, _ findings: RowFindings
  ) throws -> (evidence: AlarmEvidence, run: Run, rows: [RowAlarms.Moved]) {
    let policy = record.stored.checker.alarm
    var findings = findings
    var known = try all(record.id)
    if findings.columns != policy.perRow.sorted() {
      // Somebody saved other columns while it ran: the clock ends what is open.
      (known, findings.failing, findings.total) = ([], [], 0)
    }
    let asked = known.filter { $0.key.columns == findings.columns }
    let checker = record.id
    let moved = try RowAlarms(asked, findings: findings, evidence: AlarmEvidence(run), policy: policy) {
      try sequence($0, checker)
    }
    let left = Dictionary(known.map { ($0.key, $0.alarm) }, uniquingKeysWith: { $1 })
      .merging(moved.moved.map { ($0.row.key, $0.row.alarm) }) { $1 }
    record.stored.rows = RowsSummary(Array(left.values), policy: policy)
    record.stored.rows?.beyond = moved.overflow(policy)
    let own = moved.ownEvidence(run, findings, policy: policy)
    return (own.0, own.1, moved.moved)
  }

  /// Writes what `move` came to.
  func write(_ moved: [RowAlarms.Moved], _ record: CheckerRecord, by run: Run, _ router: any NoticeRouting) throws {
    for one in moved {
      var stored = record.stored
      stored.alarm = one.row.alarm
      let outcome: Outcome = one.failing.map { $0.isWarning ? .warned : .failed } ?? .passed
      var told = run.narrowed(to: one.row.key, assertions: one.failing?.assertions, outcome: outcome)
      if one.failing == nil { told.reason = one.isGone ? "its row is gone" : "the row is well again" }
      let update = AlarmUpdate(
        stored: stored, change: one.change, run: told, isFromRun: true, at: run.finishedAt, row: one.row.key)
      if one.change == .none {
        try keep(one.row, record.id, stored)
      } else {
        try write(update, one.row, record.id, router)
      }
    }
  }

  /// Looks again at how the rows stand together, after one of them changed.
  func summarize(_ checker: Int64) throws {
    guard var record = try CheckerRecord.fetch(checker, nil, database) else { return }
    let beyond = record.stored.rows?.beyond
    record.stored.rows = RowsSummary(try all(checker).map(\.alarm), policy: record.stored.checker.alarm)
    record.stored.rows?.beyond = beyond
    try AlarmWriter(database).keepShown(record)
  }
}

/// A checker's own alarm beside those of its rows.
struct SharedAlarm: Codable {
  var state: Alarm.State
  var since: Date
  var isWarning: Bool
  var rows: RowsSummary

  /// `nil` where no row has one.
  init?(_ stored: StoredChecker) {
    guard let rows = stored.rows else { return nil }
    self.rows = rows
    (state, since, isWarning) = (stored.alarm.state, stored.alarm.since, stored.alarm.isWarning)
  }
}
