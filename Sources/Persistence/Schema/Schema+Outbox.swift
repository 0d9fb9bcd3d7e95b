import GRDB

extension Schema {
  /// Deliveries, the oldest open one of each checker and action first in its line; and small settings.
  static func outboxAndSettings(_ database: Database) throws {
    try database.execute(
      sql: """
        CREATE TABLE delivery (
          id INTEGER PRIMARY KEY AUTOINCREMENT,
          checker_id INTEGER NOT NULL REFERENCES checker ON DELETE CASCADE,
          action TEXT NOT NULL,
          state TEXT NOT NULL,
          attempts INTEGER NOT NULL DEFAULT 0,
          next_attempt_at REAL NOT NULL,
          created_at REAL NOT NULL,
          finished_at REAL,
          last_error TEXT,
          event TEXT NOT NULL
        ) STRICT;
        CREATE INDEX delivery_open ON delivery (checker_id, action, id) WHERE state IN ('waiting', 'sending');
        CREATE INDEX delivery_checker ON delivery (checker_id, id);
        CREATE INDEX delivery_action ON delivery (action, id);
        CREATE INDEX delivery_state ON delivery (state, created_at);

        CREATE TABLE setting (
          key TEXT PRIMARY KEY,
          value TEXT NOT NULL
        ) STRICT, WITHOUT ROWID;
        """)
  }
}
