package import Domain
package import Foundation
import GRDB

/// Claims: a checker is claimed until a moment, so a claim of a process that died ends by itself.
extension SQLiteStore {
  package func claimDue(at time: Date, limit: Int, lease: Double) async throws(StoreError) -> [StoredChecker] {
    let documents = documents
    return try await write { database in
      let statement = try database.cachedStatement(
        sql: """
          SELECT id FROM checker
          WHERE is_enabled = 1 AND is_pushed = 0 AND next_run_at <= ?1 AND (claimed_until IS NULL OR claimed_until <= ?1)
          ORDER BY next_run_at LIMIT ?2
          """)
      let ids = try Int64.fetchAll(statement, arguments: [time.stored, max(0, limit)])
      let claim = try database.cachedStatement(sql: "UPDATE checker SET claimed_until = ? WHERE id = ?")
      return try ids.compactMap { id in
        try claim.execute(arguments: [time.stored + lease, id])
        return try CheckerRecord.fetch(id, documents, database)?.stored
      }
    }
  }

  package func claim(_ id: QualifiedName, at time: Date, lease: Double) async throws(StoreError) -> Bool {
    try await write { database in
      let checker = try CheckerRecord.id(id, database)
      try database.execute(
        sql: "UPDATE checker SET claimed_until = ?1 WHERE id = ?2 AND (claimed_until IS NULL OR claimed_until <= ?3)",
        arguments: [time.stored + lease, checker, time.stored])
      return database.changesCount == 1
    }
  }

  package func release(_ id: QualifiedName, nextRunAt: Date?) async throws(StoreError) {
    try await write { database in
      try database.execute(
        sql: """
          UPDATE checker SET claimed_until = NULL, next_run_at = CASE WHEN is_enabled THEN ?1 END,
            alarm_ticks_at = min(ifnull(alarm_ticks_at, 1e12), ifnull(?1 + stale_after, 1e12))
          WHERE namespace = ?2 AND name = ?3
          """, arguments: [nextRunAt?.stored, id.namespace, id.name])
      guard database.changesCount == 1 else { throw StoreError.missing("checker", id) }
    }
  }

  package func replan(_ id: QualifiedName, nextRunAt: Date) async throws(StoreError) {
    try await write { database in
      try database.execute(
        sql: """
          UPDATE checker SET next_run_at = ?1, run_delay = NULL, alarm_ticks_at = min(ifnull(alarm_ticks_at, 1e12), ?1)
          WHERE namespace = ?2 AND name = ?3 AND is_enabled = 1 AND claimed_until IS NULL
          """, arguments: [nextRunAt.stored, id.namespace, id.name])
    }
  }

  package func releaseAllClaims() async throws(StoreError) {
    try await write { database in
      try database.execute(sql: "UPDATE checker SET claimed_until = NULL WHERE claimed_until IS NOT NULL")
    }
  }

  /// When the next checker is due; one that is claimed, not before its claim ends.
  package func nextDue() async throws(StoreError) -> Date? {
    try await read { database in
      let free = try Double.fetchOne(
        database,
        sql: """
          SELECT next_run_at FROM checker
          WHERE is_enabled = 1 AND is_pushed = 0 AND next_run_at IS NOT NULL AND claimed_until IS NULL
          ORDER BY next_run_at LIMIT 1
          """)
      let claimed = try Double.fetchOne(
        database,
        sql: """
          SELECT min(max(next_run_at, claimed_until)) FROM checker
          WHERE claimed_until IS NOT NULL AND is_enabled = 1 AND is_pushed = 0 AND next_run_at IS NOT NULL
          """)
      return [free, claimed].compactMap(\.self).min().map(Date.init(stored:))
    }
  }
}
