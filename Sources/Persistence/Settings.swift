package import Domain
import GRDB

extension SQLiteStore {
  package func setting(_ key: String) async throws(StoreError) -> String? {
    try await read { database in
      try String.fetchOne(database, sql: "SELECT value FROM setting WHERE key = ?", arguments: [key])
    }
  }

  package func set(_ key: String, _ value: String?) async throws(StoreError) {
    try await write { database in try Self.put(value, underKey: key, database) }
  }

  static func put(_ value: String?, underKey key: String, _ database: Database) throws {
    if let value {
      try database.execute(
        sql: "INSERT INTO setting (key, value) VALUES (?1, ?2) ON CONFLICT (key) DO UPDATE SET value = ?2",
        arguments: [key, value])
    } else {
      try database.execute(sql: "DELETE FROM setting WHERE key = ?", arguments: [key])
    }
  }

  package func settings(prefix: String) async throws(StoreError) -> [String: String] {
    try await read { database in
      let rows = try Row.fetchAll(
        database, sql: "SELECT key, value FROM setting WHERE substr(key, 1, length(?1)) = ?1", arguments: [prefix])
      return Dictionary(rows.map { ($0[0], $0[1]) }, uniquingKeysWith: { first, _ in first })
    }
  }
}
