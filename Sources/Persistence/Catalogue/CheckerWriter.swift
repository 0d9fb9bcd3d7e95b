import Domain
import Foundation
import GRDB

/// Writes a checker's document and the columns and tables that are derived from it.
struct CheckerWriter {
  private let database: Database

  init(_ database: Database) { self.database = database }

  /// Adds a checker as version 1; returns its id.
  func insert(_ checker: Checker, author: String, at time: Date, nextRunAt: Date?) throws -> Int64 {
    try database.execute(
      sql: """
        INSERT INTO checker
          (namespace, name, version, saved_at, is_enabled, severity, owner, next_run_at, alarm_since, search_text,
            stale_after, is_pushed)
        VALUES (?, ?, 1, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        """,
      arguments: [
        checker.id.namespace, checker.id.name, time.stored, checker.isEnabled, checker.severity.rawValue,
        checker.owner, Self.due(checker, nextRunAt)?.stored, time.stored, Self.searchText(checker),
        checker.alarm.staleAfterSeconds, checker.body.isPushed,
      ])
    let id = database.lastInsertedRowID
    try keep(checker, id: id, version: 1, author: author, at: time)
    return id
  }

  /// Writes the next version of the checker `id`.
  func update(_ id: Int64, to checker: Checker, version: Int, author: String, at time: Date, nextRunAt: Date?) throws {
    try database.execute(
      sql: """
        UPDATE checker SET namespace = ?, name = ?, version = ?, saved_at = ?, is_enabled = ?, severity = ?, owner = ?,
          next_run_at = ?, search_text = ?, stale_after = ?, is_pushed = ?, run_delay = NULL
        WHERE id = ?
        """,
      arguments: [
        checker.id.namespace, checker.id.name, version, time.stored, checker.isEnabled, checker.severity.rawValue,
        checker.owner, Self.due(checker, nextRunAt)?.stored, Self.searchText(checker),
        checker.alarm.staleAfterSeconds, checker.body.isPushed, id,
      ])
    try keep(checker, id: id, version: version, author: author, at: time)
  }

  /// Changes a checker in a new version that nobody asked for by itself; when it is due stays as it was.
  func revise(_ id: Int64, author: String, at time: Date, _ change: (inout Checker) -> Void) throws {
    guard let record = try CheckerRecord.fetch(id, nil, database) else { return }
    var checker = record.stored.checker
    change(&checker)
    try update(
      id, to: checker, version: record.stored.version + 1, author: author, at: time,
      nextRunAt: record.stored.nextRunAt)
  }

  private func keep(_ checker: Checker, id: Int64, version: Int, author: String, at time: Date) throws {
    try database.execute(
      sql: "INSERT INTO checker_version (checker_id, version, author, saved_at, document) VALUES (?, ?, ?, ?, ?)",
      arguments: [id, version, author.withoutNul, time.stored, try Document.encode(checker)])
    for table in ["checker_tag", "checker_dataset", "checker_action"] {
      try database.execute(sql: "DELETE FROM \(table) WHERE checker_id = ?", arguments: [id])
    }
    for tag in Set(checker.tags) {
      try database.execute(sql: "INSERT INTO checker_tag (tag, checker_id) VALUES (?, ?)", arguments: [tag, id])
    }
    for dataset in checker.datasets {
      try database.execute(
        sql: "INSERT INTO checker_dataset (namespace, name, checker_id) VALUES (?, ?, ?)",
        arguments: [dataset.namespace, dataset.name, id])
    }
    for action in Set(checker.actions) {
      try database.execute(
        sql: "INSERT INTO checker_action (action, checker_id) VALUES (?, ?)", arguments: [action, id])
    }
    if checker.body.isPushed {
      try database.execute(
        sql: "UPDATE checker SET ping_token = ? WHERE id = ? AND ping_token IS NULL",
        arguments: [UUID().uuidString.lowercased(), id])
    }
    // The schedule, or how the alarm waits, may be another one now.
    if let record = try CheckerRecord.fetch(id, nil, database) {
      let writer = AlarmWriter(database)
      try writer.keepTick(record)
      // A silence may not match it any more.
      if record.stored.alarm.withheldAt != nil { try writer.setTick(time, id) }
    }
    // Rows of other columns are nobody's any more; others may be reminded of sooner. The clock sees to both.
    try database.execute(sql: "UPDATE row_alarm SET ticks_at = ? WHERE checker_id = ?", arguments: [time.stored, id])
  }

  /// A disabled checker is never due.
  private static func due(_ checker: Checker, _ time: Date?) -> Date? { checker.isEnabled ? time : nil }

  private static func searchText(_ checker: Checker) -> String {
    "\(checker.id) \(checker.description)".withoutNul.lowercased()
  }
}
