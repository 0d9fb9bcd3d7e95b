package import Domain
import Foundation
import GRDB

extension SQLiteStore {
  package func notices(of id: QualifiedName, limit: Int) async throws(StoreError) -> [Delivery] {
    try await read { database in
      let found = try Row.fetchAll(
        database,
        sql: """
          SELECT id, event, action, state, attempts, next_attempt_at, last_error, created_at, finished_at, reason
          FROM delivery WHERE checker_id = ? AND reason <> ? ORDER BY id DESC LIMIT ?
          """, arguments: [try CheckerRecord.id(id, database), Delivery.everyRun, max(0, limit)]
      ).map { row in
        Delivery(
          id: row[0], event: try Document.decode(Event.self, from: row[1]), action: row[2], state: try row.value(3),
          attempts: row[4], nextAttemptAt: row.date(5), lastError: row[6], createdAt: row.date(7),
          finishedAt: row.optionalDate(8), reason: row[9])
      }
      // Older versions wrote no reasons.
      return found.filter { if case .alarm = $0.event.subject { true } else { false } }
    }
  }
}
