import Domain
import Foundation
import GRDB

/// The worst outcome per slot of time, kept as runs come in, so that a timeline reads a few rows whatever the history.
///
/// Half-hour slots (kept for eight days) serve the day and, six in one, the week; 12-hour slots serve the month. Slots
/// are aligned to multiples of their length since 1970-01-01 UTC. 48 of them share a row, one byte each: 0 where none
/// ran, else the outcome from 1 (passed) to 4 (errored).
enum Timeline {
  static let slotsPerPage = 48
  static let short = 1800
  static let long = 12 * 3600
  /// Longest that the half-hour slots are needed.
  private static let shortSpan = 8 * 86_400

  /// Takes a run in: the worst wins its slot.
  static func add(_ outcome: Outcome, at time: Date, checker: Int64, _ database: Database) throws {
    for seconds in [short, long] {
      let slot = slot(time, seconds)
      let (page, index) = (floorDivide(slot, slotsPerPage), modulo(slot, slotsPerPage))
      let statement = try database.cachedStatement(
        sql: "SELECT slots FROM timeline_page WHERE checker_id = ? AND slot_seconds = ? AND page = ?")
      let known = try Data.fetchOne(statement, arguments: [checker, seconds, page])
      var slots = known.map { [UInt8]($0) } ?? []
      if slots.count != slotsPerPage { slots = [UInt8](repeating: 0, count: slotsPerPage) }
      guard code(outcome) > slots[index] else { continue }
      slots[index] = code(outcome)
      try database.cachedStatement(
        sql: """
          INSERT INTO timeline_page (checker_id, slot_seconds, page, slots) VALUES (?1, ?2, ?3, ?4)
          ON CONFLICT DO UPDATE SET slots = ?4
          """
      ).execute(arguments: [checker, seconds, page, Data(slots)])
      if known == nil, seconds == short { try dropOld(checker, page, database) }
    }
  }

  private static func dropOld(_ checker: Int64, _ page: Int, _ database: Database) throws {
    try database.execute(
      sql: "DELETE FROM timeline_page WHERE checker_id = ? AND slot_seconds = ? AND page < ?",
      arguments: [checker, short, page - shortSpan / (short * slotsPerPage)])
  }

  /// The slots of a range, oldest first; the last one contains `time`.
  static func read(_ checker: Int64, _ range: TimelineRange, until time: Date, _ database: Database) throws
    -> [Outcome?]
  {
    let seconds = range == .month ? long : short
    let merged = range.slotSeconds / seconds
    let first = (slot(time, range.slotSeconds) - range.slots + 1) * merged
    let count = range.slots * merged
    var worst = [UInt8](repeating: 0, count: range.slots)
    let statement = try database.cachedStatement(
      sql: """
        SELECT page, slots FROM timeline_page
        WHERE checker_id = ? AND slot_seconds = ? AND page BETWEEN ? AND ?
        """)
    let pages = try Row.fetchCursor(
      statement,
      arguments: [
        checker, seconds, floorDivide(first, slotsPerPage), floorDivide(first + count - 1, slotsPerPage),
      ])
    while let row = try pages.next() {
      let start = (row[0] as Int) * slotsPerPage - first
      let slots: Data = row[1]
      for (offset, code) in slots.enumerated() where code > 0 && (0..<count).contains(start + offset) {
        let index = (start + offset) / merged
        worst[index] = max(worst[index], code)
      }
    }
    return worst.map(outcome)
  }

  /// Empties the slots that ended by `time`.
  static func prune(before time: Date, _ database: Database) throws {
    for seconds in [short, long] {
      let firstKept = slot(time, seconds)
      let (page, index) = (floorDivide(firstKept, slotsPerPage), modulo(firstKept, slotsPerPage))
      try database.execute(
        sql: "DELETE FROM timeline_page WHERE slot_seconds = ? AND page < ?", arguments: [seconds, page])
      guard index > 0 else { continue }
      try database.execute(
        sql: """
          UPDATE timeline_page SET slots = CAST(zeroblob(?1) || substr(slots, ?1 + 1) AS BLOB)
          WHERE slot_seconds = ?2 AND page = ?3
          """, arguments: [index, seconds, page])
    }
  }

  private static func slot(_ time: Date, _ seconds: Int) -> Int {
    Int((time.timeIntervalSince1970 / Double(seconds)).rounded(.down))
  }

  private static func floorDivide(_ value: Int, _ by: Int) -> Int {
    (value - modulo(value, by)) / by
  }

  private static func modulo(_ value: Int, _ by: Int) -> Int {
    let rest = value % by
    return rest < 0 ? rest + by : rest
  }

  private static func code(_ outcome: Outcome) -> UInt8 {
    switch outcome {
    case .passed: 1
    case .warned: 2
    case .failed: 3
    case .errored: 4
    }
  }

  private static func outcome(_ code: UInt8) -> Outcome? {
    switch code {
    case 1: .passed
    case 2: .warned
    case 3: .failed
    case 4: .errored
    default: nil
    }
  }
}
