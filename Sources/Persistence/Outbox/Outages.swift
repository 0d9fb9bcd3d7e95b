package import Domain
package import Foundation
import GRDB

extension SQLiteStore {
  package func outages() async throws(StoreError) -> [Outage] {
    try await read { database in
      try String.fetchAll(database, sql: "SELECT document FROM outage ORDER BY subject")
        .map { try Document.decode(Outage.self, from: $0) }
    }
  }

  package func begin(_ outage: Outage, deliveries: [NewDelivery]) async throws(StoreError) -> Bool {
    try await write { database in
      var outage = outage
      outage.told = deliveries.filter { !$0.isWithheld }.map(\.action)
      try database.execute(
        sql: "INSERT INTO outage (subject, document) VALUES (?, ?) ON CONFLICT DO NOTHING",
        arguments: [Self.key(outage.subject), try Document.encode(outage)])
      guard database.changesCount == 1 else { return false }
      for delivery in deliveries { try DeliveryWriter(database).enqueue(delivery, nil, at: outage.since) }
      return true
    }
  }

  package func end(
    _ subject: Outage.Subject, at time: Date, deliveries: @escaping @Sendable (Outage) -> [NewDelivery]
  ) async throws(StoreError) -> Outage? {
    try await write { database in
      guard
        let document = try String.fetchOne(
          database, sql: "DELETE FROM outage WHERE subject = ? RETURNING document", arguments: [Self.key(subject)])
      else { return nil }
      let outage = try Document.decode(Outage.self, from: document)
      for delivery in deliveries(outage) { try DeliveryWriter(database).enqueue(delivery, nil, at: time) }
      return outage
    }
  }

  package func hasten(_ ids: [QualifiedName], at time: Date) async throws(StoreError) {
    try await write { database in
      for id in ids {
        try database.execute(
          sql: """
            UPDATE checker SET next_run_at = ?1, run_delay = NULL
            WHERE namespace = ?2 AND name = ?3 AND is_enabled = 1 AND next_run_at > ?1 AND claimed_until IS NULL
              AND is_pushed = 0
            """, arguments: [time.stored, id.namespace, id.name])
        try database.execute(
          sql: """
            UPDATE checker SET alarm_ticks_at = ?1
            WHERE namespace = ?2 AND name = ?3 AND next_run_at IS NULL AND claimed_until IS NULL
              AND json_extract(alarm_memory, '$.trouble.isWithheld') = 1
            """, arguments: [time.stored, id.namespace, id.name])
      }
    }
  }

  private static func key(_ subject: Outage.Subject) -> String { "\(subject.kind):\(subject.name)" }
}
