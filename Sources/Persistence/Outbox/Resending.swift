package import Domain
package import Foundation
import GRDB

/// Deliveries that were given up or withheld, sent after all.
///
/// What a newer event of the same alarm has overtaken is not: a receiver would take it for the state of things.
extension SQLiteStore {
  package func resend(_ id: Int64, at time: Date) async throws(StoreError) {
    try await write { database in
      guard let delivery = try Self.fetch(id, database) else { throw StoreError.missing("delivery", id) }
      guard [.failed, .withheld].contains(delivery.state) else {
        throw StoreError.conflict(
          "Delivery \(id) is \(delivery.state.rawValue). Only failed or withheld ones can be sent again.")
      }
      if let newer = try Resending(database).overtaker(of: delivery) {
        throw StoreError.conflict(
          "Delivery \(id) is overtaken: delivery \(newer) tells of the same alarm as it was later. Send that one.")
      }
      try Resending(database).putBack(id, at: time)
    }
  }

  package func resendFailed(action: String, at time: Date) async throws(StoreError) -> ResentDeliveries {
    try await write { database in
      let resending = Resending(database)
      var resent = ResentDeliveries()
      let ids = try Int64.fetchAll(
        database, sql: "SELECT id FROM delivery WHERE state = 'failed' AND action = ? ORDER BY id", arguments: [action])
      for id in ids {
        guard let delivery = try Self.fetch(id, database) else { continue }
        if try resending.overtaker(of: delivery) == nil {
          try resending.putBack(id, at: time)
          resent.resent += 1
        } else {
          resent.overtaken += 1
        }
      }
      return resent
    }
  }
}

private struct Resending {
  private let database: Database

  init(_ database: Database) { self.database = database }

  /// Its attempts count from 0 again, so that it is tried soon and often at first.
  func putBack(_ id: Int64, at time: Date) throws {
    try database.execute(
      sql: """
        UPDATE delivery
        SET state = 'waiting', attempts = 0, next_attempt_at = ?, finished_at = NULL, last_error = NULL,
          group_key = NULL, leader = NULL
        WHERE id = ?
        """, arguments: [time.stored, id])
  }

  /// The newest delivery of the same line that says how the alarm stood later; `nil` for messages of single runs, each
  /// of which stands for itself.
  func overtaker(of delivery: Delivery) throws -> Int64? {
    guard delivery.reason != Delivery.everyRun, delivery.event.standing != nil else { return nil }
    let rows = try Row.fetchCursor(
      database,
      sql: """
        SELECT n.id, n.event FROM delivery d
        JOIN delivery n ON n.checker_id IS d.checker_id AND n.subject = d.subject AND n.action = d.action AND n.id > d.id
        WHERE d.id = ? AND n.reason <> ? ORDER BY n.id DESC
        """, arguments: [delivery.id, Delivery.everyRun])
    while let row = try rows.next() {
      if try Document.decode(Event.self, from: row[1]).standing != nil { return row[0] }
    }
    return nil
  }
}
