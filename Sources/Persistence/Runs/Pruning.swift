package import Domain
package import Foundation
import GRDB

extension SQLiteStore {
  /// Runs dropped in one transaction: others write in between.
  private static let slice = 500

  /// Drops runs that started before `time`, the slots of timelines that ended by then, and the deliveries made before
  /// it that are finished. Alarms and their transitions stay. Returns how many runs.
  package func prune(before time: Date) async throws(StoreError) -> Int {
    var total = 0
    while true {
      let count = try await write { database in try Self.dropRuns(before: time, database) }
      total += count
      if count < Self.slice { break }
    }
    while try await write({ database in try Self.dropDeliveries(before: time, database) }) == Self.slice {}
    try await write { database in try Timeline.prune(before: time, database) }
    return total
  }

  private static func dropRuns(before time: Date, _ database: Database) throws -> Int {
    let rows = try Row.fetchAll(
      database,
      sql: """
        DELETE FROM run WHERE number IN (SELECT number FROM run WHERE started_at < ? ORDER BY started_at LIMIT ?)
        RETURNING checker_id, assertion_set
        """, arguments: [time.stored, slice])
    var sets: [Int64: Int64] = [:]
    for row in rows { sets[row[1]] = row[0] }
    for (set, checker) in sets {
      try database.execute(
        sql: """
          DELETE FROM assertion_set WHERE id = ?1
            AND NOT EXISTS (SELECT 1 FROM run WHERE checker_id = ?2 AND assertion_set = ?1)
          """, arguments: [set, checker])
    }
    return rows.count
  }

  private static func dropDeliveries(before time: Date, _ database: Database) throws -> Int {
    try database.execute(
      sql: """
        DELETE FROM delivery WHERE id IN
          (SELECT id FROM delivery WHERE state IN ('delivered', 'failed', 'withheld', 'grouped') AND created_at < ? LIMIT ?)
        """, arguments: [time.stored, slice])
    return database.changesCount
  }
}
