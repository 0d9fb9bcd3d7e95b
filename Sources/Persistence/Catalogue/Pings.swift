package import Domain
package import Foundation
import GRDB

extension SQLiteStore {
  package func pingToken(of id: QualifiedName) async throws(StoreError) -> String? {
    try await read { database in
      try String.fetchOne(
        database, sql: "SELECT ping_token FROM checker WHERE namespace = ? AND name = ? AND is_pushed = 1",
        arguments: [id.namespace, id.name])
    }
  }

  package func setPingToken(_ token: String, of id: QualifiedName) async throws(StoreError) {
    try await write { database in
      try database.execute(
        sql: "UPDATE checker SET ping_token = ? WHERE namespace = ? AND name = ? AND is_pushed = 1",
        arguments: [token, id.namespace, id.name])
      guard database.changesCount == 1 else { throw StoreError.missing("heartbeat", id) }
    }
  }

  package func checker(pingToken token: String) async throws(StoreError) -> (stored: StoredChecker, startedAt: Date?)? {
    try await read { database in
      guard
        let row = try Row.fetchOne(
          database, sql: "SELECT id, ping_started_at FROM checker WHERE ping_token = ? AND is_pushed = 1",
          arguments: [token]),
        let record = try CheckerRecord.fetch(row[0] as Int64, nil, database)
      else { return nil }
      return (record.stored, row.optionalDate(1))
    }
  }

  package func noteStart(of id: QualifiedName, at time: Date) async throws(StoreError) {
    try await write { database in
      try database.execute(
        sql: """
          UPDATE checker SET ping_started_at = ?1, next_run_at = ?1
          WHERE namespace = ?2 AND name = ?3 AND is_pushed = 1 AND is_enabled = 1
          """, arguments: [time.stored, id.namespace, id.name])
      if let record = try CheckerRecord.fetch(id, nil, database) { try AlarmWriter(database).keepTick(record) }
    }
  }
}
