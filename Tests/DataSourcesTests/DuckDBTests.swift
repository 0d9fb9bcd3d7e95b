import Domain
import Foundation
import TestSupport
import Testing

/// DuckDB: databases and files of rows, read and never written.
@Suite struct DuckDBTests {
  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func write(_ text: String, to name: String) throws { try folder.write(text, to: name) }

  private func files(_ uri: String = "", options: [String: String] = [:], limits: QueryLimits = QueryLimits()) throws
    -> any QueryEngine
  {
    try Engines.open(.duckdb, folder.path + uri, limits: limits, options: options)
  }

  @Test func filesAreTables() async throws {
    try write("id,name\n1,Ann\n2,\n", to: "users.csv")
    try write("{\"id\": 7, \"ok\": true}\n", to: "order items.jsonl")
    let engine = try files()
    #expect(try await engine.tables().map(\.name) == ["\"order items\"", "users"])
    let result = try await engine.run(Query("SELECT * FROM users ORDER BY id"))
    #expect(result.row(0) == [.integer(1), .text("Ann")])
    #expect(result.row(1) == [.integer(2), .null])
    #expect(try await engine.row("SELECT ok FROM \"order items\"") == [.boolean(true)])
    await engine.close()
  }

  @Test func linesThatEndInDifferentWaysAreNamed() async throws {
    try write("a,b\r\n1,\"two\nlines\"\r\n3,4\n5,6\r\n", to: "mixed.csv")
    let error = try #require(await files("/mixed.csv").error(of: "SELECT count(*) FROM mixed"))
    #expect(
      error.message.contains(
        "mixed.csv is not as RFC 4180 has it: line 3 ends with LF, and the lines before it with CRLF")
        && !error.message.contains("strict_mode"), "\(error)")
  }

  @Test func raggedLinesAreAnErrorWithTheirNumber() async throws {
    try write("a,b\n1,2\n3\n4,5\n6,7,8\n9,10\n", to: "ragged.csv")
    let alone = try files("/ragged.csv")
    let error = try #require(await alone.error(of: "SELECT count(*) FROM ragged"))
    #expect(error.message.contains("Line: 3") && error.message.contains("ragged.csv"), "\(error)")
    #expect(!error.message.contains("strict_mode"), "\(error)")
    // Beside others it hides nobody, and says why it is no table.
    try write("id,name\n1,Ann\n", to: "users.csv")
    let engine = try files()
    #expect(try await engine.row("SELECT count(*) FROM users") == [.integer(1)])
    #expect(await engine.error(of: "SELECT count(*) FROM ragged")?.message.contains("Line: 3") == true)
    let many = (1...30_000).map { "\($0),n" }.joined(separator: "\n")
    try write("id,name\n\(many)\n7\n", to: "late.csv")
    let late = await engine.error(of: "SELECT count(*) FROM late")
    #expect(
      late?.message.contains("Line: 30002") == true && late?.message.contains("late.csv") == true, "\(late as Any)")
  }

  @Test func aCSVsColumnsAreNamedByItsFirstLineAndTextWhereThatIsSaid() async throws {
    try write("2024,2025\n1,2\n3,4\n", to: "years.csv")
    try write("code,sku,n\n1E5,007,1\n10E4,7,2\n", to: "codes.csv")
    let plain = try files("/years.csv")
    #expect(try await plain.row("SELECT max(\"2024\"), count(*) FROM years") == [.integer(3), .integer(2)])
    let engine = try files("/codes.csv", options: ["text_columns": "code, sku"])
    #expect(
      try await engine.row("SELECT count(DISTINCT code), min(sku), max(n) FROM codes")
        == [.integer(2), .text("007"), .integer(2)])
    let absent = try files("/codes.csv", options: ["text_columns": "cod"])
    #expect(await absent.error(of: "SELECT * FROM codes")?.message.contains("cod") == true)
  }

  @Test func aValueThatDiffersFarDownIsToldWithItsColumnAndWhatToDo() async throws {
    try write("id,code\n" + (1...60_000).map { "\($0),\($0)\n" }.joined() + "60001,oops\n", to: "late.csv")
    let error = await (try files("/late.csv")).error(of: "SELECT count(*) FROM late WHERE code > 0")
    let message = error?.message ?? ""
    #expect(message.hasPrefix("The CSV has \"oops\" in column 'code'") && message.contains("line 60002"), "\(message)")
    #expect(
      message.contains("which is no whole number") && message.hasSuffix("option text_columns: code"), "\(message)")
    let engine = try files("/late.csv", options: ["text_columns": "code"])
    #expect(try await engine.row("SELECT count(DISTINCT code) FROM late") == [.integer(60_001)])
  }

  @Test func theFirstLineSaysHowAFileIsRead() async throws {
    try write("id;name\n1;Ann, B\n2;\"C;D\"\n", to: "semicolons.csv")
    try write("id\tname\n1\tAnn\n", to: "tabs.tsv")
    try write("one\n1\n\n2\n", to: "single.csv")
    try write("\"a,b\"|c\n\"x\ny\"|2\n", to: "bars.csv")
    let engine = try files()
    #expect(try await engine.row("SELECT max(name), min(name) FROM semicolons") == [.text("C;D"), .text("Ann, B")])
    #expect(try await engine.row("SELECT name FROM tabs") == [.text("Ann")])
    #expect(try await engine.row("SELECT max(one) FROM single") == [.integer(2)])
    #expect(try await engine.row("SELECT \"a,b\", c FROM bars") == [.text("x\ny"), .integer(2)])
    try write("Report of today\nid:name\n1:Ann\n", to: "told.csv")
    let told = try files("/told.csv", options: ["skip": "1", "delimiter": ":"])
    #expect(try await told.row("SELECT id, name FROM told") == [.integer(1), .text("Ann")])
    // A line that starts like a comment is a line.
    try write("id,name\n1,Ann\n#2,Bob\n", to: "marks.csv")
    #expect(try await files("/marks.csv").row("SELECT count(*) FROM marks") == [.integer(2)])
  }

  @Test func valuesKeepTheirTypes() async throws {
    try write("a\n1\n", to: "t.csv")
    let row = try await files().row(
      """
      SELECT true, 42::TINYINT, 9223372036854775807, 1.5::DOUBLE, 12345678901234567.89::DECIMAL(19, 2), 'é', 'ab'::BLOB,
        DATE '2024-02-29', TIMESTAMP '1969-12-31 23:59:59.5', TIME '12:30:00', [1, 2], {'a': 1, 'b': 'x'}, NULL,
        'NaN'::DOUBLE, 170141183460469231731687303715884105727::HUGEINT, 'x'::ENUM('y', 'x'), INTERVAL '1 month 2 days',
        -0.05::DECIMAL(3, 2), MAP {'k': 1}, 18446744073709551615::UBIGINT, DATE '0044-03-15'
      """)
    #expect(
      row.prefix(7) == [
        .boolean(true), .integer(42), .integer(.max), .double(1.5), .decimal("12345678901234567.89"), .text("é"),
        .binary([97, 98]),
      ])
    #expect(
      row.dropFirst(7).map(\.text) == [
        "2024-02-29", "1969-12-31T23:59:59.5", "12:30:00", "[1, 2]", "{a: 1, b: x}", "null", "NaN",
        "170141183460469231731687303715884105727", "x", "P1M2D", "-0.05", "{{key: k, value: 1}}",
        "18446744073709551615", "0044-03-15",
      ])
  }

  @Test func wholeNumbersOfAnySizeAreNumbers() async throws {
    let numbers = [
      "123456789012345678901234567890123456789012345", "-123456789012345678901234567890123456789012345",
      "1000000000000000000000000000000000000000000000", "0",
    ]
    try write("id,n\n" + numbers.enumerated().map { "\($0),\($1)\n" }.joined() + "9,\n", to: "ids.csv")
    let engine = try files("/ids.csv")
    for (index, number) in numbers.enumerated() {
      #expect(try await engine.row("SELECT n FROM ids WHERE id = \(index)") == [.decimal(number)])
    }
    #expect(
      try await engine.row("SELECT max(n), min(n), count(n) FROM ids")
        == [.decimal(numbers[2]), .decimal(numbers[1]), .integer(4)])
    #expect(try await engine.row("SELECT n FROM ids WHERE id = 9") == [.null])
    #expect(try await engine.describe("SELECT n FROM ids").map(\.databaseType) == ["bignum"])
  }

  @Test func changedFilesAreReadAnew() async throws {
    try write("id\n1\n", to: "t.csv")
    let engine = try files()
    #expect(try await engine.row("SELECT count(*) FROM t") == [.integer(1)])
    try write("id,more\n1,a\n2,b\n", to: "t.csv")
    try write("x\n1\n", to: "u.csv")
    #expect(try await engine.row("SELECT count(more), (SELECT count(*) FROM u) FROM t") == [.integer(2), .integer(1)])
  }

  @Test func filesOfOneTable() async throws {
    try write("id\n1\n", to: "a.csv")
    try write("id\n2\n", to: "b.csv")
    let engine = try files("/*.csv", options: ["table": "events"])
    #expect(try await engine.row("SELECT count(*) FROM events") == [.integer(2)])
  }

  @Test func oneNameForTwoFilesIsRefused() async throws {
    try write("id\n1\n", to: "a.csv")
    try write("{\"id\": 1}", to: "a.json")
    let error = try await files().error(of: "SELECT 1")
    #expect(error?.kind == .configuration)
    #expect(error?.message.contains("a.json") == true)
  }

  @Test func missingFilesAreNamedAndNotMade() async throws {
    for uri in ["/none.duckdb", "/none.csv", "/*.parquet"] {
      let error = try await files(uri).error(of: "SELECT 1")
      #expect(error?.kind == .connection)
      #expect(error?.message.contains(folder.path) == true)
    }
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).isEmpty)
    try write("this is no database, however long it may be", to: "bad.duckdb")
    #expect(try await files("/bad.duckdb").error(of: "SELECT 1")?.kind == .connection)
  }

  @Test func errorsNameKindAndPlace() async throws {
    try write("id,name\n1,Ann\n", to: "users.csv")
    let engine = try files()
    let table = await engine.error(of: "SELECT id FROM userz")
    #expect(table?.kind == .unknownTable)
    #expect(table?.position == 16)
    let column = await engine.error(of: "SELECT 'it''s',\n nam FROM users")
    #expect(column?.kind == .unknownColumn)
    #expect(column?.position == 18)
    #expect(await engine.error(of: "SELECT 'éé' AS e, nam FROM users")?.position == 19)
    #expect(await engine.error(of: "SELECT id FROM users WHERE id = $1")?.message.contains("parameters") == true)
    #expect(try await engine.row("SELECT 1") == [.integer(1)])
    #expect(await engine.error(of: "SELECT 1 FRM users WHERE")?.kind == .syntax)
    #expect(await engine.error(of: "SELECT 'a'::INTEGER")?.kind == .other)
    #expect(await engine.error(of: "")?.kind != nil)
    #expect(await engine.error(of: "SELECT 1\0; DELETE FROM users")?.kind == .syntax)
  }

  @Test func limitsHold() async throws {
    try write("id\n1\n", to: "t.csv")
    let engine = try files()
    let endless = "SELECT range FROM range(1000000000000)"
    let limits = QueryLimits(timeoutSeconds: 60, maxRows: 5000)
    let result = try await engine.run(Query(endless, limits: limits))
    #expect(result.rowCount == 5000)
    #expect(result.isTruncated)
    #expect(await engine.error(of: endless, limits: limits, truncates: false)?.kind == .tooLarge)
    let slow =
      "SELECT count(*) FROM range(100000) a, range(100000) b, range(100000) c WHERE a.range + b.range = c.range + 1"
    #expect(await engine.error(of: slow, limits: QueryLimits(timeoutSeconds: 0.3))?.kind == .timeout)
    #expect(await engine.error(of: "SELECT list(range) FROM range(1000000000)")?.kind == .tooLarge)
    #expect(try await engine.row("SELECT 1") == [.integer(1)])
  }

  @Test func cancellingTheTaskStopsTheQuery() async throws {
    try write("id\n1\n", to: "t.csv")
    let engine = try files()
    _ = try await engine.row("SELECT 1")
    let task = Task {
      await engine.error(of: "SELECT count(*) FROM range(10000000) a, range(10000000) b WHERE a.range * b.range = 7")
    }
    try await Task.sleep(for: .milliseconds(200))
    task.cancel()
    #expect(await task.value?.kind == .cancelled)
  }
}
