import Domain
import Testing

@testable import WebUI

@Suite struct RecoveryWordsTests {
  private func checker(_ recoveries: [Int64?], _ policy: AlarmPolicy = .standard) -> Checker {
    var checker = Checker.users
    checker.alarm = policy
    checker.body = .rules(
      recoveries.enumerated().map { index, bound in
        Rule(
          check: "row_count", dataset: "users", name: "rule \(index)", threshold: .lessThan(ExactDecimal(100)),
          recovery: bound.map { .lessThan(ExactDecimal($0)) })
      })
    return checker
  }

  @Test func `What recovers says what it still needs`() {
    #expect(checker([nil]).recoveryWords == nil)
    #expect(checker([5, nil]).recoveryWords == "green again at less than 5 rows")
    #expect(
      checker([5, 7]).recoveryWords
        == "green again at less than 5 rows (rule 0) and at less than 7 rows (rule 1)")
    let slow = AlarmPolicy(keepFiringSeconds: 600, recoverAfterRuns: 3)
    #expect(
      checker([5], slow).recoveryWords
        == "green again at less than 5 rows, after 3 such runs in a row, once it has been so for 10m")
    #expect(
      checker([nil], slow).recoveryWords
        == "green again after 3 such runs in a row, once it has been so for 10m")
    #expect(checker([nil]).recoveringSentence == "The data is well again, and not yet green.")
  }
}
