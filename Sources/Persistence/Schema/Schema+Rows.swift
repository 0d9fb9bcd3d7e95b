import GRDB

extension Schema {
  /// Alarms of single rows. `row_key` is the row's canonical JSON; it is empty for a checker's own alarm.
  ///
  /// Where a checker has such alarms, its own columns `alarm_state`, `alarm_since` and `alarm_is_warning` hold what lists
  /// show, the worst of all; `alarm_rows` then holds its own, and a summary of those of its rows.
  static func rows(_ database: Database) throws {
    try database.execute(
      sql: """
        CREATE TABLE row_alarm (
          checker_id INTEGER NOT NULL REFERENCES checker ON DELETE CASCADE,
          row_key TEXT NOT NULL,
          ticks_at REAL,
          withheld INTEGER NOT NULL DEFAULT 0,
          alarm TEXT NOT NULL,
          PRIMARY KEY (checker_id, row_key)
        ) STRICT;
        CREATE INDEX row_alarm_ticks ON row_alarm (ticks_at) WHERE ticks_at IS NOT NULL;

        ALTER TABLE checker ADD COLUMN alarm_rows TEXT;
        ALTER TABLE alarm_entry ADD COLUMN row_key TEXT NOT NULL DEFAULT '';

        CREATE TABLE transition_new (
          number INTEGER PRIMARY KEY,
          checker_id INTEGER NOT NULL REFERENCES checker ON DELETE CASCADE,
          row_key TEXT NOT NULL DEFAULT '',
          sequence INTEGER NOT NULL,
          from_state TEXT NOT NULL,
          to_state TEXT NOT NULL,
          is_warning INTEGER NOT NULL,
          was_warning INTEGER NOT NULL,
          at REAL NOT NULL,
          previous_since REAL NOT NULL,
          run_id TEXT NOT NULL,
          summary TEXT NOT NULL,
          UNIQUE (checker_id, row_key, sequence)
        ) STRICT;
        INSERT INTO transition_new (number, checker_id, sequence, from_state, to_state, is_warning, was_warning, at,
          previous_since, run_id, summary)
          SELECT number, checker_id, sequence, from_state, to_state, is_warning, was_warning, at, previous_since, run_id,
            summary
          FROM transition;
        DROP TABLE transition;
        ALTER TABLE transition_new RENAME TO transition;
        CREATE INDEX transition_checker ON transition (checker_id, number);
        """)
  }
}
