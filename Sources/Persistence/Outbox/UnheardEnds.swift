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
    let line = DeliveryLine(database: database, checker: row[1], subject: row[2], action: row[3])
    let opening = try line.opening(before: delivery)
    guard !opening.isTold, let lost = opening.givenUp else { return }
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
}
