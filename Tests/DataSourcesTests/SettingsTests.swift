import Domain
import TestSupport
import Testing

@testable import DataSources

/// What is said about settings before anything is connected, and that no secret is said.
@Suite struct SettingsTests {
  private func error(
    _ driver: Driver, _ uri: String, options: [String: String] = [:], environment: [String: String] = [:]
  ) -> QueryError? {
    do throws(QueryError) {
      let source = DataSource(name: "shop", driver: driver, uri: uri, options: options)
      _ = try Engines.opener(environment).open(source)
      return nil
    } catch {
      return error
    }
  }

  @Test(arguments: Driver.allCases) func anUnsetVariableIsNamed(_ driver: Driver) {
    let error = error(driver, "${SHOP_URI}")
    #expect(error?.kind == .configuration)
    #expect(error?.message.contains("SHOP_URI") == true)
    #expect(error?.message.contains("shop") == true)
  }

  @Test func aBrokenReferenceIsShown() {
    #expect(error(.sqlite, "./${SHOP.db")?.message.contains("'}'") == true)
    #expect(error(.sqlite, "./${not a name}.db")?.message.contains("not a name") == true)
  }

  @Test func aURIThatCannotBeReadHidesItsPassword() {
    let secret = "s3cr#t/pass"
    for uri in ["postgresql://ro:${P}@h/x?sslmode=%zz", "postgresql://ro:s3cr#t/pass@h/x?sslmode=%zz"] {
      let error = error(.postgresql, uri, environment: ["P": secret])
      #expect(error?.kind == .configuration)
      #expect(error.map { "\($0)" }?.contains("s3cr") == false)
    }
    let pairs = error(.postgresql, "host=h password='unclosed s3cret")
    #expect(pairs?.kind == .configuration)
    #expect(pairs.map { "\($0)" }?.contains("s3cret") == false)
  }

  @Test func unknownOptionsHaveTheNearestName() {
    let postgres = error(.postgresql, "postgresql://h/x", options: ["sslmod": "require"])
    #expect(postgres?.kind == .configuration)
    #expect(postgres?.hint == "Did you mean 'sslmode'?")
    #expect(error(.duckdb, "./x.duckdb", options: ["thread": "1"])?.hint == "Did you mean 'threads'?")
    #expect(error(.sqlite, "./x.db", options: ["mode": "rw"])?.kind == .configuration)
    #expect(error(.adbc, "x")?.message.contains("names no driver") == true)
  }

  @Test func valuesThatCannotBeAreRefused() {
    func words(_ driver: Driver, _ options: [String: String]) -> [String] {
      DataSourceOptions.problems(with: options, of: driver).map(\.sentence)
    }
    #expect(words(.sqlite, ["immutable": "x"]) == ["'immutable' must be one of true, false, not 'x'"])
    #expect(words(.sqlite, ["imutable": "true"]) == ["SQLite takes no option 'imutable'; did you mean 'immutable'?"])
    #expect(error(.sqlite, "./x.db", options: ["immutable": "x"])?.message.contains("'immutable'") == true)
    #expect(
      words(.duckdb, ["threads": "-", "memory_limit": "lots"]) == [
        "'memory_limit' must be an amount of memory, such as 2GB, not 'lots'",
        "'threads' must be a whole number from 1 to 65536, not '-'",
      ])
    #expect(words(.postgresql, ["conect_timeout": "2"]).first?.hasSuffix("did you mean 'connect_timeout'?") == true)
    #expect(words(.postgresql, ["options": "-c jit=off"]).first?.contains("is not taken") == true)
    #expect(words(.adbc, ["library": "x", "dialect": "oracle"]).first?.hasPrefix("'dialect' must be one of") == true)
    let fine: [(Driver, [String: String])] = [
      (.postgresql, ["sslmode": "verify-full", "work_mem": "64MB", "port": "5432,5433", "search_path": ""]),
      (.sqlite, ["immutable": "false"]), (.sqlite, ["immutable": "${IMMUTABLE}"]),
      (.duckdb, ["memory_limit": "1.5 GiB", "threads": "4", "delimiter": "\t", "text_columns": ""]),
      (.adbc, ["library": "x", "dialect": "duckdb", "username": "ana"]),
    ]
    for (driver, options) in fine { #expect(words(driver, options) == []) }
  }

  @Test func amountsOfMemoryThatPassAreThoseOfDuckDB() async throws {
    let folder = try TemporaryFolder()
    try DuckDBDatabase.make(folder.path + "/x.duckdb", "CREATE TABLE t (n INTEGER)")
    for value in ["100MB", "1.5 GiB", "500000 kb", "1g", "0.5t", "80%", "2 gigabytes", "none", "-1"] {
      #expect(DataSourceOptions.problems(with: ["memory_limit": value], of: .duckdb).isEmpty)
      let engine = try Engines.open(.duckdb, folder.path + "/x.duckdb", options: ["memory_limit": value])
      #expect(try await engine.row("SELECT count(*) FROM t") == [.integer(0)], "\(value)")
      await engine.close()
    }
  }

  @Test func anOptionThatIsRefusedAtTheOpeningIsNamed() async throws {
    let folder = try TemporaryFolder()
    try DuckDBDatabase.make(folder.path + "/x.duckdb", "CREATE TABLE t (n INTEGER)")
    let engine = try Engines.open(
      .duckdb, folder.path + "/x.duckdb", options: ["memory_limit": "${LIMIT}"], environment: ["LIMIT": "lots"])
    let error = await engine.error(of: "SELECT 1")
    #expect(error?.kind == .configuration)
    #expect(error?.message.contains("option 'memory_limit' with the value '${LIMIT}'") == true, "\(error as Any)")
  }

  @Test func placesThatAreNoFilesAreRefused() {
    #expect(error(.sqlite, ":memory:")?.kind == .configuration)
    #expect(error(.sqlite, "")?.kind == .configuration)
    #expect(error(.sqlite, "file:x.db?mode=rwc")?.kind == .configuration)
    #expect(error(.sqlite, "postgresql://h/x")?.kind == .configuration)
    #expect(error(.duckdb, "https://h/x.parquet")?.kind == .configuration)
  }

  @Test func aMissingLibraryIsNamed() async throws {
    let engine = try Engines.open(.adbc, "x", options: ["library": "/nowhere/driver.so"])
    let error = await engine.error(of: "SELECT 1")
    #expect(error?.kind == .configuration)
    #expect(error?.message.contains("/nowhere/driver.so") == true)
  }

  @Test func linesOfOneSentenceStayOne() {
    let text =
      "server closed the connection unexpectedly\n\tThis probably means the server terminated abnormally\n"
      + "\tbefore or while processing the request.\ninvalid socket\n"
    #expect(
      sentences(text)
        == "server closed the connection unexpectedly. This probably means the server terminated abnormally before or "
        + "while processing the request. invalid socket.")
    #expect(sentences("Connection refused\n\tIs it running?") == "Connection refused. Is it running?")
  }
}
