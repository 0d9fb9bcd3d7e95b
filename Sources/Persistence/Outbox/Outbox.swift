package import Domain
package import Foundation
import GRDB

/// Deliveries in lines, one line per alarm and action: only the oldest open delivery of a line is ever leased.
///
/// While a delivery is being sent its `next_attempt_at` is the end of the lease.
extension SQLiteStore {
  /// A delivery counts as attempted once it is leased.
  package func lease(at time: Date, limit: Int, seconds: Double) async throws(StoreError) -> [Delivery] {
    try await write { database in
      let ids = try Int64.fetchAll(
        database,
        sql: """
          SELECT d.id FROM (\(Self.heads)) h JOIN delivery d ON d.id = h.id
          WHERE d.next_attempt_at <= ? AND \(Self.isFirst) ORDER BY d.next_attempt_at, d.id LIMIT ?
          """, arguments: [time.stored, max(0, limit)])
      var messages = GroupMessages(database)
      return try ids.compactMap { id in
        guard let message = try messages.form(around: id, at: time) else { return nil }
        for id in message.ids {
          try database.execute(
            sql: "UPDATE delivery SET state = 'sending', attempts = attempts + 1, next_attempt_at = ? WHERE id = ?",
            arguments: [time.stored + seconds, id])
        }
        var delivery = try Self.fetch(message.leader, database)
        delivery?.event.group = message.group
        return delivery
      }
    }
  }

  package func delivered(_ id: Int64, note: String?, at time: Date) async throws(StoreError) {
    try await write { database in
      try Self.require(id, database)
      try database.execute(
        sql: """
          UPDATE delivery SET state = 'delivered', finished_at = ?, last_error = ?
          WHERE id = ? AND state != 'delivered'
          """, arguments: [time.stored, note?.withoutNul, id])
      try GroupMessages(database).finish(id, as: .grouped, error: nil, at: time)
    }
  }

  /// Puts a delivery back in its line until `time`. One that is finished meanwhile stays so.
  package func retry(_ id: Int64, at time: Date, error: String) async throws(StoreError) {
    try await write { database in
      try Self.require(id, database)
      try database.execute(
        sql: """
          UPDATE delivery SET state = 'waiting', next_attempt_at = ?, last_error = ?
          WHERE id = ? AND state IN ('waiting', 'sending')
          """, arguments: [time.stored, error.withoutNul, id])
      try GroupMessages(database).putBack(id, until: time, error: error)
    }
  }

  package func hurry(action: String, at time: Date) async throws(StoreError) {
    try await write { database in
      try database.execute(
        sql: """
          UPDATE delivery INDEXED BY delivery_open SET next_attempt_at = ?1
          WHERE action = ?2 AND state = 'waiting' AND attempts > 0 AND next_attempt_at > ?1
            AND state IN ('waiting', 'sending')
          """, arguments: [time.stored, action])
    }
  }

  package func failed(_ id: Int64, error: String, at time: Date) async throws(StoreError) {
    try await write { database in
      try Self.require(id, database)
      try database.execute(
        sql: """
          UPDATE delivery SET state = 'failed', finished_at = ?, last_error = ?
          WHERE id = ? AND state IN ('waiting', 'sending')
          """, arguments: [time.stored, error.withoutNul, id])
      let together = try Int64.fetchAll(
        database, sql: "SELECT id FROM delivery WHERE leader = ? AND state IN ('waiting', 'sending')", arguments: [id])
      try GroupMessages(database).finish(id, as: .failed, error: error, at: time)
      for lost in [id] + together { try UnheardEnds(database).withholdBehind(lost) }
    }
  }

  package func nextAttempt() async throws(StoreError) -> Date? {
    try await read { database in
      try Double.fetchOne(
        database,
        sql: """
          SELECT min(d.next_attempt_at) FROM (\(Self.heads)) h JOIN delivery d ON d.id = h.id WHERE \(Self.isFirst)
          """
      ).map(Date.init(stored:))
    }
  }

  package func deliveries(
    action: String?, checker: QualifiedName?, state: Delivery.State?, withRuns: Bool, limit: Int
  ) async throws(StoreError) -> [Delivery] {
    try await read { database in
      var conditions = ["TRUE"]
      var arguments: StatementArguments = ["limit": max(0, limit)]
      if let action {
        conditions.append("action = :action")
        arguments += ["action": action]
      }
      if let state {
        conditions.append("state = :state")
        arguments += ["state": state.rawValue]
      }
      if !withRuns {
        conditions.append("reason <> :everyRun")
        arguments += ["everyRun": Delivery.everyRun]
      }
      if let checker {
        conditions.append("checker_id = :checker")
        arguments += ["checker": try CheckerRecord.id(checker, database)]
      }
      return try Row.fetchAll(
        database,
        sql: "\(Self.columns) WHERE \(conditions.joined(separator: " AND ")) ORDER BY id DESC LIMIT :limit",
        arguments: arguments
      ).map(Self.delivery)
    }
  }

  package func latest(of actions: [String]) async throws(StoreError) -> [Delivery] {
    try await read { database in
      try actions.compactMap { action in
        try Row.fetchOne(
          database, sql: "\(Self.columns) WHERE action = ? AND state <> 'withheld' ORDER BY id DESC LIMIT 1",
          arguments: [action]
        ).map(Self.delivery)
      }
    }
  }

  package func delivery(_ id: Int64) async throws(StoreError) -> Delivery? {
    try await read { database in try Self.fetch(id, database) }
  }

  package func counts() async throws(StoreError) -> [Delivery.State: Int] {
    try await read { database in
      var counts: [Delivery.State: Int] = [:]
      for row in try Row.fetchAll(database, sql: "SELECT state, count(*) FROM delivery GROUP BY state") {
        counts[try row.value(0)] = row[1]
      }
      return counts
    }
  }

  /// The first of each line, beside those that are told of in another's message.
  private static let heads = """
    SELECT min(id) AS id FROM delivery INDEXED BY delivery_open
    WHERE state IN ('waiting', 'sending') AND leader IS NULL GROUP BY checker_id, subject, action
    """

  /// Nothing before it in its line waits for another's message.
  private static let isFirst = """
    NOT EXISTS (
      SELECT 1 FROM delivery e INDEXED BY delivery_open
      WHERE e.state IN ('waiting', 'sending') AND e.checker_id IS d.checker_id AND e.subject = d.subject
        AND e.action = d.action AND e.id < d.id AND e.leader IS NOT d.id)
    """

  private static let columns = """
    SELECT id, event, action, state, attempts, next_attempt_at, last_error, created_at, finished_at, reason
    FROM delivery
    """

  static func fetch(_ id: Int64, _ database: Database) throws -> Delivery? {
    try Row.fetchOne(database, sql: columns + " WHERE id = ?", arguments: [id]).map(delivery)
  }

  private static func delivery(_ row: Row) throws -> Delivery {
    Delivery(
      id: row[0], event: try Document.decode(Event.self, from: row[1]), action: row[2], state: try row.value(3),
      attempts: row[4], nextAttemptAt: row.date(5), lastError: row[6], createdAt: row.date(7),
      finishedAt: row.optionalDate(8), reason: row[9])
  }

  private static func require(_ id: Int64, _ database: Database) throws {
    let known = try Bool.fetchOne(
      database, sql: "SELECT EXISTS (SELECT 1 FROM delivery WHERE id = ?)", arguments: [id])
    guard known == true else { throw StoreError.missing("delivery", id) }
  }
}
