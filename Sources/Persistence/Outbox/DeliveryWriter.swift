import Domain
import Foundation
import GRDB

/// Puts deliveries into the outbox.
struct DeliveryWriter {
  let database: Database

  init(_ database: Database) { self.database = database }

  /// `checker` is `nil` for what is about no checker, or about one that goes. Deliveries keep their order within a
  /// `line`, which is the event's own unless another is named.
  func enqueue(_ delivery: NewDelivery, _ checker: Int64?, line: String? = nil, at time: Date) throws {
    let state = delivery.isWithheld ? Delivery.State.withheld : .waiting
    let group = delivery.isWithheld ? nil : delivery.group
    var due = delivery.event.time
    if let group { due = max(due, try nextMessage(of: group, delivery.action, at: time)) }
    try database.execute(
      sql: """
        INSERT INTO delivery (checker_id, subject, action, state, next_attempt_at, created_at, event, reason, group_key)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
        """,
      arguments: [
        checker, (line ?? delivery.event.line).withoutNul, delivery.action, state.rawValue, due.stored,
        delivery.event.time.stored, try Document.encode(delivery.event), delivery.reason.withoutNul, group?.key,
      ])
    if delivery.event.standing == .resolved { try UnheardEnds(database).withhold(database.lastInsertedRowID) }
  }

  /// When the group's next message goes: the first of a quiet group waits for others, those that follow wait for the
  /// pause between messages to end.
  private func nextMessage(of group: NewDelivery.Group, _ action: String, at time: Date) throws -> Date {
    let free = try Double.fetchOne(
      database, sql: "SELECT free_at FROM delivery_group WHERE action = ? AND group_key = ?",
      arguments: [action, group.key])
    let first = time.stored + group.waitSeconds
    // The times may have been longer when the last message went.
    let longest = time.stored + max(group.waitSeconds, group.intervalSeconds)
    let next = free.map { $0 > time.stored ? min($0, longest) : first }
    try database.execute(
      sql: """
        INSERT INTO delivery_group (action, group_key, free_at, interval_seconds) VALUES (?, ?, ?, ?)
        ON CONFLICT DO UPDATE SET free_at = excluded.free_at, interval_seconds = excluded.interval_seconds
        """, arguments: [action, group.key, next ?? first, group.intervalSeconds])
    return Date(stored: next ?? first)
  }
}

extension Event {
  /// Names what it is about beside a checker's own alarm, which is empty. Its deliveries keep their order within it.
  var line: String { about.map { "\($0.kind):\($0.name)" } ?? row.map { Self.line(of: $0) } ?? "" }

  static func line(of row: RowKey) -> String { "row:\(row.canonical)" }
}
