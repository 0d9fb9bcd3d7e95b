import Domain
import Foundation
import TestSupport
import Testing

/// A SQLite file for a test, made by SQLite's own calls.
struct SQLiteFile {
  let folder: TemporaryFolder
  var path: String { folder.path + "/shop.db" }

  init(_ script: String = "") throws {
    folder = try TemporaryFolder()
    try run(
      """
      CREATE TABLE users (id INTEGER PRIMARY KEY, name TEXT, age INT);
      INSERT INTO users VALUES (1, 'Ann', 30), (2, NULL, NULL);
      \(script)
      """)
  }

  func run(_ sql: String) throws { try SQLiteWriter(path).run(sql) }

  func open(limits: QueryLimits = QueryLimits(), connections: Int = 4) throws -> any QueryEngine {
    try Engines.open(.sqlite, path, limits: limits, connections: connections)
  }
}

@Suite struct SQLiteTests {
  let file: SQLiteFile

  init() throws { file = try SQLiteFile() }

  @Test func aColumnIsWhatItsValuesAre() async throws {
    let engine = try file.open()
    let result = try await engine.run(
      Query(
        """
        SELECT column1 AS ints, column2 AS mixed, column3 AS numbers, column4 AS blobs, column5 AS late, NULL AS none
          FROM (VALUES (1, 1, 1, x'00ff', NULL), (2, 'two', 2.5, x'', NULL), (NULL, x'01', 9e999, NULL, 'é'))
        """))
    #expect(result.columns.map(\.description.type) == [.integer, .text, .double, .binary, .text, .other])
    #expect(result.row(0) == [.integer(1), .text("1"), .double(1), .binary([0, 255]), .null, .null])
    #expect(result.row(1) == [.integer(2), .text("two"), .double(2.5), .binary([]), .null, .null])
    #expect(result.row(2) == [.null, .text("\\x01"), .double(.infinity), .null, .text("é"), .null])
  }

  @Test func invalidUTF8IsReplaced() async throws {
    #expect(try await file.open().row("SELECT CAST(x'61ff62' AS TEXT)") == [.text("a\u{FFFD}b")])
  }

  @Test func patternsMatch() async throws {
    let engine = try file.open()
    let row = try await engine.row(
      """
      SELECT 'abc' REGEXP 'b', 'abc' REGEXP '^b', 'né' REGEXP '^.{2}$', 'a1' REGEXP '^[[:alpha:]][0-9]$',
        NULL REGEXP 'a', 'x' REGEXP NULL, 12 REGEXP '^1', 'abab' REGEXP '^(ab){2}$', '' REGEXP '^$'
      """)
    #expect(row.map(\.text) == ["1", "0", "1", "1", "null", "null", "1", "1", "1"])
    let error = await engine.error(of: "SELECT name REGEXP '(' FROM users")
    #expect(error?.message.contains("'('") == true)
    let rows = try await engine.run(Query("SELECT value REGEXP '9$' FROM json_each('[19, 28, 39]')"))
    #expect(rows.columns[0].cell(at: 2) == .integer(1))
  }

  @Test func tablesAndDescriptions() async throws {
    try file.run("CREATE VIEW \"Odd Name\" AS SELECT id FROM users")
    let engine = try file.open()
    let tables = try await engine.tables()
    #expect(tables.map(\.name) == ["\"Odd Name\"", "users"])
    #expect(tables[1].columns.map(\.name) == ["id", "name", "age"])
    #expect(tables[1].columns.map(\.type) == [.integer, .text, .integer])
    #expect(try await engine.describe("SELECT name, age FROM users").map(\.type) == [.text, .integer])
  }

  @Test func errorsNameKindAndPlace() async throws {
    let engine = try file.open()
    #expect(await engine.error(of: "SELECT id FROM userz")?.kind == .unknownTable)
    let column = await engine.error(of: "SELECT 'é', nam FROM users")
    #expect(column?.kind == .unknownColumn)
    #expect(column?.position == 13)
    let syntax = await engine.error(of: "SELECT id FRM users x")
    #expect(syntax?.kind == .syntax)
    #expect(syntax?.position == 15)
    #expect(await engine.error(of: "SELECT (1")?.kind == .syntax)
    #expect(await engine.error(of: "SELECT ?1")?.message.contains("parameters") == true)
    #expect(await engine.error(of: "SELECT abs(-9223372036854775807 - 1)")?.kind == .other)
    #expect(await engine.error(of: " -- nothing")?.message == "The query is empty.")
  }

  @Test func limitsHold() async throws {
    let engine = try file.open(limits: QueryLimits(maxBytes: 2 << 20))
    let endless = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT i FROM n"
    let result = try await engine.run(Query(endless, limits: QueryLimits(maxRows: 1000)))
    #expect(result.rowCount == 1000)
    #expect(result.isTruncated)
    #expect(await engine.error(of: endless, limits: QueryLimits(maxRows: 1000), truncates: false)?.kind == .tooLarge)
    let slow = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n"
    #expect(await engine.error(of: slow, limits: QueryLimits(timeoutSeconds: 0.2))?.kind == .timeout)
    #expect(await engine.error(of: "SELECT zeroblob(1000000000)")?.kind == .tooLarge)
    #expect(await engine.error(of: "SELECT \((1...3000).map { "\($0)" }.joined(separator: ", "))")?.kind == .tooLarge)
    #expect(try await engine.row("SELECT 1") == [.integer(1)])
  }

  @Test func cancellingTheTaskStopsTheQuery() async throws {
    let engine = try file.open()
    let task = Task {
      await engine.error(of: "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n")
    }
    try await Task.sleep(for: .milliseconds(100))
    task.cancel()
    #expect(await task.value?.kind == .cancelled)
  }

  @Test func queriesTogetherSeeOneMoment() async throws {
    try file.run("PRAGMA journal_mode = WAL")
    let engine = try file.open()
    // Long enough for a row to come in meanwhile, and too short for another connection to help.
    let longer = """
      WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 20000)
        SELECT max(i), (SELECT count(*) FROM users) FROM n
      """
    let writing = Task {
      var id = 10
      while !Task.isCancelled {
        try file.run("INSERT INTO users (id) VALUES (\(id))")
        id += 1
      }
    }
    for _ in 0..<30 {
      let results = await engine.run(together: [
        Query("SELECT count(*) FROM users"), Query(longer), Query("SELECT 1 FROM nowhere"),
        Query("SELECT count(*) FROM users"),
      ])
      #expect(try results[0].get().row(0) == results[3].get().row(0))
      #expect(throws: QueryError.self) { try results[2].get() }
    }
    writing.cancel()
    _ = try await writing.value
  }

  @Test func anotherProcessMayWriteInWALMode() async throws {
    try file.run("PRAGMA journal_mode = WAL")
    let writer = try SQLiteWriter(file.path)
    try writer.run("BEGIN IMMEDIATE; INSERT INTO users (id) VALUES (3)")
    let engine = try file.open()
    #expect(try await engine.row("SELECT count(*) FROM users") == [.integer(2)])
    try writer.run("COMMIT")
    #expect(try await engine.row("SELECT count(*) FROM users") == [.integer(3)])
  }

  @Test func aLockedFileIsWaitedForUntilTheTimeLimit() async throws {
    let writer = try SQLiteWriter(file.path)
    try writer.run("BEGIN EXCLUSIVE")
    let engine = try file.open()
    let error = await engine.error(of: "SELECT count(*) FROM users", limits: QueryLimits(timeoutSeconds: 0.3))
    #expect(error?.kind == .timeout)
    #expect(error?.message.contains("lock") == true)
    let task = Task { try await engine.row("SELECT count(*) FROM users") }
    try writer.run("ROLLBACK")
    #expect(try await task.value == [.integer(2)])
  }

  @Test func aReplacedFileIsOpenedAnew() async throws {
    let engine = try file.open()
    #expect(try await engine.row("SELECT count(*) FROM users") == [.integer(2)])
    let other = try SQLiteFile("INSERT INTO users VALUES (3, 'x', 1)")
    try FileManager.default.removeItem(atPath: file.path)
    #expect(await engine.error(of: "SELECT 1")?.kind == .connection)
    try FileManager.default.copyItem(atPath: other.path, toPath: file.path)
    #expect(try await engine.row("SELECT count(*) FROM users") == [.integer(3)])
  }

  @Test func whatIsNoDatabaseIsToldApart() async throws {
    let missing = try Engines.open(.sqlite, file.folder.path + "/none.db")
    let error = await missing.error(of: "SELECT 1")
    #expect(error?.kind == .connection)
    #expect(error?.message.contains("none.db") == true)
    #expect(!FileManager.default.fileExists(atPath: file.folder.path + "/none.db"))
    #expect(await missing.test().map(\.verdict) == [.failed])
    try file.folder.write("this is no database at all, but it is long enough to be one of some kind", to: "text.db")
    let text = try Engines.open(.sqlite, file.folder.path + "/text.db")
    #expect(await text.error(of: "SELECT * FROM users")?.message.contains("not a SQLite database") == true)
    #expect(try await Engines.open(.sqlite, file.folder.path).error(of: "SELECT 1")?.kind == .connection)
  }

  @Test func urisAreReadLiberally() async throws {
    for uri in [
      "sqlite://\(file.path)", "sqlite:\(file.path)", "file:\(file.path)?mode=ro", "file://\(file.path)?immutable=1",
    ] {
      #expect(try await Engines.open(.sqlite, uri).row("SELECT count(*) FROM users") == [.integer(2)])
    }
  }

  @Test func theTestSaysWhatWorks() async throws {
    let steps = try await file.open().test()
    #expect(steps.map(\.title) == ["Connect", "Database", "Read only", "Tables"])
    #expect(steps.map(\.verdict) == [.passed, .passed, .passed, .passed])
  }
}
