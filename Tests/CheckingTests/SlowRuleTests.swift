import Checking
import DataSources
import Domain
import Foundation
import Rules
import Testing

/// A rule that is too slow takes nothing from the others.
@Suite("Slow rules") struct SlowRuleTests {
  private let source: DataSource
  private let fixture: ShopFixture

  init() async throws {
    fixture = try await ShopFixture(.postgresql)
    var source = fixture.source
    source.limits.timeoutSeconds = 1
    self.source = source
  }

  private static let slow: Rule = {
    var rule = Rule(
      check: "metric", dataset: "people",
      parameters: ["expression": .scalar(.text("(select count(*) from pg_sleep(20))"))])
    rule.threshold = .equal(ExactDecimal(1))
    return rule
  }()

  private func checker(_ name: String, _ rules: [Rule]) -> Checker {
    Checker(id: QualifiedName(namespace: "n", name: name), body: .rules(rules))
  }

  @Test("A rule that is stopped at the time limit errors alone, beside other checkers and in its own") func alone()
    async throws
  {
    let engines = EnginePool(opener: QueryEngineOpener(environment: [:], vendorFolders: []))
    let evaluator = Evaluator(engines: engines)
    let count = Rule(check: "row_count", dataset: "people")
    let missing = Rule(check: "missing", dataset: "people", parameters: ["column": .scalar(.text("id"))])
    let checkers = [
      checker("healthy", [count]), checker("mixed", [missing, Self.slow, count]), checker("slow", [Self.slow]),
      checker("other", [Rule(check: "no_rows", dataset: "nobody")]),
    ]
    let definitions = Definitions(dataSources: [source], datasets: [])
    // The second time, what was slow is asked apart from the start.
    for round in 1...2 {
      let evaluations = await evaluator.evaluate(checkers, with: definitions, at: Date())
      #expect(evaluations.map(\.outcome) == [.passed, .errored, .errored, .passed], "round \(round)")
      #expect(evaluations[1].assertions.map(\.outcome) == [.passed, .errored, .passed], "round \(round)")
      #expect(evaluations[1].assertions[1].message.contains("took longer than 1 s"))
      // What puts a checker off is the time of its own statements: the limit of the slow, and less for the healthy.
      #expect(try #require(evaluations[0].seconds) < 1)
      #expect(try #require(evaluations[3].seconds) < 1)
      #expect(try #require(evaluations[1].seconds) >= 1)
    }
    await engines.closeAll()
  }

  @Test("A data source that is slow as a whole is not waited for with each rule") func bounded() async throws {
    let engines = EnginePool(opener: QueryEngineOpener(environment: [:], vendorFolders: []))
    let checkers = (1...60).map { checker("slow-\($0)", [Self.slow, Self.slow]) }
    let definitions = Definitions(dataSources: [source], datasets: [])
    for _ in 1...2 {
      let clock = ContinuousClock()
      let took = await clock.measure {
        let evaluations = await Evaluator(engines: engines).evaluate(checkers, with: definitions, at: Date())
        #expect(evaluations.allSatisfy { $0.outcome == .errored })
      }
      // One after the other they would take two minutes at the least, a second each.
      #expect(took < .seconds(120))
    }
    await engines.closeAll()
  }
}
