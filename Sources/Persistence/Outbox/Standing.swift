package import Domain
package import Foundation
import GRDB

extension SQLiteStore {
  package func standing(of action: String, resolvedAfter time: Date) async throws(StoreError) -> [Event] {
    try await read { database in
      let checkers = try Int64.fetchAll(
        database,
        sql: "SELECT id FROM checker WHERE alarm_state IN ('red', 'error', 'stale', 'recovering') OR alarm_since > ?",
        arguments: [time.stored])
      var events: [Event] = []
      for checker in checkers {
        let rows = try Row.fetchAll(
          database,
          sql: """
            SELECT subject, state, event FROM delivery WHERE checker_id = ? AND action = ? ORDER BY id DESC LIMIT 200
            """, arguments: [checker, action])
        events += try Standing.events(rows + Self.openRows(checker, action, database), resolvedAfter: time)
      }
      let others = try Row.fetchAll(
        database,
        sql: """
          SELECT subject, state, event FROM delivery WHERE checker_id IS NULL AND action = ? ORDER BY id DESC LIMIT 200
          """, arguments: [action])
      return try events + Standing.events(others, resolvedAfter: time)
    }
  }
}

extension SQLiteStore {
  /// The newest deliveries about each row that is open, which those of other rows may have left far behind.
  private static func openRows(_ checker: Int64, _ action: String, _ database: Database) throws -> [Row] {
    try RowAlarmWriter(database).all(checker).flatMap { row in
      try Row.fetchAll(
        database,
        sql: """
          SELECT subject, state, event FROM delivery WHERE checker_id = ? AND subject = ? AND action = ?
          ORDER BY id DESC LIMIT 10
          """, arguments: [checker, Event.line(of: row.key), action])
    }
  }
}

/// What a receiver that forgets is to be told again.
private enum Standing {
  /// The newest news of each line, when it has been delivered and is not over for long. `rows` come newest first.
  ///
  /// An error that was withheld is no news: the receiver goes on hearing what it knows.
  static func events(_ rows: [Row], resolvedAfter time: Date) throws -> [Event] {
    var known = Set<String>()
    return try rows.compactMap { row in
      let line: String = row[0]
      guard !known.contains(line) else { return nil }
      let event = try Document.decode(Event.self, from: row[2])
      guard case .alarm(let transition) = event.subject, let notice = transition.notice,
        ![.acknowledged, .silenceEnding].contains(notice)
      else { return nil }
      let state = try row.value(1, Delivery.State.self)
      if notice == .error, state == .withheld { return nil }
      known.insert(line)
      guard state == .delivered else { return nil }
      return notice != .resolved || event.time > time ? event : nil
    }
  }
}
