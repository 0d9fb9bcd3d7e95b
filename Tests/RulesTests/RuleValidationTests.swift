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

  @Test("Every kind explains itself") func help() {
    for kind in RuleCatalogue.kinds {
      #expect(kind.help.count > 40)
      #expect(!kind.title.isEmpty)
    }
    #expect(Set(RuleCatalogue.keys).count == RuleCatalogue.kinds.count)
  }
}
