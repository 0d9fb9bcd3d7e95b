import Domain
import GRDB

/// The tables of the store, and how older ones become today's.
///
/// Integer ids inside, names outside. Times are seconds since 2001-01-01 UTC. A migration that was released is never
/// edited: a new one follows it.
enum Schema {
  /// Marks the file as ours (`PRAGMA application_id`): "mchk".
  static let applicationID: Int32 = 0x6D63_686B

  static var migrator: DatabaseMigrator {
    var migrator = DatabaseMigrator()
    migrator.registerMigration("1 catalogue", migrate: catalogue)
    migrator.registerMigration("2 runs", migrate: runs)
    migrator.registerMigration("3 outbox and settings", migrate: outboxAndSettings)
    migrator.registerMigration("4 code", migrate: code)
    migrator.registerMigration("5 alarms", migrate: alarms)
    migrator.registerMigration("6 delivery", migrate: delivery)
    migrator.registerMigration("7 pings", migrate: pings)
    migrator.registerMigration("8 rows", migrate: rows)
    migrator.registerMigration("9 silence endings", migrate: silenceEndings)
    migrator.registerMigration("10 routing versions", migrate: routing)
    migrator.registerMigration("11 outage counts", migrate: outageCounts)
    return migrator
  }

  /// Refuses what is not a store of ours or is newer than this program; brings the rest up to date.
  static func prepare(_ pool: DatabasePool, file: String) throws {
    let migrator = migrator
    try pool.write { database in
      try claimFile(database, file: file)
      if try migrator.hasBeenSuperseded(database) {
        throw StoreError.unavailable(
          "The store \(file) was written by a newer version of this program. Start that version, or restore a backup.")
      }
    }
    try migrator.migrate(pool)
    // No other process has the store, so whatever was being sent is not any more.
    try pool.write { database in
      try database.execute(
        sql: "UPDATE delivery SET state = 'waiting', next_attempt_at = created_at WHERE state = 'sending'")
    }
  }

  private static func claimFile(_ database: Database, file: String) throws {
    let mark = try Int32.fetchOne(database, sql: "PRAGMA application_id") ?? 0
    if mark == applicationID { return }
    let tables = try Int.fetchOne(database, sql: "SELECT count(*) FROM sqlite_schema") ?? 0
    guard mark == 0, tables == 0 else {
      throw StoreError.unavailable(
        "\(file) is a SQLite database of another program. Choose another folder for the store.")
    }
    try database.execute(sql: "PRAGMA application_id = \(applicationID)")
  }
}
