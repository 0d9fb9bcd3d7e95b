import DataSources
import Domain
import Foundation
import Rules
import Synchronization
import TestSupport
import Testing

@testable import Checking

/// A checker is through when its own queries are, however long those of another take on the same data source.
@Suite("Fast beside slow") struct FastBesideSlowTests {
  private let fixture: ShopFixture
  private let engines = EnginePool(opener: QueryEngineOpener(environment: [:], vendorFolders: []))

  init() async throws { fixture = try await ShopFixture(.postgresql) }

  private func checker(_ name: String, _ rules: Rule...) -> Checker {
    Checker(id: QualifiedName(namespace: "n", name: name), body: .rules(rules))
  }

  /// Evaluates until all but the slow ones are reported; those never come to their end by themselves.
  private func reported(_ checkers: [Checker], but slow: Set<String>) async -> [String: Evaluation] {
    var source = fixture.source
    source.limits.timeoutSeconds = 3600
    let datasets = ["slow", "slower"].map { name in
      Dataset(
        id: QualifiedName(namespace: "n", name: name), dataSource: "shop",
        sql: "SELECT 1 AS one, '\(name)' AS name FROM pg_sleep(3000)")
    }
    let definitions = Definitions(dataSources: [source], datasets: datasets)
    let evaluator = Evaluator(engines: engines)
    let found = FoundEvaluations()
    let task = Task {
      let moments = checkers.map { _ in Evaluator.Moment(runID: "r", time: Date()) }
      await evaluator.evaluate(checkers, with: definitions, moments: moments) { index, evaluation in
        found.add(checkers[index].id.name, evaluation)
      }
    }
    let fast = Set(checkers.map(\.id.name)).subtracting(slow)
    #expect(await eventually { fast.isSubset(of: found.all.keys) })
    let early = found.all
    task.cancel()
    await task.value
    await engines.closeAll()
    return early
  }

  private static let count = Rule(check: "row_count", dataset: "people")
  private static let missing = Rule(
    check: "missing", dataset: "people", parameters: ["column": .scalar(.text("email"))])
  private static let unique = Rule(check: "unique", dataset: "people", parameters: ["column": .scalar(.text("email"))])

  @Test("None waits for a slow statement of another checker, whichever comes first") func alone() async {
    let slow = Rule(check: "row_count", dataset: "slow")
    let checkers = [
      checker("slow", slow), checker("red", Self.missing), checker("both", Self.count, slow),
      checker("green", Self.count), checker("duplicates", Self.unique),
      checker("slower", Rule(check: "no_rows", dataset: "slower")),
      checker("nobody", Rule(check: "no_rows", dataset: "nobody")),
      checker("wrong", Rule(check: "missing", dataset: "people", parameters: ["column": .scalar(.text("emial"))])),
    ]
    let found = await reported(checkers, but: ["slow", "both", "slower"])
    #expect(Set(found.keys) == ["red", "green", "duplicates", "nobody", "wrong"])
    #expect(found["red"]?.outcome == .failed && found["red"]?.assertions.first?.sample?.rows.count == 2)
    #expect(found["green"]?.outcome == .passed && found["duplicates"]?.outcome == .failed)
    #expect(found["wrong"]?.reason?.contains("email") == true)
  }

  @Test("Many small statements in a burst are not held up by a slow one among them") func burst() async {
    let many = (0..<60).map { number in
      checker(
        "quick-\(number)",
        Rule(
          check: "unique", dataset: "people", filter: "id <> \(number)", parameters: ["column": .scalar(.text("id"))]))
    }
    let slow = checker("slow", Rule(check: "row_count", dataset: "slow"))
    let found = await reported(Array(many[..<40]) + [slow] + many[40...], but: ["slow"])
    #expect(found.count == 60 && found.values.allSatisfy { $0.outcome == .passed })
  }
}

private final class FoundEvaluations: Sendable {
  private let state = Mutex<[String: Evaluation]>([:])

  var all: [String: Evaluation] { state.withLock { $0 } }
  func add(_ name: String, _ evaluation: Evaluation) { state.withLock { $0[name] = evaluation } }
}
