import Checking
import DataSources
import Domain
import Foundation
import Persistence
import Rules
import TestSupport
import Testing

/// Rules on a database behind an ADBC driver, here DuckDB's library.
@Suite("Databases behind ADBC drivers") struct ADBCTests {
  private let folder: TemporaryFolder
  private let file: String

  init() throws {
    folder = try TemporaryFolder()
    file = folder.path + "/shop.duckdb"
    try DuckDBDatabase.make(
      file, "CREATE TABLE people (id INTEGER, email VARCHAR, seen TIMESTAMPTZ)",
      "INSERT INTO people VALUES (1, 'ana@x.org', now() - INTERVAL 2 HOUR), (2, 'ben', now() - INTERVAL 3 HOUR)")
  }

  private func source(_ options: [String: String] = [:]) -> DataSource {
    let standing = [
      "library": DuckDBDatabase.driverFolder + "/libduckdb.so", "entrypoint": "duckdb_adbc_init", "path": file,
    ]
    return DataSource(
      name: "warehouse", driver: .adbc, uri: "", options: standing.merging(options) { $1 })
  }

  private func engines() -> EnginePool {
    EnginePool(opener: QueryEngineOpener(environment: [:], vendorFolders: []))
  }

  @Test("Rules are written in the SQL of the driver's database") func rules() async throws {
    let rules = [
      Rule(
        check: "pattern", dataset: "people",
        parameters: ["column": .scalar(.text("email")), "pattern": .scalar(.text("@"))]),
      Rule(
        check: "freshness", dataset: "people", threshold: .lessThan(ExactDecimal(3)),
        parameters: ["column": .scalar(.text("seen"))]),
    ]
    let engines = engines()
    let checker = Checker(id: QualifiedName(namespace: "n", name: "c"), body: .rules(rules))
    let found = await Evaluator(engines: engines)
      .evaluate([checker], with: Definitions(dataSources: [source()], datasets: []), at: Date())[0].assertions
    await engines.closeAll()
    #expect(found.map(\.outcome) == [.failed, .passed], "\(found.map(\.message))")
    #expect(found.first?.observed?.value == .integer(1))
  }

  @Test("Its tables are listed, in a dialect of ours and by the standard", arguments: [nil, "standard"])
  func tables(dialect: String?) async throws {
    let engines = engines()
    let tables = try await engines.engine(for: source(dialect.map { ["dialect": $0] } ?? [:])).tables()
    await engines.closeAll()
    #expect(tables.map(\.name) == [dialect == nil ? "people" : "main.people"])
    #expect(tables.first?.columns.map(\.name) == ["id", "email", "seen"])
    #expect(tables.first?.columns.map(\.type) == [.integer, .text, .timestamp])
  }

  @Test("The test says what the database is, and which rules do not work") func test() async throws {
    let service = CheckerService(
      store: try SQLiteStore(folder: folder.path + "/data"), engines: engines(), channels: NoChannels(),
      now: { Date() }, wake: {})
    let fine = await service.test(source())
    #expect(fine.map(\.title) == ["Connect", "Query", "Dialect", "Read only", "Stop", "Tables", "Rules"])
    #expect(fine.first { $0.title == "Dialect" }?.detail.contains("the database is duckdb") == true, "\(fine)")
    #expect(fine.last?.verdict == .passed, "\(fine)")
    let odd = await service.test(source(["dialect": "standard"]))
    #expect(odd.first { $0.title == "Dialect" }?.detail.contains("give the option dialect: duckdb") == true, "\(odd)")
    #expect(odd.last?.verdict == .warned && odd.last?.detail.contains("'pattern' does not work here") == true)
  }

  @Test(
    "The dialect is known by the library's name, and can be told",
    arguments: [
      ("/opt/libadbc_driver_sqlite.so", nil, SQLDialect.sqlite),
      ("/opt/libadbc_driver_postgresql.so.113", nil, .postgresql),
      ("/opt/libadbc_driver_flightsql.so", nil, .standard), ("/opt/sqlite/libwarehouse.so", nil, .standard),
      ("/opt/libwarehouse.so", "postgresql", .postgresql), ("/opt/libadbc_driver_sqlite.so", "standard", .standard),
    ])
  func dialects(library: String, told: String?, dialect: SQLDialect) throws {
    var options = ["library": library]
    options["dialect"] = told
    let source = DataSource(name: "warehouse", driver: .adbc, uri: "", options: options)
    #expect(try QueryEngineOpener(environment: [:], vendorFolders: []).open(source).dialect == dialect)
  }
}
