package import Domain
package import Foundation
import GRDB

extension SQLiteStore {
  package func silences(notEndedAt time: Date?) async throws(StoreError) -> [Silence] {
    try await read { database in
      try Row.fetchAll(
        database,
        sql: """
          SELECT id, document FROM silence WHERE ?1 IS NULL OR ends_at IS NULL OR ends_at > ?1
          ORDER BY ends_at IS NULL, ends_at, id
          """, arguments: [time?.stored]
      ).map(Self.silence)
    }
  }

  package func silence(_ id: Int64) async throws(StoreError) -> Silence? {
    try await read { database in
      try Row.fetchOne(database, sql: "SELECT id, document FROM silence WHERE id = ?", arguments: [id])
        .map(Self.silence)
    }
  }

  package func save(_ silence: Silence) async throws(StoreError) -> Silence {
    try await write { database in
      var saved = silence
      let document = try Document.encode(silence)
      if silence.id == 0 {
        try database.execute(
          sql: "INSERT INTO silence (ends_at, document) VALUES (?, ?)", arguments: [silence.endsAt?.stored, document])
        saved.id = database.lastInsertedRowID
      } else {
        try database.execute(
          sql: "UPDATE silence SET ends_at = ?, document = ? WHERE id = ?",
          arguments: [silence.endsAt?.stored, document, silence.id])
        guard database.changesCount == 1 else { throw StoreError.missing("silence", silence.id) }
      }
      return saved
    }
  }

  static func silence(_ row: Row) throws -> Silence {
    var silence = try Document.decode(Silence.self, from: row[1])
    silence.id = row[0]
    return silence
  }
}
