import Checking
import DataSources
import Domain
import Foundation
import Rules
import TestSupport
import Testing

/// Every kind of rule means the same in every database.
@Suite("Evaluation") struct EvaluationTests {
  private func evaluate(_ driver: Driver, _ rules: [Rule], datasets: [Dataset] = []) async throws -> [Assertion] {
    let fixture = try await ShopFixture(driver)
    let engines = EnginePool(opener: QueryEngineOpener(environment: [:], vendorFolders: [DuckDBDatabase.driverFolder]))
    let checker = Checker(id: QualifiedName(namespace: "n", name: "c"), body: .rules(rules))
    let definitions = Definitions(dataSources: [fixture.source], datasets: datasets)
    let evaluation = await Evaluator(engines: engines).evaluate([checker], with: definitions, at: Date())[0]
    await engines.closeAll()
    #expect(evaluation.assertions.count == rules.count)
    return evaluation.assertions
  }

  private func rule(
    _ check: String, in dataset: String = "people", where filter: String? = nil,
    _ parameters: [String: Rule.Parameter] = [:]
  ) -> Rule {
    Rule(check: check, dataset: dataset, filter: filter, parameters: parameters)
  }

  private func text(_ value: String) -> Rule.Parameter { .scalar(.text(value)) }

  @Test("Each kind measures the same number", arguments: ShopFixture.drivers) func measures(driver: Driver)
    async throws
  {
    let cases: [(Rule, Int64)] = [
      (rule("row_count"), 10), (rule("row_count", where: "age > 50"), 5), (rule("no_rows"), 10),
      (rule("missing", ["column": text("email")]), 2),
      (rule("missing", ["column": text("email"), "values": .list([.text("")])]), 3),
      (rule("missing", where: "country = 'PT'", ["column": text("email")]), 1),
      (rule("unique", ["column": text("email")]), 1), (rule("unique", ["column": text("id")]), 0),
      (rule("unique", ["columns": .list([.text("country"), .text("email")])]), 1),
      (rule("unique", ["column": text("email"), "nulls": text("equal")]), 2),
      (rule("unique", where: "id <> 6", ["column": text("email")]), 0),
      (
        rule(
          "accepted_values",
          ["column": text("country"), "values": .list([.text("PT"), .text("ES"), .text("FR"), .null])]), 2
      ),
      (
        rule(
          "range",
          [
            "column": text("age"), "min": .scalar(.number(ExactDecimal(18))),
            "max": .scalar(.number(ExactDecimal(120))),
          ]), 2
      ),
      (rule("range", ["column": text("balance"), "min": .scalar(.number(ExactDecimal(0)))]), 1),
      (
        rule(
          "range",
          ["column": text("balance"), "min": .scalar(.number(ExactDecimal(0))), "exclusive": .scalar(.boolean(true))]),
        2
      ),
      (rule("pattern", ["column": text("email"), "pattern": text("^[^@ ]+@[^@ ]+[.]org$")]), 2),
      (rule("pattern", ["column": text("name"), "pattern": text("^[a-z]+$")]), 1),
      (rule("condition", ["condition": text("age >= 18")]), 1),
      (rule("condition", ["condition": text("coalesce(age >= 18, 1 = 0)")]), 2),
      (rule("row_count", in: "nobody"), 0),
    ]
    let assertions = try await evaluate(driver, cases.map(\.0))
    for (assertion, (rule, expected)) in zip(assertions, cases) {
      #expect(
        assertion.observed?.value.exactDecimal == ExactDecimal(expected),
        "\(rule.check) \(rule.parameters): \(assertion.message)")
    }
  }

  @Test("Metrics are any aggregate", arguments: ShopFixture.drivers) func metrics(driver: Driver) async throws {
    func metric(_ expression: String, _ threshold: Threshold, where filter: String? = nil) -> Rule {
      var rule = rule("metric", where: filter, ["expression": text(expression)])
      rule.threshold = threshold
      return rule
    }
    let assertions = try await evaluate(
      driver,
      [
        metric("sum(balance)", .equal(ExactDecimal(45))), metric("count(DISTINCT country)", .equal(ExactDecimal(5))),
        metric("max(age) - min(age)", .equal(ExactDecimal(183))),
        metric("avg(age)", .equal(ExactDecimal(31)), where: "id = 1"),
        metric("max(age)", .lessThan(ExactDecimal(1)), where: "1 = 0"),
      ])
    #expect(assertions.map(\.outcome) == [.passed, .passed, .passed, .passed, .errored])
  }

  @Test("on_empty decides about any metric of no rows", arguments: ShopFixture.drivers) func emptyMetrics(
    driver: Driver
  ) async throws {
    func metric(_ expression: String, in dataset: String, _ onEmpty: OnEmpty?, where filter: String? = nil) -> Rule {
      var rule = rule("metric", in: dataset, where: filter, ["expression": text(expression)])
      rule.threshold = .lessThan(ExactDecimal(100))
      rule.onEmpty = onEmpty
      return rule
    }
    let assertions = try await evaluate(
      driver,
      [
        metric("count(*)", in: "nobody", .fail), metric("count(*)", in: "nobody", nil),
        metric("coalesce(sum(id), 0)", in: "nobody", .warn), metric("count(DISTINCT id)", in: "nobody", .error),
        metric("count(*)", in: "people", .fail, where: "id > 100"), metric("max(id)", in: "people", .fail),
        metric("count(DISTINCT id)", in: "people", .fail, where: "id > 5"),
      ])
    #expect(assertions.map(\.outcome) == [.failed, .passed, .warned, .errored, .failed, .passed, .passed])
  }

  @Test(
    "Freshness is measured by the database's clock, and fails where there is nothing",
    arguments: ShopFixture.drivers)
  func freshness(driver: Driver) async throws {
    func fresh(_ dataset: String, _ unit: String, _ limit: Int, onEmpty: OnEmpty? = nil) -> Rule {
      var rule = rule("freshness", in: dataset, ["column": text("seen"), "unit": text(unit)])
      rule.threshold = .lessThan(ExactDecimal(limit))
      rule.onEmpty = onEmpty
      return rule
    }
    let assertions = try await evaluate(
      driver,
      [
        fresh("now_seen", "hour", 1), fresh("now_seen", "minute", 5), fresh("people", "day", 30),
        fresh("nobody", "hour", 1),
        fresh("nobody", "hour", 1, onEmpty: .pass),
      ])
    #expect(assertions.map(\.outcome) == [.passed, .failed, .failed, .failed, .passed])
    let minutes = assertions[1].observed?.value.exactDecimal?.double ?? 0
    #expect(minutes > 29 && minutes < 40)
  }

  @Test("Keys that are no columns are told beside the verdict", arguments: ShopFixture.drivers) func misspeltKeys(
    driver: Driver
  ) async throws {
    var missing = rule("missing", ["column": text("email")])
    missing.keys = ["idd"]
    let assertion = try await evaluate(driver, [missing])[0]
    #expect(assertion.outcome == .failed && assertion.sample == nil)
    #expect(assertion.message.contains("its rows cannot be shown by these keys") && assertion.message.contains("idd"))
  }

  @Test("Numbers where a column holds texts are told how to be written") func numbersBesideTexts() async throws {
    let accepted = rule(
      "accepted_values", ["column": text("country"), "values": .list([.number(ExactDecimal(9))])])
    let assertion = try await evaluate(.postgresql, [accepted])[0]
    #expect(assertion.outcome == .errored && assertion.message.hasSuffix(#"write numbers in quotes, as in "9""#))
  }

  @Test("SQLite's texts with and without zones are compared as times") func textTimes() async throws {
    var fresh = rule("freshness", in: "text_seen", ["column": text("seen"), "unit": text("minute")])
    fresh.threshold = .lessThan(ExactDecimal(60))
    let assertions = try await evaluate(.sqlite, [fresh])
    let minutes = assertions[0].observed?.value.exactDecimal?.double ?? 0
    #expect(minutes > 14 && minutes < 30, "\(assertions)")
  }

  @Test("Failing rows are shown with the keys asked for", arguments: ShopFixture.drivers) func samples(
    driver: Driver
  ) async throws {
    var missing = rule("missing", ["column": text("email")])
    missing.keys = ["id"]
    missing.sampleSize = 1
    let assertions = try await evaluate(
      driver, [missing, rule("unique", ["column": text("email")]), rule("row_count")])
    #expect(assertions[0].sample?.columns == ["id"])
    #expect(assertions[0].sample?.rows.count == 1)
    #expect(assertions[0].sample?.total == 2)
    #expect(assertions[1].sample?.rows == [[.text("same@x.org"), .integer(2)]])
    // Too few rows, or enough of them, have no rows to blame.
    #expect(assertions[2].sample == nil)
  }

  @Test("One broken rule leaves the others their answer", arguments: ShopFixture.drivers) func isolation(
    driver: Driver
  ) async throws {
    let rules = [
      rule("row_count"), rule("missing", ["column": text("emial")]),
      rule("condition", ["condition": text("age / 0 > nosuch(1)")]),
      rule("missing", ["column": text("email")]), rule("row_count", in: "peeple"), rule("no_rows", in: "nobody"),
    ]
    let assertions = try await evaluate(driver, rules)
    #expect(assertions.map(\.outcome) == [.passed, .errored, .errored, .failed, .errored, .passed])
    #expect(assertions[1].message.contains("email"))
    #expect(assertions[4].message.contains("no table of that name"))
  }

  @Test("SQL of one rule cannot shift the values of another", arguments: ShopFixture.drivers) func shifting(
    driver: Driver
  ) async throws {
    // Balanced brackets, yet it would add a column to the shared SELECT.
    let hostile = rule("metric", ["expression": text("count(*)), (count(*)")])
    var metric = hostile
    metric.threshold = .equal(ExactDecimal(10))
    let assertions = try await evaluate(driver, [metric, rule("row_count"), rule("no_rows", in: "nobody")])
    #expect(assertions.map(\.outcome) == [.errored, .passed, .passed])
  }

  @Test("A data source that is not there errs its own rules only") func absentSource() async throws {
    let fixture = try await ShopFixture(.sqlite)
    let gone = DataSource(name: "gone", driver: .postgresql, uri: "postgresql://nobody@127.0.0.1:1/none")
    let engines = EnginePool(opener: QueryEngineOpener(environment: [:], vendorFolders: [DuckDBDatabase.driverFolder]))
    let datasets = [
      Dataset(id: QualifiedName(namespace: "n", name: "here"), dataSource: "shop", sql: "SELECT * FROM people"),
      Dataset(id: QualifiedName(namespace: "n", name: "there"), dataSource: "gone", sql: "SELECT 1"),
    ]
    let checkers = ["here", "there"].map {
      Checker(id: QualifiedName(namespace: "n", name: $0), body: .rules([Rule(check: "row_count", dataset: $0)]))
    }
    let evaluations = await Evaluator(engines: engines).evaluate(
      checkers, with: Definitions(dataSources: [fixture.source, gone], datasets: datasets), at: Date())
    await engines.closeAll()
    #expect(evaluations.map(\.outcome) == [.passed, .errored])
    #expect(evaluations[1].reason?.contains("gone") == true)
  }

  @Test("Shortcuts on a large table measure what the plain way measures") func shortcuts() async throws {
    let fixture = try await ShopFixture(.postgresql)
    try await Command.run(
      "/usr/bin/env", "psql", "-q", "-v", "ON_ERROR_STOP=1", fixture.source.uri, "-c",
      """
      CREATE TABLE parcels AS SELECT i AS id, CASE WHEN i % 100 = 0 THEN 'l' || i % 7 ELSE 'sent' END AS status,
        CASE WHEN i % 1000 = 1 THEN 'Code' WHEN i % 1000 <> 2 THEN 'code_' || i END AS code FROM generate_series(1, 30000) AS i;
      ANALYZE parcels
      """)
    let status = ["column": text("status")]
    let accepted = rule("accepted_values", in: "parcels", status.merging(["values": .list([.text("sent")])]) { $1 })
    let percent = Rule(
      check: "pattern", dataset: "parcels", percent: true, threshold: .lessThan(ExactDecimal(1)),
      parameters: status.merging(["pattern": text("^[a-z]+$")]) { $1 })
    let rules = [
      accepted, percent,
      rule("pattern", in: "parcels", where: "id <= 1000", status.merging(["pattern": text("^[a-z]+$")]) { $1 }),
      rule(
        "accepted_values", in: "parcels", where: "id <= 1000", status.merging(["values": .list([.text("sent")])]) { $1 }
      ),
      rule("unique", in: "parcels", ["column": text("code")]),
      rule("pattern", in: "parcels", ["column": text("code"), "pattern": text("^code_")]),
    ]
    let engines = EnginePool(opener: QueryEngineOpener(environment: [:], vendorFolders: [DuckDBDatabase.driverFolder]))
    let checker = Checker(id: QualifiedName(namespace: "n", name: "c"), body: .rules(rules))
    let definitions = Definitions(dataSources: [fixture.source], datasets: [])
    let found = await Evaluator(engines: engines).evaluate([checker], with: definitions, at: Date())[0].assertions
    await engines.closeAll()
    #expect(found.map { $0.observed?.value } == [.integer(300), .double(1)] + [10, 10, 29, 30].map { .integer($0) })
    #expect(found.map(\.outcome) == [.failed, .failed, .failed, .failed, .failed, .failed])
    #expect(found[1].sample?.total == 300 && found[1].sample?.rows.count == 20)
    #expect(found[4].sample?.rows == [[.text("Code"), .integer(30)]])
  }

  @Test("A pattern that the accepted values imply is not scanned for, and is when they do not hold") func implication()
    async throws
  {
    let values = Rule.Parameter.list(["PT", "ES", "FR", "XX", "NO"].map(Scalar.text))
    let accepted = rule("accepted_values", ["column": text("country"), "values": values])
    let narrow = rule("accepted_values", ["column": text("country"), "values": .list([.text("PT")])])
    let pattern = rule("pattern", ["column": text("country"), "pattern": text("^[A-Z]{2}$")])
    let assertions = try await evaluate(.postgresql, [accepted, pattern])
    #expect(assertions.map(\.outcome) == [.passed, .passed])
    let strict = rule("pattern", ["column": text("country"), "pattern": text("^[A-M]")])
    let again = try await evaluate(.postgresql, [narrow, pattern, strict])
    #expect(again.map(\.outcome) == [.failed, .passed, .failed])
    #expect(again[2].observed?.value == .integer(5))
  }
}
