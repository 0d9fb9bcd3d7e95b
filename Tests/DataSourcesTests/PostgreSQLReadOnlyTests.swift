import Domain
import Foundation
import TestSupport
import Testing

/// Nothing that a user writes changes a PostgreSQL, though the role may do anything.
@Suite struct PostgreSQLReadOnlyTests {
  let database: PostgreSQLDatabase
  let folder: TemporaryFolder

  init() async throws {
    database = try await PostgreSQLDatabase(
      """
      CREATE TABLE users (id integer PRIMARY KEY, name text);
      INSERT INTO users VALUES (1, 'Ann'), (2, 'Ben');
      CREATE SEQUENCE numbers;
      CREATE FUNCTION add_user() RETURNS integer LANGUAGE sql AS 'INSERT INTO users VALUES (99, ''x'') RETURNING id';
      CREATE PROCEDURE leave(INOUT a integer) LANGUAGE sql AS 'SELECT 1';
      CREATE VIEW names AS SELECT name FROM users;
      """)
    folder = try TemporaryFolder()
    try FileManager.default.setAttributes([.posixPermissions: 0o777], ofItemAtPath: folder.path)
  }

  /// What is refused; `FOLDER` is one that the server may write to.
  static let refused = [
    "INSERT INTO users VALUES (3, 'x')", "INSERT INTO users VALUES (3, 'x') RETURNING id",
    "UPDATE users SET name = 'x' RETURNING id", "DELETE FROM users RETURNING *", "DELETE FROM users",
    "TRUNCATE users", "MERGE INTO users u USING (SELECT 1 AS id) s ON u.id = s.id WHEN MATCHED THEN DELETE",
    "WITH gone AS (DELETE FROM users RETURNING id) SELECT * FROM gone",
    "WITH new AS (INSERT INTO users VALUES (3, 'x') RETURNING id) SELECT count(*) FROM new",
    "WITH moved AS (UPDATE users SET id = id + 10 RETURNING id) SELECT * FROM moved",
    "SELECT * INTO copy FROM users", "CREATE TABLE t AS SELECT 1", "CREATE TABLE t (a int)",
    "CREATE TEMP TABLE t (a int)",
    "CREATE VIEW v AS SELECT 1", "CREATE INDEX ON users (name)", "DROP TABLE users",
    "ALTER TABLE users ADD COLUMN a int",
    "CREATE ROLE intruder", "ALTER ROLE postgres SET work_mem = '1MB'", "GRANT ALL ON users TO PUBLIC",
    "CREATE EXTENSION dblink", "CREATE DATABASE other", "DROP DATABASE postgres", "ALTER SYSTEM SET work_mem = '1MB'",
    "VACUUM users", "ANALYZE users", "REINDEX TABLE users", "CLUSTER users", "REFRESH MATERIALIZED VIEW v",
    "CHECKPOINT",
    "SECURITY LABEL ON TABLE users IS 'x'", "COMMENT ON TABLE users IS 'x'", "LOCK TABLE users",
    "SELECT 1; DELETE FROM users", "SELECT 1; COMMIT; DELETE FROM users", "SELECT 1;;SELECT 2", "; DELETE FROM users",
    "COMMIT", "ROLLBACK", "BEGIN", "START TRANSACTION READ WRITE", "END; DELETE FROM users", "SAVEPOINT a",
    "RELEASE SAVEPOINT query", "ROLLBACK TO SAVEPOINT query", "PREPARE TRANSACTION 'x'", "COMMIT AND CHAIN",
    "SET TRANSACTION READ WRITE", "SET default_transaction_read_only = off", "SET SESSION AUTHORIZATION postgres",
    "SET ROLE postgres", "RESET ALL", "DISCARD ALL", "SET LOCAL statement_timeout = 0",
    "SELECT set_config('transaction_read_only', 'off', true)",
    "SELECT set_config('transaction_read_only', 'off', false)",
    "COPY users TO 'FOLDER/users.txt'", "COPY users TO PROGRAM 'touch FOLDER/touched'",
    "COPY users FROM PROGRAM 'echo 9'",
    "COPY users TO STDOUT", "COPY users FROM STDIN", "COPY (SELECT 1) TO 'FOLDER/one.txt'",
    "DO 'BEGIN DELETE FROM users; END'", "DO LANGUAGE sql 'SELECT 1'", "CALL gone()", "LISTEN channel",
    "NOTIFY channel", "UNLISTEN *", "PREPARE p AS SELECT 1", "EXECUTE p", "DEALLOCATE ALL",
    "DECLARE c CURSOR WITH HOLD FOR SELECT 1", "FETCH 1 FROM c", "CLOSE ALL", "LOAD 'plpgsql'",
    "EXPLAIN ANALYZE DELETE FROM users", "SELECT nextval('numbers')", "SELECT setval('numbers', 100)",
    "SELECT add_user()",
    "SELECT * FROM users FOR UPDATE", "SELECT id FROM users FOR SHARE", "SELECT 1) AS d; DELETE FROM users; --",
    "SELECT 1 /* ; DELETE FROM users", "SELECT 1 --\n; DELETE FROM users", "SELECT '1'';' || '; DELETE FROM users",
    "SELECT $$; DELETE FROM users", "/* a /* nested */ */ ; DELETE FROM users", "SELECT 1\0; DELETE FROM users",
    "SELECT lo_put(1, 0, 'x')", "SELECT lo_unlink(1)", "", "  -- nothing", ";",
    "IMPORT FOREIGN SCHEMA a FROM SERVER b INTO c", "TABLE nowhere", "SELECT", "SELECT FROM users", "VALUES",
  ]

  /// One session for all, so that what one statement leaves in it would show with the next.
  @Test func refusesWhatIsNoQuery() async throws {
    let engine = try Engines.open(.postgresql, database.uri, connections: 1)
    let before = try await state()
    for text in Self.refused {
      let sql = text.replacingOccurrences(of: "FOLDER", with: folder.path)
      #expect(await engine.error(of: sql)?.message.isEmpty == false, "\(sql)")
      if (try? await engine.describe(sql)) != nil {
        #expect(sql.hasPrefix("WITH") || Self.onlyRunningShowsIt(sql), "\(sql) was described")
      }
      // Around it, as rules are composed around a dataset, and among others.
      let wrapped = Query("SELECT count(*) FROM (\(sql)\n) AS d", guarded: [sql])
      let results = await engine.run(together: [Query(sql), Query("SELECT 1"), wrapped, Query("SELECT 2")])
      #expect(results.map { (try? $0.get()) != nil } == [false, true, false, true], "\(sql) among others")
    }
    try await settled(engine)
    #expect(try await state() == before)
  }

  /// What is answered, and yet must leave nothing behind.
  static let harmless = [
    "SELECT set_config('default_transaction_read_only', 'off', false)", "SELECT set_config('work_mem', '1MB', false)",
    "SELECT set_config('statement_timeout', '0', false)", "SELECT lo_create(4242)", "SELECT lo_import('/etc/hostname')",
    "SELECT lo_from_bytea(4243, 'x')",
    "SELECT pg_advisory_lock(7)", "SELECT pg_try_advisory_lock_shared(8)", "SELECT pg_notify('channel', 'x')",
    "SELECT 1 -- ; DELETE FROM users", "SELECT 1;", "SHOW work_mem", "EXPLAIN SELECT 1", "TABLE users", "VALUES (1)",
    "(SELECT 1)", "WITH a AS (SELECT 1) SELECT * FROM a", "select/**/1", "SELECT ';' || '--' || '/*'",
    "SELECT setseed(0.5)", "SELECT txid_current()",
  ]

  @Test func whatIsAnsweredLeavesNothingBehind() async throws {
    let engine = try Engines.open(.postgresql, database.uri, connections: 1)
    let before = try await state()
    let settings = try await settings(engine)
    for sql in Self.harmless {
      _ = try await engine.run(Query(sql))
      _ = try await engine.run(together: [Query(sql), Query(sql)])[1].get()
      #expect(try await self.settings(engine) == settings, "\(sql)")
      #expect(try await database.run("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory'") == "0", "\(sql)")
    }
    try await settled(engine)
    #expect(try await state() == before)
  }

  @Test func closingABracketIsSeen() async throws {
    let engine = try Engines.open(.postgresql, database.uri)
    let text = "SELECT 1) AS a UNION ALL SELECT * FROM (SELECT 2"
    let query = Query("SELECT count(*) FROM (\(text)\n) AS d", guarded: [text])
    #expect(await engine.error(of: query.sql, guarded: query.guarded)?.kind == .syntax)
  }

  @Test func aRoleThatMayDoLittleIsToldSo() async throws {
    try await database.run("CREATE ROLE reader_\(database.name) LOGIN")
    let engine = try Engines.open(
      .postgresql, database.uri, options: ["user": "reader_\(database.name)"])
    #expect(await engine.error(of: "SELECT * FROM users")?.kind == .permission)
    #expect(try await engine.tables().isEmpty)
    let steps = await engine.test()
    #expect(steps.map(\.verdict) == [.passed, .passed, .passed, .passed, .warned])
    await engine.close()
  }

  @Test func theTestWarnsOfARoleThatMayWriteAndOfDblink() async throws {
    let role = "reader_w_\(database.name)"
    try await database.run(
      "CREATE ROLE \(role) LOGIN; GRANT SELECT ON users TO \(role); GRANT UPDATE ON users TO \(role)")
    let engine = try Engines.open(.postgresql, database.uri, options: ["user": role])
    let writing = await engine.test()[3]
    #expect(writing.verdict == .warned && writing.detail.contains("may change, users"), "\(writing)")
    #expect(writing.detail.contains("Use a role that may only read"))
    try await database.run("REVOKE UPDATE ON users FROM \(role)")
    for (grant, revoke) in [
      ("GRANT UPDATE (name) ON users TO \(role)", "REVOKE UPDATE (name) ON users FROM \(role)"),
      (
        "CREATE ROLE \(role)_writers; GRANT INSERT ON users TO \(role)_writers; ALTER ROLE \(role) NOINHERIT; "
          + "GRANT \(role)_writers TO \(role)", "REVOKE \(role)_writers FROM \(role)"
      ),
    ] {
      try await database.run(grant)
      #expect(await engine.test()[3].detail.contains("may change, users"), "\(grant)")
      try await database.run(revoke)
    }
    let reading = await engine.test()[3]
    #expect(reading.verdict == .passed && reading.detail.contains("may change no table"), "\(reading)")
    try await database.run("CREATE EXTENSION dblink")
    let linked = await engine.test()[3]
    #expect(linked.verdict == .warned && linked.detail.contains("dblink") && linked.detail.contains("Revoke"))
    await engine.close()
  }

  @Test func theTestWarnsOfASuperuser() async throws {
    let steps = try await Engines.open(.postgresql, database.uri).test()
    #expect(steps.map(\.title) == ["Connect", "Server", "Read only", "Rights", "Tables"])
    #expect(steps.map(\.verdict) == [.passed, .passed, .passed, .warned, .passed])
    #expect(steps[3].detail.contains("superuser"))
    #expect(steps[4].detail.hasPrefix("2 tables"))
  }

  /// Statements whose text alone cannot tell that they write.
  private static func onlyRunningShowsIt(_ sql: String) -> Bool {
    ["RETURNING", "EXPLAIN", "nextval", "setval", "add_user", "FOR ", "lo_", "set_config"].contains { sql.contains($0) }
  }

  /// Everything that could have changed: the data, the roles, the settings, and the files in reach.
  private func state() async throws -> [String] {
    [
      try await database.dump(),
      try await database.run(
        "SELECT string_agg(datname, ',' ORDER BY datname) FROM pg_database WHERE datname NOT LIKE 'test_%'"),
      try await database.run(
        "SELECT string_agg(rolname || rolsuper, ',' ORDER BY 1) FROM pg_roles WHERE rolname NOT LIKE 'reader_%'"),
      try await database.run("SELECT count(*), max(setdatabase::text) FROM pg_db_role_setting"),
      try await database.run("SELECT last_value, is_called FROM numbers"),
      try await database.run("SELECT count(*) FROM pg_prepared_xacts"),
      try await database.run(
        "SELECT string_agg(name || '=' || setting, ',' ORDER BY name) FROM pg_settings WHERE context <> 'internal'"),
      try folder.contents().keys.sorted().joined(separator: ","),
    ]
  }

  private func settings(_ engine: any QueryEngine) async throws -> [[Cell]] {
    let sql =
      "SELECT name, setting FROM pg_settings WHERE name NOT IN ('transaction_isolation', 'transaction_read_only', 'seed')"
    let result = try await engine.run(Query(sql))
    return (0..<result.rowCount).map(result.row)
  }

  /// Until no session of the engine is in a transaction any more.
  private func settled(_ engine: any QueryEngine) async throws {
    try await eventually("sessions are idle") {
      try await database.run(
        """
        SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()
          AND state <> 'idle' AND backend_type = 'client backend'
        """) == "0"
    }
  }
}
