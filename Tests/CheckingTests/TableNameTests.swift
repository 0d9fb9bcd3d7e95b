import Checking
import DataSources
import Domain
import Foundation
import Rules
import TestSupport
import Testing

/// Tables whose names need quotes, and tables that a rule's own SQL names.
@Suite("The names of tables") struct TableNameTests {
  private static let schema = [
    "CREATE TABLE \"OrderItems\" (id INTEGER, \"Kind\" TEXT)", "INSERT INTO \"OrderItems\" VALUES (1, 'a'), (2, NULL)",
    "CREATE TABLE \"Odd.\"\"Table\" (id INTEGER)", "INSERT INTO \"Odd.\"\"Table\" VALUES (1), (2), (3)",
    "CREATE TABLE \"Mixed Case/x\" (id INTEGER)",
  ]
  private static let odd = #""Odd.""Table""#

  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func source(_ driver: Driver) async throws -> (DataSource, PostgreSQLDatabase?) {
    switch driver {
    case .postgresql:
      let database = try await PostgreSQLDatabase(Self.schema.joined(separator: ";\n"))
      try await database.run(
        "CREATE SCHEMA \"Mixed Schema\"; CREATE TABLE \"Mixed Schema\".\"Odd.Table\" AS SELECT 1 AS id")
      return (DataSource(name: "shop", driver: .postgresql, uri: database.uri), database)
    case .sqlite:
      let file = folder.path + "/shop.db"
      try await Command.run(
        "/usr/bin/env", "python3",
        "-c", "import sqlite3,sys; c=sqlite3.connect(sys.argv[1]); c.executescript(sys.argv[2]); c.commit()", file,
        Self.schema.joined(separator: ";\n"))
      return (DataSource(name: "shop", driver: .sqlite, uri: file), nil)
    default:
      let file = folder.path + "/shop.duckdb"
      for statement in Self.schema { try DuckDBDatabase.make(file, statement) }
      return (DataSource(name: "shop", driver: .duckdb, uri: file), nil)
    }
  }

  private func rule(_ dataset: String, where filter: String? = nil, condition: String? = nil) -> Rule {
    guard let condition else {
      return Rule(check: "row_count", dataset: dataset, filter: filter, threshold: .greaterThanOrEqual(ExactDecimal(0)))
    }
    return Rule(
      check: "condition", dataset: dataset, filter: filter, parameters: ["condition": .scalar(.text(condition))])
  }

  private func evaluate(_ source: DataSource, _ rules: [Rule], datasets: [Dataset] = []) async -> [Assertion] {
    let engines = EnginePool(opener: QueryEngineOpener(environment: [:], vendorFolders: [DuckDBDatabase.driverFolder]))
    let checker = Checker(id: QualifiedName(namespace: "n", name: "c"), body: .rules(rules))
    let definitions = Definitions(dataSources: [source], datasets: datasets)
    let evaluation = await Evaluator(engines: engines).evaluate([checker], with: definitions, at: Date())[0]
    await engines.closeAll()
    return evaluation.assertions
  }

  @Test("Every table can be named as it is listed, and bare", arguments: ShopFixture.drivers)
  func listed(driver: Driver) async throws {
    let (source, database) = try await source(driver)
    let engines = EnginePool(opener: QueryEngineOpener(environment: [:], vendorFolders: [DuckDBDatabase.driverFolder]))
    let tables = try await engines.engine(for: source).tables().map(\.name)
    await engines.closeAll()
    #expect(tables.contains(Self.odd) && tables.contains("\"Mixed Case/x\""), "\(tables)")
    let found = await evaluate(source, tables.map { rule($0) })
    for (assertion, table) in zip(found, tables) {
      #expect(assertion.outcome != .errored, "\(table): \(assertion.message)")
    }
    let named = await evaluate(source, [rule("OrderItems"), rule("\"OrderItems\""), rule(Self.odd)])
    #expect(named.map(\.observed?.value) == [.integer(2), .integer(2), .integer(3)], "\(named.map(\.message))")
    if driver == .postgresql {
      let parts = await evaluate(
        source, [rule(#""Mixed Schema"."Odd.Table""#), rule("Mixed Schema.Odd.Table"), rule(#"public."OrderItems""#)])
      #expect(parts.map(\.observed?.value) == [.integer(1), nil, .integer(2)])
      #expect(parts[1].message.contains("has no table of that name"), "\(parts[1].message)")
    }
    withExtendedLifetime(database) {}
  }

  @Test("A table that is missing in a rule's own SQL is told with its field", arguments: ShopFixture.drivers)
  func missingInside(driver: Driver) async throws {
    let (source, database) = try await source(driver)
    let sub = "id IN (SELECT id FROM customerz)"
    let found = await evaluate(
      source,
      [
        rule("OrderItems", condition: sub), rule("OrderItems", where: sub),
        rule("OrderItems", where: "id > 0", condition: sub), rule("OrderItems", where: sub, condition: "id > 0"),
        rule("OrderItemz", condition: sub), rule("few", condition: sub), rule("OrderItems"),
      ],
      datasets: [
        Dataset(id: QualifiedName(namespace: "n", name: "few"), dataSource: "shop", sql: "SELECT 1 AS id")
      ])
    let fields = ["condition: ", "where: ", "condition: ", "where: "]
    for (assertion, field) in zip(found, fields) {
      #expect(assertion.outcome == .errored && assertion.message.hasPrefix(field), "\(assertion.message)")
      #expect(assertion.message.contains("customerz") && !assertion.message.contains("there is no dataset"))
    }
    #expect(found[4].message.hasPrefix("there is no dataset 'OrderItemz'"), "\(found[4].message)")
    #expect(found[5].message.hasPrefix("condition: ") && found[5].message.contains("customerz"), "\(found[5].message)")
    #expect(found[6].outcome == .passed)
    withExtendedLifetime(database) {}
  }

  @Test("A metric must be an aggregate, also of one row and of none", arguments: ShopFixture.drivers)
  func metrics(driver: Driver) async throws {
    let (source, database) = try await source(driver)
    let datasets = [
      "one": "SELECT 1 AS n", "none": "SELECT 1 AS n WHERE 1 = 0", "two": "SELECT 1 AS n UNION ALL SELECT 2",
    ]
    .map { Dataset(id: QualifiedName(namespace: "n", name: $0.key), dataSource: "shop", sql: $0.value) }
    func metric(_ expression: String, _ dataset: String, where filter: String? = nil) -> Rule {
      Rule(
        check: "metric", dataset: dataset, filter: filter, threshold: .greaterThan(ExactDecimal(0)),
        parameters: ["expression": .scalar(.text(expression))])
    }
    let none = ["n", "1", "current_date", "abs(n)", "(n) + 1"]
    let wrong = await evaluate(
      source,
      ["one", "none", "two"].flatMap { name in none.map { metric($0, name) } } + [
        metric("abs(n)", "one", where: "n > 0")
      ],
      datasets: datasets)
    for assertion in wrong {
      #expect(assertion.outcome == .errored && assertion.message.hasPrefix("expression: "), "\(assertion.message)")
      #expect(assertion.message.contains("such as max(n)"), "\(assertion.message)")
    }
    let right = await evaluate(
      source,
      [
        metric("max(n)", "two"), metric("max(abs(n)) + 1", "one"),
        metric("(SELECT count(*) FROM \"OrderItems\")", driver == .sqlite ? "one" : "two"),
        metric("count (*)", "two", where: "n > 1"), metric("sum(CASE WHEN n IN (1, 2) THEN 1 ELSE 0 END)", "two"),
      ], datasets: datasets)
    #expect(right.map { $0.observed?.value.text } == ["2", "2", "2", "1", "2"], "\(right.map(\.message))")
    withExtendedLifetime(database) {}
  }
}
