import GRDB

extension Schema {
  /// What users wrote. A checker's row is narrow, as the overview scans all of them; its document is that of its
  /// current version.
  static func catalogue(_ database: Database) throws {
    try database.execute(
      sql: """
        CREATE TABLE data_source (
          id INTEGER PRIMARY KEY,
          name TEXT NOT NULL UNIQUE,
          document TEXT NOT NULL
        ) STRICT;

        CREATE TABLE dataset (
          id INTEGER PRIMARY KEY,
          namespace TEXT NOT NULL,
          name TEXT NOT NULL,
          data_source TEXT NOT NULL,
          document TEXT NOT NULL,
          UNIQUE (namespace, name)
        ) STRICT;
        CREATE INDEX dataset_data_source ON dataset (data_source);

        CREATE TABLE action (
          id INTEGER PRIMARY KEY,
          name TEXT NOT NULL UNIQUE,
          document TEXT NOT NULL
        ) STRICT;

        CREATE TABLE checker (
          id INTEGER PRIMARY KEY AUTOINCREMENT,
          namespace TEXT NOT NULL,
          name TEXT NOT NULL,
          version INTEGER NOT NULL,
          saved_at REAL NOT NULL,
          is_enabled INTEGER NOT NULL,
          severity TEXT NOT NULL,
          owner TEXT NOT NULL,
          next_run_at REAL,
          claimed_until REAL,
          alarm_state TEXT NOT NULL DEFAULT 'unknown',
          alarm_since REAL NOT NULL,
          alarm_is_warning INTEGER NOT NULL DEFAULT 0,
          alarm_run_id TEXT,
          alarm_sequence INTEGER NOT NULL DEFAULT 0,
          muted_until REAL,
          mute TEXT,
          last_run_id TEXT,
          last_trigger TEXT,
          last_started_at REAL,
          last_milliseconds REAL,
          last_outcome TEXT,
          last_summary TEXT,
          last_failed INTEGER,
          last_assertions INTEGER,
          search_text TEXT NOT NULL,
          last_search TEXT NOT NULL DEFAULT '',
          UNIQUE (namespace, name)
        ) STRICT;
        CREATE INDEX checker_overview ON checker
          (namespace, name, alarm_state, alarm_is_warning, severity, alarm_since, muted_until);
        CREATE INDEX checker_owner ON checker (owner);
        CREATE INDEX checker_due ON checker (next_run_at, claimed_until) WHERE is_enabled = 1;
        CREATE INDEX checker_claimed ON checker (claimed_until) WHERE claimed_until IS NOT NULL;

        CREATE TABLE checker_version (
          checker_id INTEGER NOT NULL REFERENCES checker ON DELETE CASCADE,
          version INTEGER NOT NULL,
          author TEXT NOT NULL,
          saved_at REAL NOT NULL,
          document TEXT NOT NULL,
          PRIMARY KEY (checker_id, version)
        ) STRICT;

        CREATE TABLE checker_tag (
          tag TEXT NOT NULL,
          checker_id INTEGER NOT NULL REFERENCES checker ON DELETE CASCADE,
          PRIMARY KEY (tag, checker_id)
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX checker_tag_checker ON checker_tag (checker_id);

        CREATE TABLE checker_dataset (
          namespace TEXT NOT NULL,
          name TEXT NOT NULL,
          checker_id INTEGER NOT NULL REFERENCES checker ON DELETE CASCADE,
          PRIMARY KEY (namespace, name, checker_id)
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX checker_dataset_checker ON checker_dataset (checker_id);

        CREATE TABLE checker_action (
          action TEXT NOT NULL,
          checker_id INTEGER NOT NULL REFERENCES checker ON DELETE CASCADE,
          PRIMARY KEY (action, checker_id)
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX checker_action_checker ON checker_action (checker_id);
        """)
  }
}
