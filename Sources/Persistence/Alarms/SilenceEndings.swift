package import Domain
package import Foundation
import GRDB

extension SQLiteStore {
  package func untoldEndings(after time: Date, by end: Date) async throws(StoreError) -> [Silence] {
    try await read { database in
      try Row.fetchAll(
        database,
        sql: """
          SELECT id, document FROM silence
          WHERE ends_at > ? AND ends_at <= ? AND told_end IS NOT ends_at ORDER BY ends_at, id
          """, arguments: [time.stored, end.stored]
      ).map(Self.silence)
    }
  }

  package func tellEnding(
    of silence: Silence, deliveries: [NewDelivery], at time: Date
  ) async throws(StoreError) -> Bool {
    try await write { database in
      try database.execute(
        sql: "UPDATE silence SET told_end = ends_at WHERE id = ? AND ends_at = ? AND told_end IS NOT ends_at",
        arguments: [silence.id, silence.endsAt?.stored])
      guard database.changesCount == 1 else { return false }
      for delivery in deliveries { try DeliveryWriter(database).enqueue(delivery, nil, at: time) }
      return true
    }
  }
}
