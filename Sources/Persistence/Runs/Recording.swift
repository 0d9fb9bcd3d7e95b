package import Domain
import Foundation
import GRDB

extension SQLiteStore {
  package func record(
    _ run: Run, rows: RowFindings?, nextRun: @escaping @Sendable (StoredChecker) -> NextRun,
    router: any NoticeRouting
  ) async throws(StoreError) -> AlarmChange {
    let documents = documents
    let assertions: AssertionDocuments
    do { assertions = try AssertionDocuments(run.assertions) } catch { throw storeError(error, file: file) }
    return try await write { database in
      let recorder = RunRecorder(run: run, assertions: assertions, database: database)
      if try recorder.isKnown() { return .none }
      guard var record = try CheckerRecord.fetch(run.checker, documents, database) else {
        throw StoreError.missing("checker", run.checker)
      }
      let rowWriter = RowAlarmWriter(database)
      let moved = try rows.map { try rowWriter.move(&record, by: run, $0) }
      let evidence = moved?.evidence ?? AlarmEvidence(run)
      var change = record.stored.alarm.receive(evidence, policy: record.stored.checker.alarm)
      record.stored.lastRun = RunSummary(run)
      // What was withheld, and is no more, need not wait until the alarm is looked at again.
      if change.notice == nil, record.stored.alarm.withheldAt != nil,
        router.withholding(record.stored, at: run.finishedAt) == nil
      {
        change.notice = record.stored.alarm.silenceEnded(at: run.finishedAt)
      }
      let next = nextRun(record.stored)
      record.stored.nextRunAt = recorder.due(next.at, record.stored)
      record.stored.runDelay = record.stored.nextRunAt == next.at ? next.delay : nil
      try recorder.insertRun(record.id)
      try recorder.updateChecker(record)
      try Timeline.add(run.outcome, at: run.startedAt, checker: record.id, database)
      try rowWriter.write(moved?.rows ?? [], record, by: run, router)
      var update = AlarmUpdate(
        stored: record.stored, change: change, run: moved?.run ?? run, isFromRun: true, at: run.finishedAt)
      update.wholeRun = run
      try AlarmWriter(database).write(update, &record, router)
      var all = change
      all.changedRows = moved?.rows.count { $0.change != .none } ?? 0
      return all
    }
  }
}

/// The writes that one run brings about.
private struct RunRecorder {
  let run: Run
  let assertions: AssertionDocuments
  let database: Database

  func isKnown() throws -> Bool {
    let statement = try database.cachedStatement(sql: "SELECT EXISTS (SELECT 1 FROM run WHERE id = ?)")
    return try Bool.fetchOne(statement, arguments: [run.id]) ?? false
  }

  /// When the checker is due next. While it ran, somebody may have disabled it, taken its schedule off, or saved
  /// another schedule: what they said stands. What an alarm waits for needs no schedule.
  func due(_ time: Date?, _ stored: StoredChecker) -> Date? {
    guard stored.checker.isEnabled else { return nil }
    let isAwaited = time != nil && time == stored.confirmsAt(stored.checker.alarm)
    guard stored.checker.schedule != nil else { return isAwaited ? time : nil }
    if stored.version != run.version, let saved = stored.nextRunAt, saved > run.startedAt {
      return isAwaited ? time.map { min($0, saved) } : saved
    }
    return time
  }

  func insertRun(_ checker: Int64) throws {
    let summary = RunSummary(run)
    let statement = try database.cachedStatement(
      sql: """
        INSERT INTO run (id, checker_id, version, trigger, scheduled_for, started_at, finished_at, outcome, failed,
          assertions, summary, assertion_set, observed, results, reason, log, code)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        """)
    try statement.execute(arguments: [
      run.id, checker, run.version, run.trigger.rawValue, run.scheduledFor?.stored, run.startedAt.stored,
      run.finishedAt.stored, run.outcome.rawValue, summary.failedAssertions, summary.assertions, summary.summary,
      try assertionSet(checker), assertions.observed, assertions.results, run.reason?.withoutNul, run.log.withoutNul,
      try CodeRun(run).map(Document.encode),
    ])
  }

  /// The set that holds what this run asserted: the checker's newest one, unless it asserts something else now.
  private func assertionSet(_ checker: Int64) throws -> Int64 {
    let newest = try database.cachedStatement(
      sql: "SELECT id, definitions FROM assertion_set WHERE checker_id = ? ORDER BY id DESC LIMIT 1")
    if let row = try Row.fetchOne(newest, arguments: [checker]), row[1] == assertions.definitions { return row[0] }
    try database.execute(
      sql: "INSERT INTO assertion_set (checker_id, definitions) VALUES (?, ?)",
      arguments: [checker, assertions.definitions])
    return database.lastInsertedRowID
  }

  func updateChecker(_ record: CheckerRecord) throws {
    let summary = RunSummary(run)
    let statement = try database.cachedStatement(
      sql: """
        UPDATE checker SET claimed_until = NULL, next_run_at = ?, run_delay = ?, last_run_id = ?, last_trigger = ?,
          last_started_at = ?, last_milliseconds = ?, last_outcome = ?, last_summary = ?, last_failed = ?,
          last_assertions = ?, last_search = ?
        WHERE id = ?
        """)
    try statement.execute(arguments: [
      record.stored.nextRunAt?.stored, record.stored.runDelay, run.id, run.trigger.rawValue, run.startedAt.stored,
      run.milliseconds,
      run.outcome.rawValue, summary.summary, summary.failedAssertions, summary.assertions,
      summary.summary.lowercased(), record.id,
    ])
  }
}

/// What is kept of a run of code beside its assertions.
struct CodeRun: Codable {
  var trouble: GuestTrouble?
  var cost: GuestCost?

  /// `nil` for a run of rules.
  init?(_ run: Run) {
    guard run.trouble != nil || run.cost != nil else { return nil }
    (trouble, cost) = (run.trouble, run.cost)
  }
}

extension RunSummary {
  /// Counts what is as bad as the whole: beside what failed, a warning is not counted.
  init(_ run: Run) {
    self.init(
      id: run.id, checker: run.checker, trigger: run.trigger, startedAt: run.startedAt,
      milliseconds: run.milliseconds, outcome: run.outcome, summary: run.summary.withoutNul,
      failedAssertions: run.assertions.count {
        $0.outcome != .passed && (run.outcome != .failed || $0.outcome == .failed)
      }, assertions: run.assertions.count)
  }
}
