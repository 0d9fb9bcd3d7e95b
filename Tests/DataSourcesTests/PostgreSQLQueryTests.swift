import Domain
import TestSupport
import Testing

/// What comes back from PostgreSQL, and how it is limited.
@Suite struct PostgreSQLQueryTests {
  let database: PostgreSQLDatabase
  let engine: any QueryEngine

  init() async throws {
    database = try await PostgreSQLDatabase(
      """
      CREATE TYPE mood AS ENUM ('good', 'bad');
      CREATE TABLE users (id integer PRIMARY KEY, name text, feeling mood);
      INSERT INTO users VALUES (1, 'Ann', 'good'), (2, NULL, 'bad');
      CREATE SCHEMA sales; CREATE TABLE sales."Order Items" (id bigint, price numeric(10, 2));
      """)
    engine = try Engines.open(.postgresql, database.uri)
  }

  @Test func valuesKeepTheirTypes() async throws {
    let result = try await engine.run(
      Query(
        """
        SELECT true AS b, 9223372036854775807 AS i, 0.1::float8 AS d, 12345678901234567890.123456789 AS n, 'é' AS t,
          '\\x00ff'::bytea AS y, DATE '2024-02-29' AS da, TIMESTAMPTZ '2024-05-01 12:00:00.5+00' AS ts,
          TIMESTAMP '2024-05-01 12:00:00' AS tn, '{"a": 1}'::jsonb AS j, NULL::integer AS z, 'good'::mood AS m,
          ARRAY[1, 2] AS a
        """))
    #expect(
      result.row(0) == [
        .boolean(true), .integer(.max), .double(0.1), .decimal("12345678901234567890.123456789"), .text("é"),
        .binary([0, 255]), .text("2024-02-29"), .text("2024-05-01T12:00:00.5+00:00"), .text("2024-05-01T12:00:00"),
        .text("{\"a\": 1}"), .null, .text("good"), .text("{1,2}"),
      ])
    #expect(result.columns[7].description.databaseType == "timestamp with time zone")
    #expect(result.columns[7].description.type == .timestamp)
    #expect(result.columns[11].description == ColumnDescription(name: "m", type: .text, databaseType: "mood"))
    #expect(result.columns[12].description.databaseType == "integer[]")
  }

  @Test func oddNumbersArriveAsTheyAre() async throws {
    let row = try await engine.row(
      """
      SELECT 'NaN'::float8, 'Infinity'::float8, '-Infinity'::float8, 'NaN'::numeric, 'Infinity'::numeric,
        10::numeric ^ 300, 'infinity'::timestamptz
      """)
    #expect(row.map(\.text).prefix(5) == ["NaN", "Infinity", "-Infinity", "NaN", "Infinity"])
    #expect(row[5].text.hasPrefix("1000000000"))
    #expect(row[6] == .text("infinity"))
  }

  @Test func nullsAreNotValues() async throws {
    let result = try await engine.run(Query("SELECT name, id FROM users ORDER BY id DESC"))
    #expect(result.row(0) == [.null, .integer(2)])
    #expect(result.row(1) == [.text("Ann"), .integer(1)])
  }

  @Test func invalidUTF8IsReplaced() async throws {
    let ascii = try await PostgreSQLDatabase(
      "CREATE TABLE t (a text); INSERT INTO t VALUES (E'a\\xff\\xfeb')",
      template: "ENCODING 'SQL_ASCII' TEMPLATE template0 LC_COLLATE 'C' LC_CTYPE 'C'")
    let engine = try Engines.open(.postgresql, ascii.uri)
    #expect(try await engine.row("SELECT a FROM t") == [.text("a\u{FFFD}\u{FFFD}b")])
  }

  @Test func rowLimitStopsTheDatabase() async throws {
    let endless = "SELECT generate_series(1, 1000000000000)"
    let limits = QueryLimits(timeoutSeconds: 60, maxRows: 1000)
    let result = try await engine.run(Query(endless, limits: limits))
    #expect(result.rowCount == 1000)
    #expect(result.isTruncated)
    #expect(result.cell(row: 999, column: 0) == .integer(1000))
    #expect(await engine.error(of: endless, limits: limits, truncates: false)?.kind == .tooLarge)
    try await eventually("the statement ended in the database") {
      try await database.run(
        "SELECT count(*) FROM pg_stat_activity WHERE query LIKE '%generate_series%' AND state = 'active'"
          + " AND pid <> pg_backend_pid() AND datname = current_database()") == "0"
    }
    #expect(try await engine.row("SELECT 1") == [.integer(1)])
  }

  @Test func exactlyAsManyRowsAsTheLimitAreWhole() async throws {
    let query = Query("SELECT generate_series(1, 10)", limits: QueryLimits(maxRows: 10))
    #expect(try await engine.run(query).isTruncated == false)
  }

  @Test func byteLimitHolds() async throws {
    let limits = QueryLimits(maxBytes: 100_000)
    let wide = "SELECT repeat('x', 1000 + 0 * generate_series(1, 100000000))"
    let result = try await engine.run(Query(wide, limits: limits))
    #expect(result.rowCount == 100)
    #expect(result.isTruncated)
    #expect(await engine.error(of: "SELECT repeat('x', 200000000)", limits: limits)?.kind == .tooLarge)
    #expect(try await engine.row("SELECT 1") == [.integer(1)])
  }

  @Test func aThousandColumnsArrive() async throws {
    let columns = (1...1600).map { "\($0) AS c\($0)" }.joined(separator: ", ")
    let result = try await engine.run(Query("SELECT \(columns)"))
    #expect(result.columns.count == 1600)
    #expect(result.cell(row: 0, column: 1599) == .integer(1600))
    let tooMany = (1...1665).map { "\($0)" }.joined(separator: ", ")
    #expect(await engine.error(of: "SELECT \(tooMany)")?.kind == .tooLarge)
  }

  @Test func errorsNameKindAndPlace() async throws {
    let table = await engine.error(of: "SELECT id FROM userz")
    #expect(table?.kind == .unknownTable)
    #expect(table?.position == 16)
    let column = await engine.error(of: "SELECT 'é', nam FROM users")
    #expect(column?.kind == .unknownColumn)
    #expect(column?.position == 13)
    #expect(await engine.error(of: "SELECT 1 FORM users x y")?.kind == .syntax)
    #expect(await engine.error(of: "SELECT 1/0")?.kind == .other)
    #expect(await engine.error(of: "SELECT id FROM users WHERE id = $1")?.message.contains("parameters") == true)
    #expect(await engine.error(of: "")?.message == "The query is empty.")
    #expect(await engine.error(of: "SELECT 1\0")?.kind == .syntax)
  }

  @Test func describeGivesColumnsWithoutRows() async throws {
    let columns = try await engine.describe("SELECT id, name, feeling, 1.5 AS n FROM users -- trailing")
    #expect(columns.map(\.name) == ["id", "name", "feeling", "n"])
    #expect(columns.map(\.type) == [.integer, .text, .text, .decimal])
    #expect(columns[2].databaseType == "mood")
  }

  @Test func tablesAreThoseThatCanBeRead() async throws {
    let tables = try await engine.tables()
    #expect(tables.map(\.name) == ["users", "sales.\"Order Items\""])
    #expect(tables.last?.columns.map(\.databaseType) == ["bigint", "numeric(10,2)"])
  }

  @Test func queriesTogetherSeeOneMomentAndErrorsStayApart() async throws {
    let results = await engine.run(together: [
      Query("SELECT count(*) FROM users"), Query("SELECT 1/0"), Query("SHOW transaction_isolation"),
      Query("SELECT x FROM (SELECT 1 AS x) AS d", guarded: ["SELECT 1 AS x"]),
      Query("SELECT x FROM (DELETE FROM users RETURNING 1 AS x) AS d", guarded: ["DELETE FROM users RETURNING 1 AS x"]),
      Query("SELECT max(id) FROM users"),
    ])
    #expect(try results[0].get().row(0) == [.integer(2)])
    #expect(throws: QueryError.self) { try results[1].get() }
    #expect(try results[2].get().row(0) == [.text("repeatable read")])
    #expect(try results[3].get().row(0) == [.integer(1)])
    #expect(throws: QueryError.self) { try results[4].get() }
    #expect(try results[5].get().row(0) == [.integer(2)])
  }
}
