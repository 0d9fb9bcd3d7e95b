import GRDB

extension Schema {
  /// How many events there were about a data source or an action, so that they go on counting; and where to find the
  /// checkers whose rows have alarms.
  static func outageCounts(_ database: Database) throws {
    try database.execute(
      sql: """
        CREATE TABLE outage_count (
          subject TEXT PRIMARY KEY,
          events INTEGER NOT NULL
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX checker_with_rows ON checker (namespace) WHERE alarm_rows IS NOT NULL;
        """)
  }
}
