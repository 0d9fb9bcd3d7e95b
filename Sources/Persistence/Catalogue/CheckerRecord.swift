import Domain
import Foundation
import GRDB

/// A row of `checker` with its id, and how it is read.
struct CheckerRecord {
  var id: Int64
  var stored: StoredChecker

  /// The columns in the order that `init` reads them.
  private static let columns = """
    SELECT c.id, c.version, c.saved_at, c.is_enabled, c.next_run_at,
      c.alarm_state, c.alarm_since, c.alarm_is_warning, c.alarm_run_id, c.alarm_sequence, c.mute,
      c.last_run_id, c.last_trigger, c.last_started_at, c.last_milliseconds, c.last_outcome, c.last_summary,
      c.last_failed, c.last_assertions, c.namespace, c.name, v.document,
      c.alarm_memory, c.run_delay, c.alarm_rows
    FROM checker c JOIN checker_version v ON v.checker_id = c.id AND v.version = c.version
    """

  /// `documents` serves committed versions; `nil` reads what this transaction may have written itself.
  private init(_ row: Row, _ documents: CheckerDocuments?) throws {
    id = row[0]
    let version: Int = row[1]
    var checker =
      if let documents {
        try documents.checker(id, version: version) { row[21] }
      } else {
        try Document.decode(Checker.self, from: row[21])
      }
    checker.isEnabled = row[3]
    let shared = try (row[24] as String?).map { try Document.decode(SharedAlarm.self, from: $0) }
    stored = StoredChecker(
      checker: checker, version: version, savedAt: row.date(2), alarm: try Self.alarm(row, shared),
      mute: try (row[10] as String?).map { try Document.decode(Mute.self, from: $0) },
      nextRunAt: row.optionalDate(4), lastRun: try Self.lastRun(row), runDelay: row[23], rows: shared?.rows)
  }

  private static func alarm(_ row: Row, _ shared: SharedAlarm?) throws -> Alarm {
    var alarm = Alarm(since: shared?.since ?? row.date(6))
    alarm.state = try shared?.state ?? row.value(5)
    alarm.isWarning = shared?.isWarning ?? row[7]
    alarm.runID = row[8]
    alarm.sequence = row[9]
    let memory: String = row[22]
    // Most checkers have nothing to remember, and a page shows hundreds.
    if memory != "{}" { alarm.memory = try Document.decode(Alarm.Memory.self, from: memory) }
    if alarm.memory.trouble == nil, [.red, .error].contains(alarm.state) {
      // Opened by a version that remembered its state only.
      let wasRed = alarm.state == .red
      alarm.memory.trouble = Alarm.Trouble(
        openedAt: alarm.since, wasRed: wasRed, toldAsWarning: wasRed ? alarm.isWarning : nil, wasTold: true,
        isWithheld: false, lastNoticeAt: alarm.since, acknowledgement: nil)
      alarm.memory.trouble?.told = nil
    }
    return alarm
  }

  private static func lastRun(_ row: Row) throws -> RunSummary? {
    guard let id: String = row[11] else { return nil }
    return RunSummary(
      id: id, checker: QualifiedName(namespace: row[19], name: row[20]), trigger: try row.value(12),
      startedAt: row.date(13), milliseconds: row[14], outcome: try row.value(15), summary: row[16],
      failedAssertions: row[17], assertions: row[18])
  }

  static func fetch(_ name: QualifiedName, _ documents: CheckerDocuments?, _ database: Database) throws
    -> CheckerRecord?
  {
    let statement = try database.cachedStatement(sql: columns + " WHERE c.namespace = ? AND c.name = ?")
    return try Row.fetchOne(statement, arguments: [name.namespace, name.name]).map { try Self($0, documents) }
  }

  static func fetch(_ id: Int64, _ documents: CheckerDocuments?, _ database: Database) throws -> CheckerRecord? {
    let statement = try database.cachedStatement(sql: columns + " WHERE c.id = ?")
    let rows = try Row.fetchCursor(statement, arguments: [id])
    return try rows.next().map { try Self($0, documents) }
  }

  /// By namespace and name.
  static func fetchAll(
    in namespace: String? = nil, _ documents: CheckerDocuments?, _ database: Database
  ) throws -> [StoredChecker] {
    let condition = namespace == nil ? "" : " WHERE c.namespace = ?"
    let statement = try database.cachedStatement(sql: columns + condition + " ORDER BY c.namespace, c.name")
    let rows = try Row.fetchCursor(statement, arguments: StatementArguments(namespace.map { [$0] } ?? []))
    return try Array(rows.map { try Self($0, documents).stored })
  }

  /// The id of a checker, or `notFound`.
  static func id(_ name: QualifiedName, _ database: Database) throws -> Int64 {
    let statement = try database.cachedStatement(sql: "SELECT id FROM checker WHERE namespace = ? AND name = ?")
    guard let id = try Int64.fetchOne(statement, arguments: [name.namespace, name.name]) else {
      throw StoreError.missing("checker", name)
    }
    return id
  }
}
