import Domain
import Foundation
import GRDB

/// Messages that tell of several deliveries of one group.
///
/// A message is formed once, when its first delivery is due, and stays as it is however often it is tried: a receiver
/// that drops repeats by their id misses nothing. Those told of in it keep their places in their lines until it has
/// gone.
struct GroupMessages {
  struct Message {
    var leader: Int64
    /// All of them, the leader too.
    var ids: [Int64]
    /// `nil` for one alone.
    var group: EventGroup?
  }

  private let database: Database
  private var taken: Set<Int64> = []

  /// A message of more would be read by nobody; the rest follow in the next.
  private static let most = 100

  init(_ database: Database) { self.database = database }

  /// The message that `id` goes with; `nil` when it is in one that was formed just now.
  mutating func form(around id: Int64, at time: Date) throws -> Message? {
    guard !taken.contains(id) else { return nil }
    guard
      let row = try Row.fetchOne(
        database, sql: "SELECT action, group_key, attempts FROM delivery WHERE id = ?", arguments: [id]),
      let key: String = row[1]
    else { return Message(leader: id, ids: [id]) }
    let attempts: Int = row[2]
    let message =
      attempts > 0 ? try formed(id, key) : try gather(row[0], key, around: id, at: time)
    taken.formUnion(message.ids)
    return message
  }

  /// One that was tried before.
  private func formed(_ leader: Int64, _ key: String) throws -> Message {
    let rows = try Row.fetchAll(
      database,
      sql: """
        SELECT id, event, checker_id, subject FROM delivery
        WHERE id = ?1 OR leader = ?1 AND state IN ('waiting', 'sending') ORDER BY id
        """, arguments: [leader])
    return Self.message(try rows.map(Part.init), key, leader: leader)
  }

  /// Everything of the group that waits, and that is not behind something else in its line.
  private func gather(_ action: String, _ key: String, around id: Int64, at time: Date) throws -> Message {
    let rows = try Row.fetchAll(
      database,
      sql: """
        SELECT d.id, d.event, d.checker_id, d.subject FROM delivery d
        WHERE d.action = ? AND d.group_key = ? AND d.state = 'waiting' AND d.leader IS NULL AND d.attempts = 0
          AND NOT EXISTS (
            SELECT 1 FROM delivery e
            WHERE e.checker_id IS d.checker_id AND e.subject = d.subject AND e.action = d.action AND e.id < d.id
              AND e.state IN ('waiting', 'sending')
              AND (e.group_key IS NOT d.group_key OR e.leader IS NOT NULL OR e.attempts > 0))
        ORDER BY d.id LIMIT ?
        """, arguments: [action, key, Self.most])
    var parts = try rows.map(Part.init)
    if !parts.contains(where: { $0.id == id }) { parts = try fetch(id).map { [try Part($0)] } ?? [] }
    try database.execute(
      sql: "UPDATE delivery_group SET free_at = ? + interval_seconds WHERE action = ? AND group_key = ?",
      arguments: [time.stored, action, key])
    let message = Self.message(parts, key, leader: nil)
    for id in message.ids where id != message.leader {
      try database.execute(
        sql: "UPDATE delivery SET leader = ?1, reason = reason || '; told together with delivery ' || ?1 WHERE id = ?2",
        arguments: [message.leader, id])
    }
    // One alarm may have two deliveries here, of which the newer counts.
    if let alarms = message.group?.alarms {
      try database.execute(
        sql: "UPDATE delivery SET reason = reason || ? WHERE id = ?",
        arguments: ["; tells of \(alarms.count - 1) more", message.leader])
    }
    return message
  }

  private func fetch(_ id: Int64) throws -> Row? {
    try Row.fetchOne(
      database, sql: "SELECT id, event, checker_id, subject FROM delivery WHERE id = ?", arguments: [id])
  }

  /// The newest of each alarm, the worst first. That one leads, so that the message looks as bad as it is.
  private static func message(_ parts: [Part], _ key: String, leader: Int64?) -> Message {
    let newest = Dictionary(parts.map { ($0.line, $0) }, uniquingKeysWith: { $0.id > $1.id ? $0 : $1 }).values
    let ranked = newest.sorted { ($0.rank, $0.id) < ($1.rank, $1.id) }
    let first = leader ?? ranked.first?.id ?? parts.first?.id ?? 0
    let shown = ranked.filter { $0.id == first } + ranked.filter { $0.id != first }
    let members = shown.compactMap { EventGroup.Member($0.event) }
    return Message(
      leader: first, ids: parts.map(\.id), group: members.count > 1 ? EventGroup(key: key, alarms: members) : nil)
  }

  /// What was told of in the message of `leader`, now that it has gone or was given up.
  func finish(_ leader: Int64, as state: Delivery.State, error: String?, at time: Date) throws {
    try database.execute(
      sql: """
        UPDATE delivery SET state = ?, finished_at = ?, last_error = ?
        WHERE leader = ? AND state IN ('waiting', 'sending')
        """, arguments: [state.rawValue, time.stored, error?.withoutNul, leader])
  }

  func putBack(_ leader: Int64, until time: Date, error: String) throws {
    try database.execute(
      sql: """
        UPDATE delivery SET state = 'waiting', next_attempt_at = ?, last_error = ?
        WHERE leader = ? AND state IN ('waiting', 'sending')
        """, arguments: [time.stored, error.withoutNul, leader])
  }

  private struct Part {
    struct Line: Hashable {
      var checker: Int64?
      var subject: String
    }

    var id: Int64
    var event: Event
    var line: Line

    init(_ row: Row) throws {
      id = row[0]
      event = try Document.decode(Event.self, from: row[1])
      line = Line(checker: row[2], subject: row[3])
    }

    /// What is worse comes first.
    var rank: Int {
      guard case .alarm(let transition) = event.subject else { return 9 }
      let severity = Severity.allCases.firstIndex(of: event.severity) ?? 0
      let kind =
        switch transition.notice {
        case .red, .reminder: transition.isWarning ? 1 : 0
        case .error, .stale: 1
        case .acknowledged, .silenceEnding, nil: 2
        case .resolved: 3
        }
      return kind * 10 - severity
    }
  }
}

extension EventGroup.Member {
  /// `nil` for what is no alarm.
  fileprivate init?(_ event: Event) {
    guard case .alarm(let transition) = event.subject else { return nil }
    self.init(
      checker: event.checker, notice: transition.notice ?? .resolved, state: transition.to, severity: event.severity,
      summary: String(event.summary.prefix(500)), since: transition.at, row: event.row)
  }
}
