import Domain
import Foundation
import Rules
import TestSupport
import Testing

/// Scripts as a user runs them, on a real database, in the real sandbox.
@Suite("checker check, with scripts") struct CodeCommandTests {
  private let program: Program

  init() throws {
    program = try Program()
    try program.database(
      "shop.db",
      """
      CREATE TABLE users (id INTEGER, username TEXT, email TEXT, age INTEGER, seen TEXT, never TEXT, soon TEXT);
      WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 100)
        INSERT INTO users SELECT i, 'u' || (i % 98), CASE WHEN i % 2 THEN 'u' || i || '@x.org' END, i,
          datetime('now', '-2 hours'), NULL, datetime('now', '2 hours') FROM n;
      """)
  }

  private func file(_ checkers: String) -> String {
    """
    version: 1
    namespace: shop
    data_sources:
      - {name: shop, driver: sqlite, uri: ./shop.db}
    datasets:
      - {name: users_with_email_null, data_source: shop, sql: SELECT username FROM users WHERE email IS NULL}
      - {name: users, data_source: shop, sql: SELECT * FROM users}
      - {name: broken, data_source: shop, sql: SELECT nosuch FROM users}
    checkers:
    \(checkers)
    """
  }

  private func run(_ checkers: String) throws -> (Program.Result, [[String: Any]]) {
    let result = try program.run("check", program.write(file(checkers), to: "c.yaml"), "--json")
    let object = try JSONSerialization.jsonObject(with: Data(result.output.utf8)) as? [String: Any]
    return (result, try #require(object?["checkers"] as? [[String: Any]], "\(result.errors)"))
  }

  private func indented(_ source: String, by spaces: Int) -> String {
    source.split(separator: "\n", omittingEmptySubsequences: false)
      .map { String(repeating: " ", count: spaces) + $0 }.joined(separator: "\n")
  }

  @Test("A checker's own limits hold in place of the standard ones") func ownLimits() throws {
    let (result, checkers) = try run(
      """
        - name: endless
          script: {language: python, source: "while True: pass"}
          limits: {seconds: 0.2}
        - name: large
          script: {language: javascript, source: "datasets.users; ok('read')"}
          limits: {data_mib: 1, memory_mib: 32}
      """)
    #expect(result.status == 3)
    #expect((checkers[0]["reason"] as? String)?.contains("0.2 s") == true)
    #expect(checkers[1]["outcome"] as? String == "passed")
  }

  @Test("Code reads the parameters of its checker") func parameters() throws {
    let (result, checkers) = try run(
      """
        - name: python
          script: {language: python, source: "CheckerCase().assertEqual(param('limit', 42), 7, param('who'))"}
          parameters: {limit: 7, who: Ana}
        - name: javascript
          script: {language: javascript, source: "new CheckerCase().assertEqual(param('limit', 42), 42, param('who'))"}
          parameters: {who: Ben}
      """)
    #expect(result.status == 0, "\(result.output)")
    let messages = checkers.map { (($0["assertions"] as? [[String: Any]])?.first?["message"] as? String) ?? "" }
    #expect(messages == ["Ana", "Ben"])
    let rules = file("  - {name: r, rules: [{check: no_rows, dataset: users}], parameters: {limit: 7}}")
    let refused = try program.run("check", program.write(rules, to: "p.yaml"))
    #expect(refused.status == 64 && refused.errors.contains("parameters are for scripts and modules"))
  }

  @Test("JUnit has an error for code that ended early and for code without a verdict") func junit() throws {
    let text = file(
      """
        - {name: early, script: {language: python, source: "ok('first')\\nraise ValueError('too <late>')"}}
        - {name: silent, script: {language: javascript, source: "log('x')"}}
        - {name: fine, rules: [{check: row_count, dataset: users}]}
      """)
    let result = try program.run("check", program.write(text, to: "j.yaml"), "--junit")
    #expect(result.status == 3)
    let counts = "<testsuites name=\"checker\" tests=\"4\" failures=\"0\" errors=\"2\">"
    #expect(result.output.contains(counts), "\(result)")
    #expect(result.output.contains("ValueError: too &lt;late&gt;"), "\(result.output)")
    #expect(result.output.matches(of: /<error message="[^"]+" type="checker"\/>/).count == 2, "\(result.output)")
  }

  @Test("A column of a fixture has the type that stands behind its name") func fixtureTypes() throws {
    let text = file(
      """
        - name: paid
          script:
            language: python
            source: |
              from datetime import datetime, date
              [row] = datasets['users']
              CheckerCase().assertEqual(
                  (row.at, row.day, str(row.amount), row.id, row.code, str(row.share)),
                  (datetime(2026, 11, 28, 10), date(2026, 11, 28), '10.50', 1, '007', '1.0'), 'typed')
          fixtures:
            - name: one
              expect: passed
              datasets:
                users:
                  - {id: 1, "at::timestamp": 2026-11-28 10:00:00, "day::date": 2026-11-28, "amount::decimal": 10.50,
                     "code::text": 007, "share::double": 1}
      """)
    let typed = try program.run("check", program.write(text, to: "t.yaml"))
    let unfit = text.replacing("\"day::date\": 2026-11-28", with: "\"day::date\": 2026-02-30")
    let refused = try program.run("check", program.write(unfit, to: "u.yaml"))
    #expect(refused.status == 64 && refused.errors.contains("'2026-02-30' is no date"), "\(refused.errors)")
    #expect(!typed.errors.contains("must be passed"), "\(typed.errors)")
    #expect(typed.status != 64, "\(typed.errors)")
    let mistyped = try program.run(
      "check", program.write(text.replacing("at::timestamp", with: "at::timestmp"), to: "m.yaml"))
    #expect(mistyped.status == 64 && mistyped.errors.contains("did you mean 'timestamp'?"), "\(mistyped.errors)")
  }

  @Test("A fixture that comes out otherwise is a mistake of the file, named with its place") func fixtures() throws {
    let text = file(
      """
        - name: emails
          script: {language: python, source: "CheckerCase().assertLessThan(datasets['users'], 1000, 'few')"}
          fixtures:
            - {name: nobody, expect: failed, datasets: {users: {columns: [id], rows: []}}}
            - {name: none, expect: passed, datasets: {users: {columns: [id], rows: []}}}
      """)
    let result = try program.run("check", program.write(text, to: "c.yaml"))
    #expect(result.status == 64)
    #expect(result.output.isEmpty)
    let place = program.folder.path + "/c.yaml:13:9: "
    #expect(
      result.errors == place + "checker 'emails': the fixture 'nobody' must be failed, and is passed\n"
        || result.errors.hasPrefix(place + "checker 'emails': the fixture 'nobody' must be failed, and is passed:"),
      "\(result.errors)")
    let right = text.replacing("expect: failed", with: "expect: passed")
    #expect(try program.run("check", program.write(right, to: "c.yaml")).status == 0)
  }

  @Test("A fixture with a clock comes to the same on every day") func fixtureClocks() throws {
    let text = file(
      """
        - name: emails
          script:
            language: python
            source: |
              most = 3 if business_day() else 1
              CheckerCase().assertLessThan(datasets['users'], most, 'few')
          fixtures:
            - {name: Wednesday, expect: passed, now: 2026-11-25T09:00:00Z, datasets: {users: [{id: 1}]}}
            - {name: Sunday, expect: failed, now: 2026-11-29T09:00:00Z, datasets: {users: [{id: 1}]}}
      """)
    let right = try program.run("check", program.write(text, to: "right.yaml"))
    #expect(right.status == 1, "on the true data there are too many: \(right.errors)")
    let moved = text.replacing("2026-11-29", with: "2026-11-27")
    let wrong = try program.run("check", program.write(moved, to: "wrong.yaml"))
    #expect(wrong.status == 64 && wrong.errors.contains("'Sunday' must be failed, and is passed"), "\(wrong.errors)")
  }

  @Test("Reaching the memory limit says which limit it is") func memory() throws {
    let text = file("  - {name: big, script: {language: python, source: \"x = bytearray(10**9)\"}}\n")
    let result = try program.run("check", program.write(text, to: "c.yaml"))
    #expect(result.status == 3)
    #expect(result.output.contains("memory: The script needs more than 256 MB of memory."), "\(result.output)")
  }

  @Test("What expects nothing prints no expectation") func failed() throws {
    let text = file("  - {name: mine, script: {language: javascript, source: \"fail('mine')\"}}\n")
    let result = try program.run("check", program.write(text, to: "c.yaml"))
    #expect(result.status == 1)
    #expect(result.output.contains("mine"))
    #expect(!result.output.contains("expected"), "\(result.output)")
  }

  @Test("The script of the first days runs as it stands, with functions of one's own") func verbatim() throws {
    let source = """
      def business_day():
          return True

      if business_day():
          CheckerCase().assertLessThan(datasets['users_with_email_null'], 42, 'There should be less than 42 users in that state')
      else:
          CheckerCase().assertLessThan(datasets['users_with_email_null'], 5, 'There should be less than 5 users in that state')
      """
    let (result, checkers) = try run(
      "  - name: emails\n    script:\n      language: python\n      source: |\n\(indented(source, by: 8))\n")
    #expect(result.status == 1)
    let assertions = try #require(checkers[0]["assertions"] as? [[String: Any]])
    #expect(assertions.map { $0["message"] as? String } == ["There should be less than 42 users in that state"])
    #expect(assertions[0]["observed"] as? Int == 50)
    #expect(assertions[0]["dataset"] as? String == "users_with_email_null")
  }

  @Test("A file beside the check file, a library, and a traceback with the author's own lines") func files() throws {
    _ = try program.write(
      "from helpers import limit\n\n\ndef check():\n    return 1 / limit()\n\ncheck()\n", to: "e.py")
    let text =
      "version: 1\nlibraries:\n  - {name: helpers.py, source: \"def limit(): return 0\"}\n"
      + "checkers:\n  - {name: c, script: {file: ./e.py}}\n"
    let result = try program.run("check", program.write(text, to: "f.yaml"))
    #expect(result.status == 3)
    #expect(result.output.contains("division by zero"))
    #expect(result.output.contains("line 5, in check"))
  }

  @Test("Whatever goes wrong with one script stays with it") func troubles() throws {
    let sources = [
      "loop": "while True: pass", "gone": "len(datasets['userz'])", "broken": "len(datasets['broken'])",
      "nothing": "x = 1", "fine": "ok('yes')", "nap": "import time; time.sleep(1000)", "syntax": "if:",
    ]
    let (result, checkers) = try run(
      sources.sorted { $0.key < $1.key }.map {
        "  - {name: \($0.key), script: {language: python, source: \"\($0.value)\"}}"
      }.joined(separator: "\n"))
    #expect(result.status == 3)
    let outcomes = Dictionary(
      uniqueKeysWithValues: checkers.map { ($0["name"] as? String ?? "", $0["outcome"] as? String ?? "") })
    #expect(outcomes.filter { $0.value != "errored" } == ["fine": "passed"])
    let reasons = Dictionary(
      uniqueKeysWithValues: checkers.map { ($0["name"] as? String ?? "", $0["reason"] as? String ?? "") })
    #expect(reasons["loop"]?.contains("5 s") == true, "\(reasons)")
    #expect(reasons["gone"]?.contains("did you mean 'users'") == true, "\(reasons)")
    #expect(reasons["broken"]?.contains("nosuch") == true, "\(reasons)")
  }

  static let rules: [Rule] = [
    Rule(check: "row_count", dataset: "users", threshold: .lessThan(ExactDecimal(42))),
    Rule(check: "row_count", dataset: "users", filter: "age > 90", threshold: .equal(ExactDecimal(10))),
    Rule(check: "no_rows", dataset: "users_with_email_null"),
    Rule(check: "missing", dataset: "users", parameters: ["column": .scalar(.text("email"))]),
    Rule(
      check: "missing", dataset: "users", percent: true, threshold: .between(ExactDecimal(50), ExactDecimal(60)),
      parameters: ["column": .scalar(.text("email"))]),
    Rule(check: "unique", dataset: "users", parameters: ["column": .scalar(.text("id"))]),
    Rule(check: "unique", dataset: "users", parameters: ["column": .scalar(.text("username"))]),
    Rule(
      check: "accepted_values", dataset: "users", filter: "id < 3",
      parameters: [
        "column": .scalar(.text("id")), "values": .list([.number(ExactDecimal(1)), .number(ExactDecimal(2))]),
      ]),
    Rule(
      check: "range", dataset: "users", threshold: .notBetween(ExactDecimal(1), ExactDecimal(5)),
      parameters: ["column": .scalar(.text("age")), "max": .scalar(.number(ExactDecimal(90)))]),
    Rule(
      check: "pattern", dataset: "users",
      parameters: ["column": .scalar(.text("email")), "pattern": .scalar(.text("^u[0-9]+@x[.]org$"))]),
    Rule(check: "condition", dataset: "users", parameters: ["condition": .scalar(.text("age < 'x' AND \"id\" > 0"))]),
    Rule(
      check: "freshness", dataset: "users", threshold: .lessThan(ExactDecimal(3)),
      parameters: ["column": .scalar(.text("seen"))]),
    Rule(check: "row_count", dataset: "users", level: .warn, threshold: .lessThan(ExactDecimal(5))),
    Rule(
      check: "metric", dataset: "users", threshold: .greaterThan(ExactDecimal(50)),
      parameters: ["expression": .scalar(.text("avg(age)"))]),
    Rule(
      check: "freshness", dataset: "users", threshold: .lessThan(ExactDecimal(3)),
      parameters: ["column": .scalar(.text("never"))]),
    Rule(
      check: "freshness", dataset: "users", threshold: .lessThan(ExactDecimal(3)),
      parameters: ["column": .scalar(.text("soon"))]),
    Rule(
      check: "freshness", dataset: "users", threshold: .lessThan(ExactDecimal(3)), onEmpty: .warn,
      parameters: ["column": .scalar(.text("never"))]),
    Rule(
      check: "metric", dataset: "users", filter: "id < 0", threshold: .equal(ExactDecimal(5)), onEmpty: .pass,
      parameters: ["expression": .scalar(.text("max(age)"))]),
    Rule(
      check: "missing", dataset: "users", filter: "id < 0", onEmpty: .fail,
      parameters: ["column": .scalar(.text("email"))]),
    Rule(
      check: "unique", dataset: "users", threshold: .equal(ExactDecimal(2)),
      parameters: ["columns": .list([.text("username"), .text("seen")])]),
    Rule(
      check: "unique", dataset: "users", threshold: .equal(ExactDecimal(2)),
      parameters: ["columns": .list([.text("username"), .text("never")]), "nulls": .scalar(.text("equal"))]),
    Rule(
      check: "unique", dataset: "users", onEmpty: .fail, parameters: ["column": .scalar(.text("never"))]),
    Rule(
      check: "unique", dataset: "users", threshold: .equal(ExactDecimal(49)),
      parameters: ["column": .scalar(.text("email")), "nulls": .scalar(.text("equal"))]),
  ]

  @Test("A form and the script it equals come to the same, for each kind of rule", arguments: ScriptLanguage.allCases)
  func equalScripts(_ language: ScriptLanguage) throws {
    var text = ""
    for (index, rule) in Self.rules.enumerated() {
      let source = RuleScript.source(of: [rule], in: language) { _ in .sqlite }
      text +=
        "  - name: script\(index)\n    script:\n      language: \(language.rawValue)\n      source: |\n"
        + indented(source, by: 8) + "\n"
    }
    let (_, scripts) = try run(text)
    let (_, forms) = try run(Self.forms)
    for (index, (form, script)) in zip(forms, scripts).enumerated() {
      let (expected, found) = (form["outcome"] as? String, script["outcome"] as? String)
      #expect(expected == found, "\(Self.rules[index]): \(script)")
      #expect(expected != "errored", "\(form)")
    }
    #expect(forms.count == Self.rules.count && scripts.count == forms.count)
  }

  @Test("What no threshold can be compared with is an error in the form and in its script") func unfit() throws {
    let expressions = ["max(username)", "max(age) * 1e308 * 10", "max(never)"]
    let rules = expressions.map {
      Rule(
        check: "metric", dataset: "users", threshold: .notEqual(ExactDecimal(0)),
        parameters: ["expression": .scalar(.text($0))])
    }
    var text = ""
    for (index, rule) in rules.enumerated() {
      text +=
        "  - {name: f\(index), rules: [{check: metric, dataset: users, expression: \(expressions[index]), must_not_be: 0}]}\n"
      for language in ScriptLanguage.allCases {
        text +=
          "  - name: \(language.rawValue)\(index)\n    script:\n      language: \(language.rawValue)\n      source: |\n"
        text += indented(RuleScript.source(of: [rule], in: language) { _ in .sqlite }, by: 8) + "\n"
      }
    }
    let (_, checkers) = try run(text)
    #expect(checkers.count == 9)
    for checker in checkers { #expect(checker["outcome"] as? String == "errored", "\(checker)") }
  }

  private static let forms = """
      - {name: r0, rules: [{check: row_count, dataset: users, must_be_less_than: 42}]}
      - {name: r1, rules: [{check: row_count, dataset: users, where: age > 90, must_be: 10}]}
      - {name: r2, rules: [{check: no_rows, dataset: users_with_email_null}]}
      - {name: r3, rules: [{check: missing, dataset: users, column: email}]}
      - {name: r4, rules: [{check: missing, dataset: users, column: email, percent: true, must_be_between: [50, 60]}]}
      - {name: r5, rules: [{check: unique, dataset: users, column: id}]}
      - {name: r6, rules: [{check: unique, dataset: users, column: username}]}
      - {name: r7, rules: [{check: accepted_values, dataset: users, column: id, where: id < 3, values: [1, 2]}]}
      - {name: r8, rules: [{check: range, dataset: users, column: age, max: 90, must_be_not_between: [1, 5]}]}
      - {name: r9, rules: [{check: pattern, dataset: users, column: email, pattern: "^u[0-9]+@x[.]org$"}]}
      - {name: r10, rules: [{check: condition, dataset: users, condition: "age < 'x' AND \\"id\\" > 0"}]}
      - {name: r11, rules: [{check: freshness, dataset: users, column: seen, must_be_less_than: 3}]}
      - {name: r12, rules: [{check: row_count, dataset: users, must_be_less_than: 5, level: warn}]}
      - {name: r13, rules: [{check: metric, dataset: users, expression: avg(age), must_be_greater_than: 50}]}
      - {name: r14, rules: [{check: freshness, dataset: users, column: never, must_be_less_than: 3}]}
      - {name: r20, rules: [{check: freshness, dataset: users, column: soon, must_be_less_than: 3}]}
      - {name: r15, rules: [{check: freshness, dataset: users, column: never, must_be_less_than: 3, on_empty: warn}]}
      - {name: r16, rules: [{check: metric, dataset: users, expression: max(age), where: id < 0, must_be: 5, on_empty: pass}]}
      - {name: r17, rules: [{check: missing, dataset: users, column: email, where: id < 0, on_empty: fail}]}
      - {name: r21, rules: [{check: unique, dataset: users, columns: [username, seen], must_be: 2}]}
      - {name: r22, rules: [{check: unique, dataset: users, columns: [username, never], nulls: equal, must_be: 2}]}
      - {name: r18, rules: [{check: unique, dataset: users, column: never, on_empty: fail}]}
      - {name: r19, rules: [{check: unique, dataset: users, column: email, nulls: equal, must_be: 49}]}
    """
}
