import GRDB

extension Schema {
  /// The libraries of namespaces with every version, modules by their digest, and what runs of code leave behind.
  static func code(_ database: Database) throws {
    try database.execute(
      sql: """
        CREATE TABLE library_version (
          namespace TEXT NOT NULL,
          file_name TEXT NOT NULL,
          version INTEGER NOT NULL,
          author TEXT NOT NULL,
          saved_at REAL NOT NULL,
          source TEXT NOT NULL,
          PRIMARY KEY (namespace, file_name, version)
        ) STRICT, WITHOUT ROWID;

        CREATE TABLE module (
          digest TEXT PRIMARY KEY,
          bytes BLOB NOT NULL
        ) STRICT;

        ALTER TABLE run ADD COLUMN code TEXT;
        """)
  }
}
