import GRDB

extension Schema {
  /// Every version of the routing tree. The one that was a setting until then is the first; nobody knows its author.
  static func routing(_ database: Database) throws {
    try database.execute(
      sql: """
        CREATE TABLE routing_version (
          version INTEGER PRIMARY KEY,
          author TEXT NOT NULL,
          saved_at REAL,
          document TEXT NOT NULL
        ) STRICT;
        INSERT INTO routing_version (version, author, document)
          SELECT 1, '', value FROM setting WHERE key = 'routing';
        DELETE FROM setting WHERE key = 'routing';
        """)
  }
}
