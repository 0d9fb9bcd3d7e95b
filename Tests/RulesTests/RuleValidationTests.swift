import Domain
import Rules
import Testing

@Suite("Rule validation") struct RuleValidationTests {
  private func problems(_ rule: Rule) -> [String] {
    RuleValidation.problems(with: rule).map { "\($0.field): \($0.message)" }
  }

  @Test("A slip in the kind's name is answered with the nearest") func nearest() {
    let found = problems(Rule(check: "rowcount", dataset: "d"))
    #expect(found.count == 1)
    #expect(found[0].contains("did you mean 'row_count'?"))
  }

  @Test("A rule without what it needs names it") func required() {
    #expect(problems(Rule(check: "missing", dataset: "d")) == ["column: 'missing' needs 'column'"])
    #expect(
      problems(Rule(check: "metric", dataset: "d", parameters: ["expression": .scalar(.text("avg(x)"))])).first?
        .contains("needs a threshold") == true)
    #expect(
      problems(Rule(check: "range", dataset: "d", parameters: ["column": .scalar(.text("a"))])).first?.contains(
        "'min', 'max' or both") == true)
  }

  @Test(
    "SQL that tries to leave its brackets is refused",
    arguments: [
      "1 = 1) OR (1 = 1", "true; DROP TABLE users", "(a", "a = 'x", "/* a", "a) --", "\"a", "$$x", "   ",
    ]) func fragments(sql: String)
  {
    let rule = Rule(check: "row_count", dataset: "d", filter: sql)
    #expect(problems(rule).first?.hasPrefix("where: ") == true)
    let condition = Rule(check: "condition", dataset: "d", parameters: ["condition": .scalar(.text(sql))])
    #expect(problems(condition).first?.hasPrefix("condition: ") == true)
  }

  @Test(
    "SQL with brackets, quotes and comments in their places is fine",
    arguments: [
      "a IN (1, 2)", "a = 'it''s; (fine'", "a > 1 -- (why", "a /* ( */ = 1", "\"we;ird\" = 1", "a ~ E'\\'('",
    ]) func goodFragments(sql: String)
  {
    #expect(problems(Rule(check: "row_count", dataset: "d", filter: sql)) == [])
  }

  @Test("Impossible thresholds are refused") func thresholds() {
    var rule = Rule(check: "missing", dataset: "d", percent: true, parameters: ["column": .scalar(.text("a"))])
    rule.threshold = .lessThan(ExactDecimal(101))
    #expect(problems(rule).first?.contains("from 0 to 100") == true)
    for threshold: Threshold in [
      .greaterThan(ExactDecimal(-1)), .between(ExactDecimal(-1), ExactDecimal(3)), .lessThan(ExactDecimal(0)),
    ] {
      rule.threshold = threshold
      #expect(problems(rule).first?.contains("a percentage is never below 0") == true)
      let count = Rule(check: "row_count", dataset: "d", threshold: threshold)
      #expect(problems(count).first?.contains("a number of rows is never below 0") == true)
      let metric = Rule(
        check: "metric", dataset: "d", threshold: threshold, parameters: ["expression": .scalar(.text("min(a)"))])
      #expect(problems(metric) == [])
    }
    rule.threshold = .between(ExactDecimal(5), ExactDecimal(1))
    #expect(problems(rule).first?.contains("lower bound 5 is above the upper bound 1") == true)
    #expect(problems(Rule(check: "row_count", dataset: "d", percent: true)).first?.hasPrefix("percent") == true)
  }

  @Test("What no number of rows and no share can be is refused, and a column twice") func never() {
    let half = ExactDecimal("1.5")!
    for threshold: Threshold in [.equal(half), .notEqual(half)] {
      #expect(
        problems(Rule(check: "row_count", dataset: "d", threshold: threshold))
          == ["\(threshold.key): a number of rows is whole, so it is never 1.5"])
    }
    // Between whole numbers a bound means something.
    #expect(problems(Rule(check: "row_count", dataset: "d", threshold: .lessThan(half))) == [])
    var share = Rule(
      check: "missing", dataset: "d", percent: true, threshold: .greaterThan(ExactDecimal(100)),
      parameters: ["column": .scalar(.text("a"))])
    #expect(problems(share) == ["must_be_greater_than: a percentage is never above 100, so this can never hold"])
    share.threshold = .equal(half)
    #expect(problems(share) == [])
    let unique = Rule(check: "unique", dataset: "d", parameters: ["columns": .list([.text("k"), .text("k")])])
    #expect(problems(unique) == ["columns: the column 'k' stands here twice"])
  }

  @Test(
    "A metric that calls nothing is no aggregate",
    arguments: [
      ("n", false), ("1", false), ("current_date", false), ("(n) + 1", false), ("n IN (1, 2)", false),
      ("max(n)", true), ("count (*)", true), ("\"MyAggregate\"(n)", true), ("(SELECT 1)", true), ("'max(n)'", false),
    ])
  func aggregates(expression: String, isFine: Bool) {
    let rule = Rule(
      check: "metric", dataset: "d", threshold: .greaterThan(ExactDecimal(0)),
      parameters: ["expression": .scalar(.text(expression))])
    #expect(problems(rule).isEmpty == isFine)
    #expect(isFine || problems(rule)[0].contains("must be an aggregate over the rows, such as max(n)"))
  }

  @Test("Every kind explains itself") func help() {
    for kind in RuleCatalogue.kinds {
      #expect(kind.help.count > 40)
      #expect(!kind.title.isEmpty)
    }
    #expect(Set(RuleCatalogue.keys).count == RuleCatalogue.kinds.count)
  }
}
