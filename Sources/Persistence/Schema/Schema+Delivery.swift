import GRDB

extension Schema {
  /// Deliveries may be about something else than a checker's one alarm: a data source, an action, one of many rows.
  /// `subject` names it; it is empty for a checker's own alarm.
  static func delivery(_ database: Database) throws {
    try database.execute(
      sql: """
        CREATE TABLE delivery_new (
          id INTEGER PRIMARY KEY AUTOINCREMENT,
          checker_id INTEGER REFERENCES checker ON DELETE CASCADE,
          subject TEXT NOT NULL DEFAULT '',
          action TEXT NOT NULL,
          state TEXT NOT NULL,
          attempts INTEGER NOT NULL DEFAULT 0,
          next_attempt_at REAL NOT NULL,
          created_at REAL NOT NULL,
          finished_at REAL,
          last_error TEXT,
          group_key TEXT,
          -- The delivery in whose message this one is told of.
          leader INTEGER REFERENCES delivery_new ON DELETE SET NULL,
          reason TEXT NOT NULL DEFAULT '',
          event TEXT NOT NULL
        ) STRICT;
        INSERT INTO delivery_new (id, checker_id, action, state, attempts, next_attempt_at, created_at, finished_at,
          last_error, reason, event)
          SELECT id, checker_id, action, state, attempts, next_attempt_at, created_at, finished_at, last_error, reason,
            event
          FROM delivery;
        DROP TABLE delivery;
        ALTER TABLE delivery_new RENAME TO delivery;
        CREATE INDEX delivery_open ON delivery (checker_id, subject, action, id) WHERE state IN ('waiting', 'sending');
        CREATE INDEX delivery_checker ON delivery (checker_id, id);
        CREATE INDEX delivery_action ON delivery (action, id);
        CREATE INDEX delivery_state ON delivery (state, created_at);
        CREATE INDEX delivery_by_group ON delivery (action, group_key) WHERE group_key IS NOT NULL AND state = 'waiting';
        CREATE INDEX delivery_leader ON delivery (leader) WHERE leader IS NOT NULL;

        CREATE TABLE outage (
          subject TEXT PRIMARY KEY,
          document TEXT NOT NULL
        ) STRICT, WITHOUT ROWID;

        ALTER TABLE delivery_group ADD COLUMN interval_seconds REAL NOT NULL DEFAULT 300;
        """)
  }
}
