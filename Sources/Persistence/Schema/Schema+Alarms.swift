import GRDB

extension Schema {
  /// What alarms remember, what people do about them, silences, and why deliveries are sent or withheld.
  ///
  /// `stale_after` is derived from the checker's document; `alarm_ticks_at` is when time alone may change its alarm.
  static func alarms(_ database: Database) throws {
    try database.execute(
      sql: """
        ALTER TABLE checker ADD COLUMN alarm_memory TEXT NOT NULL DEFAULT '{}';
        ALTER TABLE checker ADD COLUMN alarm_ticks_at REAL;
        ALTER TABLE checker ADD COLUMN stale_after REAL DEFAULT 3600;
        ALTER TABLE checker ADD COLUMN run_delay TEXT;
        -- 1 for those whose runs come from outside: no schedule of ours claims them.
        ALTER TABLE checker ADD COLUMN is_pushed INTEGER NOT NULL DEFAULT 0;
        CREATE INDEX checker_ticks ON checker (alarm_ticks_at) WHERE alarm_ticks_at IS NOT NULL;
        DROP INDEX checker_overview;
        CREATE INDEX checker_overview ON checker
          (namespace, name, alarm_state, alarm_is_warning, severity, alarm_since, muted_until, next_run_at, stale_after);
        UPDATE checker SET alarm_ticks_at = next_run_at + stale_after WHERE next_run_at IS NOT NULL;

        ALTER TABLE delivery ADD COLUMN reason TEXT NOT NULL DEFAULT '';
        ALTER TABLE delivery ADD COLUMN group_key TEXT;
        -- The delivery in whose message this one is told of.
        ALTER TABLE delivery ADD COLUMN leader INTEGER;
        CREATE INDEX delivery_by_group ON delivery (action, group_key) WHERE group_key IS NOT NULL AND state = 'waiting';
        CREATE INDEX delivery_leader ON delivery (leader) WHERE leader IS NOT NULL;

        CREATE TABLE delivery_group (
          action TEXT NOT NULL,
          group_key TEXT NOT NULL,
          free_at REAL NOT NULL,
          PRIMARY KEY (action, group_key)
        ) STRICT, WITHOUT ROWID;

        CREATE TABLE alarm_entry (
          number INTEGER PRIMARY KEY,
          checker_id INTEGER NOT NULL REFERENCES checker ON DELETE CASCADE,
          at REAL NOT NULL,
          kind TEXT NOT NULL,
          author TEXT NOT NULL,
          text TEXT NOT NULL
        ) STRICT;
        CREATE INDEX alarm_entry_checker ON alarm_entry (checker_id, number);

        CREATE TABLE silence (
          id INTEGER PRIMARY KEY AUTOINCREMENT,
          ends_at REAL,
          document TEXT NOT NULL
        ) STRICT;
        CREATE INDEX silence_end ON silence (ends_at);
        """)
  }
}
