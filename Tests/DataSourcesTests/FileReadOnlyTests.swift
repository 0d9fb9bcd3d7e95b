import Domain
import Foundation
import TestSupport
import Testing

/// Nothing that a user writes changes a SQLite or a DuckDB file, or makes another.
@Suite struct FileReadOnlyTests {
  static let refusedBySQLite = [
    "INSERT INTO users VALUES (3, 'x', 1)", "INSERT INTO users VALUES (3, 'x', 1) RETURNING id",
    "UPDATE users SET age = 1 RETURNING id", "DELETE FROM users", "DELETE FROM users RETURNING id",
    "REPLACE INTO users VALUES (1, 'x', 1)", "WITH a AS (SELECT 1) DELETE FROM users RETURNING id",
    "CREATE TABLE t (a)", "CREATE TEMP TABLE t (a)", "CREATE TABLE t AS SELECT 1", "CREATE VIEW v AS SELECT 1",
    "CREATE INDEX i ON users (name)", "CREATE TRIGGER r AFTER INSERT ON users BEGIN SELECT 1; END",
    "CREATE VIRTUAL TABLE f USING fts5(a)", "DROP TABLE users", "ALTER TABLE users ADD COLUMN a", "REINDEX", "ANALYZE",
    "VACUUM", "VACUUM INTO 'FOLDER/copy.db'", "ATTACH 'FOLDER/other.db' AS other", "ATTACH ':memory:' AS m",
    "DETACH main", "PRAGMA query_only = 0", "PRAGMA journal_mode = DELETE", "PRAGMA journal_mode",
    "PRAGMA user_version = 7",
    "PRAGMA writable_schema = 1", "PRAGMA table_info(users)", "SELECT * FROM pragma_table_info('users')",
    "SELECT * FROM pragma_database_list", "PRAGMA temp_store_directory = 'FOLDER'", "BEGIN", "BEGIN EXCLUSIVE",
    "COMMIT",
    "ROLLBACK", "SAVEPOINT a", "RELEASE a", "SELECT 1; DELETE FROM users", "SELECT 1;; SELECT 2", "; DELETE FROM users",
    "SELECT 1 /* */; DELETE FROM users", "SELECT 1 --\n; DELETE FROM users", "SELECT 1\0; DELETE FROM users",
    "SELECT 1) AS d; DELETE FROM users; --", "SELECT load_extension('FOLDER/x.so')",
    "SELECT writefile('FOLDER/w', 'x')",
    "SELECT readfile('/etc/passwd')", "SELECT edit('x')", "SELECT * FROM fsdir('/')",
    "SELECT fts3_tokenizer('simple', x'0000000000000000')", "SELECT hex(fts3_tokenizer('simple'))",
    "UPDATE sqlite_schema SET sql = ''", "INSERT INTO sqlite_schema VALUES (1, 2, 3, 4, 5)", "", "--", ";", "/*",
  ]

  @Test func sqliteRefusesWhatIsNoQuery() async throws {
    let file = try SQLiteFile(
      "CREATE TABLE log (a); CREATE TRIGGER t AFTER DELETE ON users BEGIN INSERT INTO log VALUES (1); END;")
    let engine = try file.open(connections: 1)
    let before = try file.folder.contents()
    for text in Self.refusedBySQLite {
      let sql = text.replacingOccurrences(of: "FOLDER", with: file.folder.path)
      #expect(await engine.error(of: sql)?.message.isEmpty == false, "\(sql)")
      #expect((try? await engine.describe(sql)) == nil, "\(sql)")
      let wrapped = Query("SELECT count(*) FROM (\(sql)\n) AS d", guarded: [sql])
      let results = await engine.run(together: [Query(sql), Query("SELECT 1"), wrapped, Query("SELECT 2")])
      #expect(results.map { (try? $0.get()) != nil } == [false, true, false, true], "\(sql) among others")
      #expect(try file.folder.contents() == before, "\(sql)")
    }
    #expect(try await engine.row("SELECT count(*) FROM users") == [.integer(2)])
  }

  static let refusedByDuckDB = [
    "INSERT INTO users VALUES (3, 'x')", "INSERT INTO users VALUES (3, 'x') RETURNING id",
    "DELETE FROM users RETURNING id",
    "UPDATE users SET id = 7", "WITH a AS (DELETE FROM users RETURNING id) SELECT * FROM a", "TRUNCATE users",
    "CREATE TABLE t (a INT)", "CREATE TEMP TABLE t (a INT)", "CREATE TEMP MACRO m() AS 1",
    "CREATE OR REPLACE VIEW v AS SELECT 1",
    "CREATE SEQUENCE s", "CREATE SCHEMA s", "CREATE TYPE y AS ENUM ('a')", "CREATE SECRET (TYPE s3)",
    "DROP TABLE users",
    "ALTER TABLE users ADD COLUMN a INT", "ATTACH 'FOLDER/other.duckdb'", "ATTACH ':memory:' AS m", "DETACH shop",
    "USE memory",
    "COPY users TO 'FOLDER/users.csv'", "COPY (SELECT 1) TO 'FOLDER/one.parquet'", "COPY users FROM 'FOLDER/users.csv'",
    "EXPORT DATABASE 'FOLDER/export'", "IMPORT DATABASE 'FOLDER'", "INSTALL httpfs", "LOAD httpfs",
    "INSTALL 'FOLDER/x'",
    "SET threads = 1", "SET enable_external_access = true", "SET GLOBAL lock_configuration = false", "RESET threads",
    "SET VARIABLE a = 1", "PRAGMA enable_profiling", "PRAGMA database_list", "CALL pragma_version()",
    "CALL force_checkpoint()",
    "BEGIN", "COMMIT", "ROLLBACK", "CHECKPOINT", "VACUUM", "ANALYZE", "PREPARE p AS SELECT 1", "EXECUTE p",
    "DEALLOCATE p",
    "SELECT 1; DELETE FROM users", "CREATE TEMP TABLE zz (a INT); SELECT 1", "SELECT 1; SELECT 2",
    "; DELETE FROM users",
    "SELECT 1) ; COPY users TO 'FOLDER/x.csv'; --", "SELECT 1') ; DELETE FROM users; --",
    "SELECT 1\0; DELETE FROM users",
    "SELECT * FROM read_csv('/etc/passwd')", "SELECT * FROM read_text('/etc/hostname')", "SELECT * FROM glob('/*')",
    "SELECT * FROM '/etc/passwd'", "SELECT * FROM read_blob('FOLDER/*')", "SELECT * FROM sniff_csv('/etc/passwd')",
    "SELECT * FROM parquet_scan('FOLDER/x')", "SELECT * FROM 'https://example.com/x.csv'", "SELECT getenv('HOME')",
    "SELECT * FROM query('DELETE FROM users')", "SELECT * FROM query('SELECT 1; DELETE FROM users')",
    "SELECT * FROM enable_logging()",
    "SELECT * FROM enable_logging('QueryLog', storage = 'file', storage_path = 'FOLDER/l')",
    "SELECT * FROM enable_profiling()", "SELECT * FROM pragma_import_database('FOLDER')", "SELECT nextval('none')",
    "EXPLAIN ANALYZE DELETE FROM users", "MERGE INTO users USING users AS u ON true WHEN MATCHED THEN DELETE",
    "", "--", ";",
  ]

  @Test(arguments: [true, false]) func duckDBRefusesWhatIsNoQuery(_ isDatabase: Bool) async throws {
    let folder = try TemporaryFolder()
    var uri = folder.path
    if isDatabase {
      uri += "/shop.duckdb"
      try DuckDBDatabase.make(
        uri, "CREATE TABLE users (id INTEGER, name VARCHAR)", "INSERT INTO users VALUES (1, 'Ann'), (2, NULL)")
    } else {
      try folder.write("id,name\n1,Ann\n2,\n", to: "users.csv")
    }
    let engine = try Engines.open(.duckdb, uri, connections: 1)
    let before = try folder.contents()
    let catalogue = try await catalogue(engine)
    for text in Self.refusedByDuckDB {
      let sql = text.replacingOccurrences(of: "FOLDER", with: folder.path)
      #expect(await engine.error(of: sql)?.message.isEmpty == false, "\(sql)")
      let wrapped = Query("SELECT count(*) FROM (\(sql)\n) AS d", guarded: [sql])
      let results = await engine.run(together: [Query(sql), Query("SELECT 1"), wrapped, Query("SELECT 2")])
      #expect(results.map { (try? $0.get()) != nil } == [false, true, false, true], "\(sql) among others")
      #expect(try folder.contents() == before, "\(sql)")
    }
    #expect(try await self.catalogue(engine) == catalogue)
    #expect(try await engine.row("SELECT count(*), count(name) FROM users") == [.integer(2), .integer(1)])
    await engine.close()
  }

  /// Schemas, tables, macros and settings.
  private func catalogue(_ engine: any QueryEngine) async throws -> [String] {
    var lines: [String] = []
    for sql in [
      "SELECT database_name, schema_name, table_name FROM duckdb_tables() ORDER BY ALL",
      "SELECT view_name FROM duckdb_views() WHERE NOT internal ORDER BY ALL",
      "SELECT count(*) FROM duckdb_functions()", "SELECT name, value FROM duckdb_settings() ORDER BY ALL",
      "SELECT database_name FROM duckdb_databases() ORDER BY ALL",
    ] {
      let result = try await engine.run(Query(sql))
      for row in 0..<result.rowCount { lines.append(result.row(row).map(\.text).joined(separator: "|")) }
    }
    return lines
  }
}
