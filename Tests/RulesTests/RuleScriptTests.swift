import Domain
import Rules
import Testing

@Suite("The script that a form equals") struct RuleScriptTests {
  @Test("What the script leaves out stands above it, in either language")
  func leftOut() {
    let unique = Rule(
      check: "unique", dataset: "users",
      parameters: [
        "columns": .list([.text("email"), .text("name")]), "nulls": .scalar(.text("equal")),
      ])
    for (language, mark) in [(ScriptLanguage.python, "# "), (.javascript, "// ")] {
      let script = RuleScript.source(of: [unique], in: language) { _ in .standard }
      #expect(script.contains("\n\(mark)NOT IN THIS SCRIPT: 'nulls: equal' of several columns."), "\(script)")
      #expect(!RuleScript.source(of: [unique], in: language) { _ in .postgresql }.contains("NOT IN THIS SCRIPT"))
    }
    let plain = RuleScript.source(
      of: [Rule(check: "missing", dataset: "users", parameters: ["column": .scalar(.text("email"))])], in: .python
    ) { _ in .postgresql }
    #expect(!plain.contains("NOT IN THIS SCRIPT"))
    var exact = Rule(check: "metric", dataset: "users", parameters: ["expression": .scalar(.text("sum(n)"))])
    exact.threshold = .equal(ExactDecimal("5800000000000001826.25") ?? ExactDecimal(0))
    for language in ScriptLanguage.allCases {
      let script = RuleScript.source(of: [exact], in: language) { _ in .postgresql }
      #expect(script.contains("NOT IN THIS SCRIPT: numbers of more than 15 digits") == (language == .javascript))
    }
    exact.threshold = .lessThan(ExactDecimal(100))
    exact.recovery = .lessThan(ExactDecimal(60))
    let recovering = RuleScript.source(of: [exact], in: .python) { _ in .postgresql }
    #expect(recovering.contains("# NOT IN THIS SCRIPT: the alarm ended once the value was less than 60."))
  }

  @Test("A share of repeated values is one of the rows that have a value")
  func shareOfUnique() {
    var rule = Rule(check: "unique", dataset: "users", parameters: ["column": .scalar(.text("email"))])
    rule.threshold = .lessThan(ExactDecimal(5))
    rule.percent = true
    let script = RuleScript.source(of: [rule], in: .python) { _ in .postgresql }
    #expect(script.contains("max(1, count(\"users\", where=\"\\\"email\\\" IS NOT NULL\"))"), "\(script)")
  }
}
