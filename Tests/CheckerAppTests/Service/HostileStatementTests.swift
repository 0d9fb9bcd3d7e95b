import Foundation
import TestSupport
import Testing

/// The adapters' own suites hold the full lists; here the statements go through rules and datasets of the program.
@Suite("Hostile statements through the command line") struct HostileStatementTests {
  private let program: Program

  init() throws { program = try Program() }

  /// Where a user's SQL can stand.
  private func rules(_ statement: String) -> [String] {
    let text = Self.quoted(statement)
    return [
      "{check: row_count, dataset: hostile}",
      "{check: row_count, dataset: users, where: \(text)}",
      "{check: condition, dataset: users, condition: \(text)}",
      "{check: metric, dataset: users, expression: \(text), must_be: 1}",
      "{check: row_count, dataset: users, where: \(Self.quoted("1 = 1) AS s; \(statement); --"))}",
      "{check: metric, dataset: users, expression: \(Self.quoted("count(*) FROM users; \(statement); --")), must_be: 1}",
    ]
  }

  /// Every YAML escape that SQL may need.
  private static func quoted(_ text: String) -> String {
    "\"" + text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"") + "\""
  }

  /// Runs each statement in each place, beside a healthy checker; returns where it was neither refused with the file
  /// nor an error of its checker alone.
  private func answered(driver: String, uri: String, users: String, _ statements: [String]) throws -> [String] {
    try statements.flatMap { statement in
      try rules(statement).filter { rule in
        let yaml = """
          version: 1
          data_sources:
            - {name: db, driver: \(driver), uri: \(Self.quoted(uri)), timeout: 20}
          datasets:
            - {name: users, data_source: db, sql: \(Self.quoted(users))}
            - {name: hostile, data_source: db, sql: \(Self.quoted(statement))}
          checkers:
            - {name: hostile, rules: [\(rule)]}
            - {name: healthy, rules: [{check: row_count, dataset: users, must_be: 2}]}
          """
        let result = try program.run("check", program.write(yaml, to: "hostile.yaml"), "--json")
        // What cannot be one expression does not get as far as the database.
        if result.status == 64 { return !result.errors.contains("hostile.yaml:8:") }
        return try outcomes(result.output) != ["hostile": "errored", "healthy": "passed"]
      }
    }
  }

  private func outcomes(_ report: String) throws -> [String: String] {
    let object = try JSONSerialization.jsonObject(with: Data(report.utf8)) as? [String: Any]
    let checkers = try #require(object?["checkers"] as? [[String: Any]])
    let pairs = checkers.compactMap { checker in
      (checker["name"] as? String).flatMap { name in (checker["outcome"] as? String).map { (name, $0) } }
    }
    return Dictionary(uniqueKeysWithValues: pairs)
  }

  @Test("PostgreSQL") func postgreSQL() async throws {
    let database = try await PostgreSQLDatabase("CREATE TABLE users (id int); INSERT INTO users VALUES (1), (2)")
    let target = FileManager.default.temporaryDirectory.path + "/\(database.name).txt"
    let before = try await database.dump()
    let through = try answered(
      driver: "postgresql", uri: database.uri, users: "SELECT id FROM users",
      [
        "DELETE FROM users", "DELETE FROM users RETURNING id",
        "WITH d AS (DELETE FROM users RETURNING id) SELECT * FROM d",
        "DROP TABLE users", "TRUNCATE users", "INSERT INTO users VALUES (3) RETURNING id",
        "CREATE TABLE loot AS SELECT 1", "SELECT id INTO loot FROM users",
        "COPY users TO '\(target)'", "SELECT 1; DROP TABLE users", "SET default_transaction_read_only = off",
        "COMMIT; DROP TABLE users; BEGIN", "SELECT setval('s', 1)",
        "DO $$ BEGIN DELETE FROM users; END $$", "SELECT nextval('s') /* ", "1) ; DROP TABLE users; --",
      ])
    #expect(through.isEmpty)
    #expect(try await database.dump() == before)
    #expect(!FileManager.default.fileExists(atPath: target))
  }

  @Test("SQLite") func sqlite() throws {
    try program.database("shop.db", "CREATE TABLE users (id INTEGER); INSERT INTO users VALUES (1), (2);")
    let file = program.folder.path + "/shop.db"
    let loot = program.folder.path + "/loot.db"
    let before = try Data(contentsOf: URL(fileURLWithPath: file))
    let through = try answered(
      driver: "sqlite", uri: file, users: "SELECT id FROM users",
      [
        "DELETE FROM users", "DELETE FROM users RETURNING id", "DROP TABLE users",
        "INSERT INTO users VALUES (3) RETURNING id", "CREATE TABLE loot AS SELECT 1 AS one",
        "CREATE TEMP TABLE loot AS SELECT 1 AS one", "ATTACH '\(loot)' AS loot", "VACUUM INTO '\(loot)'",
        "PRAGMA user_version = 7", "PRAGMA journal_mode = DELETE", "SELECT 1; DROP TABLE users",
        "SELECT load_extension('/tmp/x.so')", "BEGIN IMMEDIATE", "SELECT writefile('\(loot)', 'x')",
      ])
    #expect(through.isEmpty)
    #expect(try Data(contentsOf: URL(fileURLWithPath: file)) == before)
    #expect(!FileManager.default.fileExists(atPath: loot))
  }

  @Test("DuckDB on a CSV file") func duckDB() throws {
    let file = try program.write("id\n1\n2\n", to: "users.csv")
    let loot = program.folder.path + "/loot"
    let through = try answered(
      driver: "duckdb", uri: file, users: "SELECT id FROM users",
      [
        "COPY (SELECT 1) TO '\(loot)'", "EXPORT DATABASE '\(loot)'", "ATTACH '\(loot)' AS loot",
        "CREATE TABLE loot AS SELECT 1", "DROP VIEW users", "INSTALL httpfs", "LOAD httpfs",
        "SET enable_external_access = true", "SELECT 1; COPY (SELECT 1) TO '\(loot)'",
        "SELECT * FROM read_csv('/etc/passwd')", "SELECT * FROM '/etc/passwd'", "PRAGMA enable_profiling",
        "SELECT content FROM read_text('/etc/passwd')",
      ])
    #expect(through.isEmpty)
    #expect(try String(contentsOfFile: file, encoding: .utf8) == "id\n1\n2\n")
    #expect(!FileManager.default.fileExists(atPath: loot))
  }
}
