import Domain
import Foundation
import TestSupport
import Testing

@Suite("Odd values, from the database to the page") struct ServiceValueTests {
  private let folder: ServiceFolder

  init() throws { folder = try ServiceFolder() }

  private static let longAgo = Date(timeIntervalSince1970: 1_700_000_000)

  /// Runs one rule per checker, at once; each checker's page has to show, and its run comes back.
  private func outcomes(_ sources: String, _ datasets: String, _ rules: [String]) async throws -> [Run] {
    let checkers = rules.enumerated().map { "  - {name: c\($0), rules: [{\($1)}]}" }.joined(separator: "\n")
    let yaml = """
      version: 1
      namespace: shop
      data_sources:
      \(sources)
      datasets:
      \(datasets)
      checkers:
      \(checkers)
      """
    try await folder.declare(yaml, due: Self.longAgo)
    let service = try await folder.start()
    for index in rules.indices {
      try await wait(until: "a run of c\(index)", seconds: 90) { try await service.runCount("shop/c\(index)") == 1 }
      #expect(try await service.site.get("/checkers/shop/c\(index)").status == 200)
    }
    #expect(try await service.site.get("/").status == 200)
    #expect(try await service.stop() == 0)
    var runs: [Run] = []
    for index in rules.indices { runs += try await folder.runs(of: "c\(index)") }
    return runs
  }

  @Test("NaN, infinity and huge numbers are compared exactly or are an error; never a crash") func numbers()
    async throws
  {
    let database = try await PostgreSQLDatabase(
      """
      CREATE TABLE f (v float8); INSERT INTO f VALUES ('NaN'), (1), ('Infinity');
      CREATE TABLE n (v numeric); INSERT INTO n VALUES (10::numeric ^ 400), (-(10::numeric ^ 400)), ('NaN');
      CREATE TABLE big (v numeric); INSERT INTO big VALUES (9007199254740993), (0.1);
      """)
    let runs = try await outcomes(
      "  - {name: db, driver: postgresql, uri: \"\(database.uri)\"}",
      """
        - {name: f, data_source: db, sql: SELECT v FROM f}
        - {name: n, data_source: db, sql: SELECT v FROM n}
        - {name: big, data_source: db, sql: SELECT v FROM big}
      """,
      [
        "check: metric, dataset: f, expression: max(v), must_be_less_than: 10",
        "check: metric, dataset: f, expression: \"max(v) FILTER (WHERE v <> 'NaN')\", must_be_greater_than: 0",
        "check: range, dataset: f, column: v, max: 10",
        "check: metric, dataset: n, expression: \"max(v) FILTER (WHERE v <> 'NaN')\", must_be_greater_than: 0",
        "check: range, dataset: n, column: v, min: 0",
        "check: metric, dataset: big, expression: max(v), must_be: 9007199254740992",
        "check: metric, dataset: big, expression: sum(v), must_be: 9007199254740993.1",
        "check: metric, dataset: big, expression: 1 / (count(*) - 2), must_be: 1",
      ])
    #expect(
      runs.map(\.outcome) == [.errored, .errored, .failed, .passed, .failed, .failed, .passed, .errored])
    #expect(runs[0].reason?.lowercased().contains("nan") == true)
    #expect(runs[1].reason?.lowercased().contains("infinit") == true)
    #expect(runs[2].assertions[0].observed?.value == .integer(2))
    #expect(runs[7].reason?.contains("division by zero") == true)
  }

  @Test("Bytes that are no text, BLOBs, and text that would steer a page, in failing rows") func texts() async throws {
    let latin = try await PostgreSQLDatabase(
      "CREATE TABLE t (id int, v text, b bytea); INSERT INTO t VALUES (1, E'caf\\351 \\377', '\\x00ff00')",
      template: "TEMPLATE template0 ENCODING 'SQL_ASCII' LC_COLLATE 'C' LC_CTYPE 'C'")
    let file = folder.folder.path + "/odd.db"
    try await Command.run(
      "/usr/bin/env", "python3", "-c",
      """
      import sqlite3, sys
      c = sqlite3.connect(sys.argv[1])
      c.execute("CREATE TABLE t (id, v)")
      c.execute("INSERT INTO t VALUES (1, CAST(x'ff00fe41' AS TEXT)), (2, x'00ff'), (3, 9e999), (4, ?)",
                ("<script>alert(1)</script>\\x1b[31m",))
      c.commit()
      """, file)
    let runs = try await outcomes(
      """
        - {name: latin, driver: postgresql, uri: "\(latin.uri)"}
        - {name: odd, driver: sqlite, uri: "\(file)"}
      """,
      """
        - {name: latin, data_source: latin, sql: SELECT * FROM t}
        - {name: odd, data_source: odd, sql: SELECT * FROM t}
      """,
      [
        "check: accepted_values, dataset: latin, column: id, values: [7]",
        "check: no_rows, dataset: odd",
        "check: metric, dataset: odd, expression: max(CASE WHEN id = 3 THEN v END), must_be_less_than: 1",
      ])
    #expect(runs.map(\.outcome) == [.failed, .failed, .errored])
    #expect(runs[0].assertions[0].sample?.rows.count == 1)
    #expect(runs[1].assertions[0].sample?.rows.count == 4)
  }

  @Test("A million rows and 1,600 columns") func sizes() async throws {
    let columns = (1...1600).map { "c\($0)" }
    let database = try await PostgreSQLDatabase(
      """
      CREATE TABLE wide (\(columns.map { "\($0) smallint" }.joined(separator: ", ")));
      INSERT INTO wide (c1) VALUES (1);
      """)
    let runs = try await outcomes(
      "  - {name: db, driver: postgresql, uri: \"\(database.uri)\"}",
      """
        - {name: long, data_source: db, sql: "SELECT i, i % 7 AS seventh FROM generate_series(1, 1000000) AS g(i)"}
        - {name: wide, data_source: db, sql: SELECT * FROM wide}
      """,
      [
        "check: row_count, dataset: long, must_be: 1000000",
        "check: unique, dataset: long, column: seventh",
        "check: no_rows, dataset: long",
        "check: missing, dataset: wide, column: c1600",
        "check: no_rows, dataset: wide, sample_size: 1000",
        "check: missing, dataset: wide, column: c1601",
      ])
    #expect(runs.map(\.outcome) == [.passed, .failed, .failed, .failed, .failed, .errored])
    #expect(runs[1].assertions[0].observed?.value == .integer(999_993))
    #expect(runs[2].assertions[0].sample?.total == 1_000_000)
    #expect(runs[2].assertions[0].sample?.rows.count == 20)
    #expect(runs[3].assertions[0].sample?.columns.count ?? 0 > 0)
    #expect(runs[5].reason?.contains("c1601") == true)
  }
}
