package import Domain
package import Foundation

/// Noon of 2026-03-02 UTC, a Monday: the moment that tests call now.
package let sampleTime = Date(timeIntervalSince1970: 1_772_452_800)

extension Checker {
  /// A checker with one row-count rule, due every five minutes.
  package static func sample(
    _ name: String = "shop/emails", dataset: String = "users", description: String = "", severity: Severity = .warning,
    owner: String = "", tags: [String] = [], actions: [String] = []
  ) -> Checker {
    Checker(
      id: QualifiedName(name, defaultNamespace: "shop"), description: description, severity: severity,
      schedule: Schedule(.everyMinutes(5)), owner: owner, tags: tags, actions: actions,
      body: .rules([Rule(check: "row_count", dataset: dataset, threshold: .lessThan(ExactDecimal(42)))]))
  }
}

extension Run {
  /// A run of one assertion; `id` defaults to one that sorts by `startedAt`.
  package static func sample(
    of checker: QualifiedName, _ outcome: Outcome = .passed, id: String? = nil, at time: Date = sampleTime,
    observed: Int64? = 7, version: Int = 1
  ) -> Run {
    Run(
      id: id ?? sampleID(checker, time), checker: checker, version: version, trigger: .schedule, scheduledFor: time,
      startedAt: time, finishedAt: time.addingTimeInterval(0.25), outcome: outcome,
      reason: outcome == .errored ? "the table users is gone" : nil,
      assertions: [.sample(outcome, observed: observed)])
  }

  private static func sampleID(_ checker: QualifiedName, _ time: Date) -> String {
    let milliseconds = String(Int(time.timeIntervalSince1970 * 1000))
    return String(repeating: "0", count: max(0, 15 - milliseconds.count)) + milliseconds + "-\(checker)"
  }
}

extension Assertion {
  package static func sample(_ outcome: Outcome = .passed, name: String = "users has rows", observed: Int64? = 7)
    -> Assertion
  {
    Assertion(
      name: name, check: "row_count", dataset: "shop/users", outcome: outcome,
      message: outcome == .passed ? "7 rows" : "There should be less than 42 users in that state",
      observed: observed.map { Observation(.integer($0), unit: "rows") }, expected: "less than 42 rows",
      sample: outcome == .failed ? Sample(columns: ["id", "name"], rows: [[.integer(1), .null]], total: 3) : nil)
  }
}
