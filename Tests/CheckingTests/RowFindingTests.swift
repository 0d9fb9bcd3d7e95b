import Checking
import DataSources
import Domain
import Foundation
import TestSupport
import Testing

/// Which rows fail, told by the columns that tell rows apart, in each database.
@Suite("Rows that fail") struct RowFindingTests {
  private static let drivers = ShopFixture.drivers

  private func find(
    _ driver: Driver, _ rules: [Rule], by columns: [String] = ["country"], max: Int = 50, known: [RowKey] = [],
    datasets: [Dataset] = []
  ) async throws -> RowFindings {
    let fixture = try await ShopFixture(driver)
    let engines = EnginePool(opener: QueryEngineOpener(environment: [:], vendorFolders: [DuckDBDatabase.driverFolder]))
    let checker = Checker(
      id: QualifiedName(namespace: "n", name: "c"), body: .rules(rules),
      alarm: AlarmPolicy(perRow: columns, maxAlarms: max))
    let definitions = Definitions(dataSources: [fixture.source], datasets: datasets)
    let moment = Evaluator.Moment(runID: "R", time: Date(), rows: known)
    let evaluation = await Evaluator(engines: engines).evaluate([checker], with: definitions, moments: [moment])[0]
    await engines.closeAll()
    return try #require(evaluation.rows)
  }

  private func texts(_ findings: RowFindings) -> Set<String> { Set(findings.failing.map(\.key.text)) }

  private func rule(_ check: String, in dataset: String = "people", _ parameters: [String: String] = [:]) -> Rule {
    Rule(check: check, dataset: dataset, parameters: parameters.mapValues { .scalar(.text($0)) })
  }

  private func key(_ country: String?) -> RowKey { RowKey([.init("country", country)]) }

  @Test(arguments: drivers) func eachKindTellsItsRows(driver: Driver) async throws {
    let cases: [(Rule, Set<String>)] = [
      (rule("missing", ["column": "email"]), ["country=PT", "country=NULL"]),
      (rule("condition", ["condition": "age >= 18"]), ["country=PT"]),
      (rule("unique", ["column": "email"]), ["country=FR"]),
      (rule("unique", ["column": "country"]), ["country=PT", "country=ES", "country=FR"]),
      (rule("pattern", ["column": "name", "pattern": "^[a-z]+$"]), ["country=NO"]),
      (
        Rule(
          check: "accepted_values", dataset: "people",
          parameters: ["column": .scalar(.text("country")), "values": .list([.text("PT"), .text("ES"), .text("FR")])]),
        ["country=XX", "country=NO"]
      ),
      (
        Rule(
          check: "range", dataset: "people",
          parameters: ["column": .scalar(.text("age")), "max": .scalar(.number(ExactDecimal(80)))]),
        ["country=FR", "country=NO"]
      ),
      (Rule(check: "no_rows", dataset: "people", filter: "balance < 0"), ["country=ES"]),
    ]
    for (rule, expected) in cases {
      let found = try await find(driver, [rule])
      #expect(texts(found) == expected, "\(rule.check)")
      #expect(found.unread == nil)
      #expect(found.assertions == [0])
    }
  }

  @Test(arguments: drivers) func severalColumnsAndSeveralRulesMakeOneKey(driver: Driver) async throws {
    var missing = rule("missing", ["column": "email"])
    missing.level = .warn
    let found = try await find(
      driver, [missing, rule("condition", ["condition": "age >= 18"])], by: ["id", "country"])
    #expect(
      found.failing.map { "\($0.key.canonical) \($0.isWarning) \($0.assertions)" }.sorted() == [
        #"{"country":"PT","id":"2"} false [0, 1]"#, #"{"country":null,"id":"8"} true [0]"#,
      ])
  }

  @Test(arguments: drivers) func thoseThatWereOpenAreReadFirstAndTheRestIsCounted(driver: Driver) async throws {
    let all = rule("no_rows")
    let known = [key("XX"), key(nil)]
    let found = try await find(driver, [all], max: 2, known: known)
    #expect(Set(found.failing.prefix(2).map(\.key)) == Set(known))
    #expect(found.failing.count == 3)
    #expect(found.total == 6)
    #expect(!found.isAtLeast)
  }

  @Test(arguments: drivers) func ofTwoRulesTheTotalIsExactWhereAllRowsWereRead(driver: Driver) async throws {
    let rules = [rule("no_rows"), rule("missing", ["column": "email"])]
    let whole = try await find(driver, rules, max: 6)
    #expect(whole.total == 6 && !whole.isAtLeast && whole.failing.count == 6)
    let cut = try await find(driver, rules, max: 2)
    #expect(cut.total == 6 && cut.isAtLeast)
  }

  @Test(arguments: drivers) func whatIsNotInTheDatasetAnyMoreIsGone(driver: Driver) async throws {
    let known = [key("PT"), key("ES"), key("ZZ"), key("it's")]
    let found = try await find(driver, [rule("missing", ["column": "email"])], known: known)
    #expect(found.gone == [key("ZZ"), key("it's")])
    // Also while the rule holds.
    let well = try await find(driver, [rule("missing", ["column": "id"])], known: known)
    #expect(well.failing.isEmpty)
    #expect(well.gone == [key("ZZ"), key("it's")])
  }

  @Test(arguments: drivers) func rulesWithoutFailingRowsStayWithTheChecker(driver: Driver) async throws {
    var few = rule("missing", ["column": "email"])
    few.threshold = .greaterThan(ExactDecimal(5))
    var count = rule("row_count")
    count.threshold = .lessThan(ExactDecimal(3))
    let found = try await find(driver, [few, count, rule("missing", in: "nobody", ["column": "name"])])
    #expect(found.failing.isEmpty)
    #expect(found.assertions == [2])
  }

  @Test(arguments: drivers) func aDatasetShowsOnlyItsOwnColumns(driver: Driver) async throws {
    let dataset = Dataset(
      id: QualifiedName(namespace: "n", name: "d"), dataSource: "shop", sql: "SELECT id, email FROM people")
    let found = try await find(driver, [rule("missing", in: "d", ["column": "email"])], datasets: [dataset])
    #expect(found.failing.isEmpty)
    #expect(found.unread?.contains("country") == true)
    // Nobody is silent about it: the rule stays with the checker's own alarm.
    #expect(found.assertions.isEmpty)
  }
}
