import Domain
import Rules
import Testing

@Suite("Verdicts") struct VerdictTests {
  private func rule(_ check: String = "missing", percent: Bool = false, _ threshold: Threshold? = nil) -> Rule {
    Rule(
      check: check, dataset: "users", percent: percent, threshold: threshold,
      parameters: ["column": .scalar(.text("email"))])
  }

  @Test("Shares of rows are compared exactly") func exact() {
    let tenth = ExactDecimal("0.1")!
    // 1 of 1000 is exactly 0.1 %, which a binary fraction would miss.
    #expect(
      Verdict.assertion(for: rule(percent: true, .lessThanOrEqual(tenth)), measured: .count(1, of: 1000)).outcome
        == .passed)
    #expect(
      Verdict.assertion(for: rule(percent: true, .lessThan(tenth)), measured: .count(1, of: 1000)).outcome == .failed)
    #expect(
      Verdict.assertion(for: rule(percent: true, .equal(tenth)), measured: .count(1, of: 1000)).outcome == .passed)
  }

  @Test("What is found is shown with as many digits as tell it from its bounds") func distinct() {
    func words(_ value: Cell, _ threshold: Threshold, _ recovery: Threshold? = nil) -> String {
      var rule = Rule(
        check: "metric", dataset: "t", threshold: threshold, parameters: ["expression": .scalar(.text("sum(v)"))])
      rule.recovery = recovery
      let assertion = Verdict.assertion(for: rule, measured: .value(value))
      #expect(assertion.message.contains(assertion.observed?.text ?? "-"))
      return assertion.message
    }
    func number(_ text: String) -> ExactDecimal { ExactDecimal(text)! }
    #expect(
      words(.double(0.1 + 0.2), .equal(number("0.3"))) == "sum(v) of t is 0.30000000000000004, must be 0.3")
    // Rounded, it would be on the other side of the bound.
    #expect(
      words(.double(0.12345), .greaterThan(number("0.12347"))) == "sum(v) of t is 0.12345, must be more than 0.12347")
    #expect(words(.decimal("1.23451"), .lessThan(number("1.2345"))).contains("is 1.23451, must"))
    #expect(words(.double(22.404085), .lessThan(number("10"))) == "sum(v) of t is 22.4041, must be less than 10")
    let near = words(.double(4.00001), .lessThan(number("10")), .lessThanOrEqual(number("4")))
    #expect(near.hasPrefix("sum(v) of t is 4.00001; green again"), "\(near)")
    func share(_ count: Int64, of total: Int64, _ bound: String) -> String {
      Verdict.assertion(for: rule(percent: true, .lessThan(number(bound))), measured: .count(count, of: total)).message
    }
    #expect(share(1, of: 3_000_000, "0.00001") == "missing email in users is 0.00003%, must be less than 0.00001%")
    #expect(share(1, of: 3_000_000, "0.00003").contains("is 0.00003"))
    #expect(!share(1, of: 3_000_000, "0.00003").contains("is 0.00003%"))
    #expect(share(1, of: 10_000_000_000, "0.000000005").contains("is 0.00000001%, must be less than 0.000000005%"))
    #expect(share(2, of: 3, "50") == "missing email in users is 66.6667%, must be less than 50%")
  }

  @Test(
    "Of no rows nothing is wrong, unless on_empty says so",
    arguments: [
      (OnEmpty?.none, Outcome.passed), (.pass, .passed), (.warn, .warned), (.fail, .failed), (.error, .errored),
    ]) func noRows(onEmpty: OnEmpty?, outcome: Outcome)
  {
    var rule = rule(percent: true)
    rule.onEmpty = onEmpty
    #expect(Verdict.assertion(for: rule, measured: .count(0, of: 0)).outcome == outcome)
  }

  @Test("A newest value in the future hides that nothing comes in: it fails, and says so") func future() {
    var fresh = rule("freshness", .lessThan(ExactDecimal(24)))
    func verdict(_ hours: Double) -> Assertion { Verdict.assertion(for: fresh, measured: .value(.double(hours))) }
    #expect(verdict(-2.5).outcome == .failed)
    #expect(verdict(-2.5).message.hasSuffix("; the newest value is 2.5 hours in the future"))
    // Clocks differ by as much.
    #expect(verdict(-0.05).outcome == .passed && verdict(3).outcome == .passed)
    fresh.threshold = .between(ExactDecimal(-4), ExactDecimal(24))
    #expect(verdict(-2.5).outcome == .passed && verdict(-5).outcome == .failed)
  }

  @Test("Nothing to measure is said in a sentence") func nothing() {
    var rule = rule()
    rule.onEmpty = .fail
    #expect(
      Verdict.assertion(for: rule, measured: .empty).message
        == "missing email in users: there was nothing to measure, must be 0 rows")
    rule.onEmpty = .pass
    #expect(
      Verdict.assertion(for: rule, measured: .empty).message == "missing email in users: there was nothing to measure")
  }

  @Test("A recovery threshold is named where the value is wrong, and where it is not well enough") func recovery() {
    var rule = rule("missing", .lessThan(ExactDecimal(100)))
    rule.recovery = .lessThan(ExactDecimal(60))
    let wrong = Verdict.assertion(for: rule, measured: .count(120, of: 500))
    #expect(wrong.expected == "less than 100 rows; green again at less than 60 rows")
    #expect(wrong.message == "missing email in users is 120 rows, must be \(wrong.expected)")
    let near = Verdict.assertion(for: rule, measured: .count(80, of: 500))
    #expect(near.message == "missing email in users is 80 rows; green again at less than 60 rows")
    let well = Verdict.assertion(for: rule, measured: .count(7, of: 500))
    #expect(well.message == "missing email in users is 7 rows" && well.name == Verdict.sentence(for: rule))
  }

  @Test("A script made of a form has no line breaks that only end comments") func script() {
    let range = Rule(
      check: "range", dataset: "d",
      parameters: ["column": .scalar(.text("balance")), "min": .scalar(.number(ExactDecimal(0)))])
    let condition = Rule(check: "condition", dataset: "d", parameters: ["condition": .scalar(.text("balance >= 0"))])
    let commented = Rule(
      check: "condition", dataset: "d", parameters: ["condition": .scalar(.text("balance >= 0 -- always"))])
    let text = RuleScript.source(of: [range, condition], in: .python) { _ in .standard }
    #expect(!text.contains("\\n"), "\(text)")
    #expect(text.contains("where=\"NOT (balance >= 0)\""), "\(text)")
    #expect(RuleScript.source(of: [commented], in: .python) { _ in .standard }.contains("always\\n)"))
  }

  @Test("A metric that is NULL is an error, one that is stale-empty fails") func defaults() {
    let metric = Rule(
      check: "metric", dataset: "d", threshold: .lessThan(ExactDecimal(1)),
      parameters: ["expression": .scalar(.text("avg(x)"))])
    #expect(Verdict.assertion(for: metric, measured: .empty).outcome == .errored)
    let freshness = rule("freshness", .lessThan(ExactDecimal(1)))
    #expect(Verdict.assertion(for: freshness, measured: .empty).outcome == .failed)
  }

  @Test("Not a number is an error, never a verdict") func notANumber() {
    let metric = Rule(
      check: "metric", dataset: "d", threshold: .greaterThan(ExactDecimal(0)),
      parameters: ["expression": .scalar(.text("x"))])
    for cell in [Cell.double(.nan), .double(.infinity), .decimal("NaN"), .decimal("Infinity")] {
      #expect(Verdict.assertion(for: metric, measured: .value(cell)).outcome == .errored)
    }
  }

  @Test("A warning level turns a failure into a warning") func level() {
    var rule = rule()
    rule.level = .warn
    #expect(Verdict.assertion(for: rule, measured: .count(3, of: 9)).outcome == .warned)
  }

  @Test("The user's message is told as it stands; otherwise the finding is said in words") func messages() {
    var rule = rule(percent: false, .lessThan(ExactDecimal(2)))
    #expect(
      Verdict.assertion(for: rule, measured: .count(3, of: 9)).message
        == "missing email in users is 3 rows, must be less than 2 rows")
    rule.message = "Write to everybody"
    #expect(Verdict.assertion(for: rule, measured: .count(3, of: 9)).message == "Write to everybody")
  }

  @Test(
    "Every threshold holds on its own side of the bound",
    arguments: [
      (Threshold.equal(5), [5], [4, 6]), (.notEqual(5), [4, 6], [5]), (.lessThan(5), [4], [5, 6]),
      (.lessThanOrEqual(5), [4, 5], [6]), (.greaterThan(5), [6], [4, 5]), (.greaterThanOrEqual(5), [5, 6], [4]),
      (.between(2, 5), [2, 3, 5], [1, 6]), (.notBetween(2, 5), [1, 6], [2, 3, 5]),
    ]) func thresholds(threshold: Threshold, good: [Int], bad: [Int])
  {
    for value in good { #expect(threshold.holds(for: ExactDecimal(value))) }
    for value in bad { #expect(!threshold.holds(for: ExactDecimal(value))) }
  }
}

extension ExactDecimal: ExpressibleByIntegerLiteral {
  public init(integerLiteral value: Int) { self.init(value) }
}
