import Foundation
import TestSupport
import Testing

/// The demo's past, as a visitor reads it.
@Suite struct DemoTests {
  private struct Page: Decodable {
    var items: [Item]
    struct Item: Decodable { var id: String, outcome: String, summary: String }
  }

  private struct Run: Decodable {
    var assertions: [Assertion]
    struct Assertion: Decodable {
      var check: String, outcome: String, message: String
      var observed: Double?
      var sample: Sample?
    }
    struct Sample: Decodable { var total: Int }
  }

  private func read<Value: Decodable>(_ type: Value.Type, _ path: String, _ site: Site) async throws -> Value {
    try JSONDecoder().decode(type, from: Data(try await site.get("/api/v1" + path).body.utf8))
  }

  @Test func whatWentWrongInThePastAgreesWithTheRules() async throws {
    let folder = try TemporaryFolder()
    let service = try await RunningService.demo(in: folder)
    let cases: [(checker: String, check: String, wrong: ClosedRange<Double>)] = [
      ("accounts/sign-ups-arrive", "freshness", 48...1e9), ("accounts/emails-present", "row_count", 42...1e9),
      ("payments/payments-have-orders", "no_rows", 1...1e9), ("payments/weekly-revenue", "metric", 0...149),
    ]
    for (checker, check, wrong) in cases {
      let runs = try await read(Page.self, "/runs?checker=\(checker)&limit=500", service.site).items
      #expect(runs.count > 100, "\(checker)")
      let bad = runs.filter { $0.outcome != "passed" }
      #expect(!bad.isEmpty, "\(checker)")
      for item in [runs.first { $0.outcome == "passed" }].compactMap({ $0 }) + bad {
        let first = try #require(try await read(Run.self, "/runs/\(item.id)", service.site).assertions.first)
        #expect(first.check == check && first.outcome == item.outcome)
        if item.outcome == "errored" {
          #expect(item.summary.contains("locked") && first.observed == nil)
          continue
        }
        let value = try #require(first.observed)
        #expect(wrong.contains(value) == (item.outcome == "failed"), "\(checker) \(item.outcome): \(first.message)")
        let hasRows = (first.sample?.total ?? 0) > 0
        #expect(hasRows == (item.outcome == "failed" && check != "freshness"), "\(checker) \(item.outcome)")
      }
    }
    #expect(try await service.stop() == 0)
  }
}
