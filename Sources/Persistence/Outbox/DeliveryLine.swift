import Domain
import GRDB

/// What one action is to hear of one alarm, in its order.
struct DeliveryLine {
  let database: Database
  var checker: Int64?
  /// The part of the checker that the alarm is of; empty for its own.
  var subject: String
  var action: String

  /// What became of the news of how the alarm stands before the delivery `id`, as far back as this opening goes:
  /// whether its receiver has some of it, or may have it yet, and the newest that was given up after that.
  func opening(before id: Int64) throws -> (isTold: Bool, givenUp: Int64?) {
    let rows = try Row.fetchCursor(
      database,
      sql: """
        SELECT id, event, state FROM delivery
        WHERE checker_id IS ? AND subject = ? AND action = ? AND id < ? AND reason <> ? ORDER BY id DESC
        """, arguments: [checker, subject, action, id, Delivery.everyRun])
    var givenUp: Int64?
    while let row = try rows.next() {
      guard let standing = try Document.decode(Event.self, from: row[1]).standing else { continue }
      if standing == .resolved { break }
      switch try row.value(2) as Delivery.State {
      case .waiting, .sending, .delivered, .grouped: return (true, givenUp)
      case .failed: givenUp = givenUp ?? row[0]
      case .withheld: continue
      }
    }
    return (false, givenUp)
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
