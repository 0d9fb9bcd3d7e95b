import DataSources
import Domain
import Foundation
import Rules
import Testing

@testable import Checking

/// A rule that is too slow takes nothing from the others.
@Suite("Slow rules") struct SlowRuleTests {
  private let source: DataSource
  private let fixture: ShopFixture

  init() async throws {
    fixture = try await ShopFixture(.postgresql)
    var source = fixture.source
    source.limits.timeoutSeconds = 2
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
      #expect(evaluations[1].assertions[1].message.contains("took longer than 2 s"))
      // What puts a checker off is the time of its own statements: the limit of the slow, and less for the healthy.
      let times = try evaluations.map { try #require($0.seconds) }
      #expect(times[0] < times[2] && times[3] < times[2] && times[2] <= times[1], "\(times)")
    }
    await engines.closeAll()
  }

  @Test("A data source that is slow as a whole is not waited for with each rule") func bounded() async throws {
    let engines = EnginePool(opener: QueryEngineOpener(environment: [:], vendorFolders: []))
    let evaluator = Evaluator(engines: engines)
    var quick = source
    // Long enough to connect in, also beside other suites.
    quick.limits.timeoutSeconds = 0.5
    let checkers = (1...60).map { number in
      var rule = Self.slow
      rule.parameters["expression"] = .scalar(.text("(select count(*) from pg_sleep(\(20 + number)))"))
      return checker("slow-\(number)", [rule])
    }
    let definitions = Definitions(dataSources: [quick], datasets: [])
    let evaluations = await evaluator.evaluate(checkers, with: definitions, at: Date())
    #expect(evaluations.allSatisfy { $0.outcome == .errored })
    // Of those that were waited for alone, it is known that they are slow.
    let waited = checkers.count { evaluator.isSlow($0, with: definitions) }
    #expect(waited > 0 && waited <= 20)
    await engines.closeAll()
  }
}
