import Domain
import GRDB

/// Whoever heard of no beginning hears of no end: it was tried, and given up.
struct UnheardEnds {
  private let database: Database

  init(_ database: Database) { self.database = database }

  /// `delivery` is new, or what stands before it in its line was given up just now.
  func withhold(_ delivery: Int64) throws {
    guard
      let row = try Row.fetchOne(
        database,
        sql: "SELECT event, checker_id, subject, action FROM delivery WHERE id = ? AND state = 'waiting'",
        arguments: [delivery]),
      try Document.decode(Event.self, from: row[0]).standing == .resolved
    else { return }
    guard let lost = try lostBeginning(before: delivery, checker: row[1], subject: row[2], action: row[3]) else {
      return
    }
    try database.execute(
      sql: "UPDATE delivery SET state = 'withheld', reason = reason || ? WHERE id = ?",
      arguments: ["; it never heard of the beginning: delivery \(lost) was given up", delivery])
  }

  /// Looks at the ends that wait behind a delivery that was given up.
  func withholdBehind(_ delivery: Int64) throws {
    let waiting = try Int64.fetchAll(
      database,
      sql: """
        SELECT n.id FROM delivery d
        JOIN delivery n ON n.checker_id IS d.checker_id AND n.subject = d.subject AND n.action = d.action AND n.id > d.id
        WHERE d.id = ? AND n.state = 'waiting' ORDER BY n.id
        """, arguments: [delivery])
    for id in waiting { try withhold(id) }
  }

  /// The newest news of the alarm that was given up, when all of it since the last end was; `nil` when some was taken,
  /// or may be still.
  private func lostBeginning(
    before id: Int64, checker: Int64?, subject: String, action: String
  ) throws -> Int64? {
    let rows = try Row.fetchCursor(
      database,
      sql: """
        SELECT id, event, state FROM delivery
        WHERE checker_id IS ? AND subject = ? AND action = ? AND id < ? AND reason <> ? ORDER BY id DESC
        """, arguments: [checker, subject, action, id, Delivery.everyRun])
    var lost: Int64?
    while let row = try rows.next() {
      guard let standing = try Document.decode(Event.self, from: row[1]).standing else { continue }
      if standing == .resolved { return lost }
      switch try row.value(2) as Delivery.State {
      case .failed: lost = lost ?? row[0]
      case .withheld: continue
      case .waiting, .sending, .delivered, .grouped: return nil
      }
    }
    return lost
  }
}

extension Event {
  /// How it says that its alarm stands; `nil` for what only remarks on it, and for what is about no alarm.
  var standing: AlarmTransition.Notice? {
    guard case .alarm(let transition) = subject else { return nil }
    switch transition.notice {
    case .red, .error, .stale, .reminder, .resolved: return transition.notice
    case .acknowledged, .silenceEnding, nil: return nil
    }
  }
}
