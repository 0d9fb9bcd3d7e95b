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
      for delivery in try Self.numbered(deliveries, of: outage.subject, database) {
        try DeliveryWriter(database).enqueue(delivery, nil, at: delivery.event.time)
      }
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
      for delivery in try Self.numbered(deliveries(outage), of: subject, isEnd: true, database) {
        try DeliveryWriter(database).enqueue(delivery, nil, at: time)
      }
      return outage
    }
  }

  package func failingSince(_ action: String) async throws(StoreError) -> Date? {
    try await read { database in
      // The attempt under way has no error yet.
      try Double.fetchOne(
        database,
        sql: """
          SELECT min(created_at) FROM delivery
          WHERE action = ? AND state IN ('waiting', 'sending') AND last_error IS NOT NULL
          """, arguments: [action]
      ).map(Date.init(stored:))
    }
  }

  package func hasten(_ ids: [QualifiedName], at time: Date) async throws(StoreError) {
    try await write { database in
      for id in ids {
        try database.execute(
          sql: """
            UPDATE checker SET next_run_at = ?1, run_delay = NULL
            WHERE namespace = ?2 AND name = ?3 AND is_enabled = 1 AND claimed_until IS NULL AND is_pushed = 0
              AND ifnull(next_run_at, 1e12) > ?1
            """, arguments: [time.stored, id.namespace, id.name])
      }
    }
  }

  /// Events of one subject count on from one outage to the next.
  private static func numbered(
    _ deliveries: [NewDelivery], of subject: Outage.Subject, isEnd: Bool = false, _ database: Database
  ) throws -> [NewDelivery] {
    // One that began before they were counted on was the first.
    try database.execute(
      sql: """
        INSERT INTO outage_count (subject, events) VALUES (?1, ?2) ON CONFLICT DO UPDATE SET events = events + 1
        """, arguments: [key(subject), isEnd ? 2 : 1])
    let sequence = try Int.fetchOne(
      database, sql: "SELECT events FROM outage_count WHERE subject = ?", arguments: [key(subject)])
    return deliveries.map { delivery in
      var delivery = delivery
      if case .alarm(var transition) = delivery.event.subject, let sequence {
        transition.sequence = sequence
        delivery.event.subject = .alarm(transition)
      }
      return delivery
    }
  }

  static func key(_ subject: Outage.Subject) -> String { "\(subject.kind):\(subject.name)" }
}
