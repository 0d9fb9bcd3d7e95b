import GRDB

extension Schema {
  /// What happened: runs, transitions, and the worst outcome per slot of time.
  ///
  /// The wide columns of `run` stand last, so that lists do not read them. What a checker asserts changes seldom and
  /// stands once in `assertion_set`; a run keeps what it found.
  static func runs(_ database: Database) throws {
    try database.execute(
      sql: """
        CREATE TABLE assertion_set (
          id INTEGER PRIMARY KEY AUTOINCREMENT,
          checker_id INTEGER NOT NULL REFERENCES checker ON DELETE CASCADE,
          definitions TEXT NOT NULL
        ) STRICT;
        CREATE INDEX assertion_set_checker ON assertion_set (checker_id);

        CREATE TABLE run (
          number INTEGER PRIMARY KEY,
          id TEXT NOT NULL UNIQUE,
          checker_id INTEGER NOT NULL REFERENCES checker ON DELETE CASCADE,
          version INTEGER NOT NULL,
          trigger TEXT NOT NULL,
          scheduled_for REAL,
          started_at REAL NOT NULL,
          finished_at REAL NOT NULL,
          outcome TEXT NOT NULL,
          failed INTEGER NOT NULL,
          assertions INTEGER NOT NULL,
          summary TEXT NOT NULL,
          assertion_set INTEGER NOT NULL,
          observed TEXT NOT NULL,
          results TEXT NOT NULL,
          reason TEXT,
          log TEXT NOT NULL
        ) STRICT;
        CREATE INDEX run_checker ON run (checker_id, id DESC, outcome);
        CREATE INDEX run_outcome ON run (outcome, id DESC);
        CREATE INDEX run_started ON run (started_at);

        CREATE TABLE transition (
          number INTEGER PRIMARY KEY,
          checker_id INTEGER NOT NULL REFERENCES checker ON DELETE CASCADE,
          sequence INTEGER NOT NULL,
          from_state TEXT NOT NULL,
          to_state TEXT NOT NULL,
          is_warning INTEGER NOT NULL,
          was_warning INTEGER NOT NULL,
          at REAL NOT NULL,
          previous_since REAL NOT NULL,
          run_id TEXT NOT NULL,
          summary TEXT NOT NULL,
          UNIQUE (checker_id, sequence)
        ) STRICT;

        CREATE TABLE timeline_page (
          checker_id INTEGER NOT NULL REFERENCES checker ON DELETE CASCADE,
          slot_seconds INTEGER NOT NULL,
          page INTEGER NOT NULL,
          slots BLOB NOT NULL,
          PRIMARY KEY (checker_id, slot_seconds, page)
        ) STRICT, WITHOUT ROWID;
        """)
  }
}
