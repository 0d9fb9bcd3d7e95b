import CheckFiles
import Domain
import Testing

@Suite("Check files") struct CheckFileReaderTests {
  static let example = """
    version: 1
    namespace: shop
    data_sources:
      - name: shop
        driver: postgresql
        uri: postgresql://ro:${SHOP_PASSWORD}@127.0.0.1:5432/shop
    datasets:
      - name: users_with_email_null
        data_source: shop
        sql: SELECT username FROM users WHERE email IS NULL
    checkers:
      - name: emails
        schedule: "*/5 * * * *"
        timezone: Europe/Lisbon
        severity: critical               # info | warning | critical
        runbook: |
          Ask the sign-up team.
        rules:
          - check: row_count
            dataset: users_with_email_null
            must_be_less_than: 42
            message: There should be less than 42 users in that state
          - check: missing
            dataset: users
            column: email
            percent: true
            must_be_less_than: 1
            level: warn
    """

  private func problems(_ text: String) -> [String] {
    do {
      _ = try CheckFileReader.read(text, file: "f.yaml")
      return []
    } catch {
      return error.problems.map(\.description)
    }
  }

  private func rules(_ text: String) throws -> [Rule] {
    let indented = text.split(separator: "\n").map { "      \($0)" }.joined(separator: "\n")
    return try CheckFileReader.read("version: 1\ncheckers:\n  - name: c\n    rules:\n\(indented)\n", file: "f")
      .checkers[0].body.rules
  }

  @Test("The promised example is read whole") func example() throws {
    let file = try CheckFileReader.read(Self.example, file: "shop.yaml")
    #expect(file.namespace == "shop")
    #expect(file.dataSources.map(\.driver) == [.postgresql])
    let checker = try #require(file.checkers.first)
    #expect(checker.schedule?.text == "*/5 * * * *")
    #expect(checker.schedule?.timeZone == "Europe/Lisbon")
    #expect(checker.severity == .critical)
    #expect(checker.runbook == "Ask the sign-up team.\n")
    #expect(checker.body.rules.map(\.threshold) == [.lessThan(ExactDecimal(42)), .lessThan(ExactDecimal(1))])
    #expect(checker.body.rules[1].percent)
    #expect(checker.body.rules[1].level == .warn)
  }

  @Test("What is written is read back as it was") func roundTrip() throws {
    var file = try CheckFileReader.read(Self.example, file: "shop.yaml")
    file.checkers[0].description = "says: \"no\" # really"
    file.checkers[0].tags = ["no", "1", "a, b", ""]
    file.checkers[0].body = .rules(
      file.checkers[0].body.rules + [
        Rule(
          check: "accepted_values", dataset: "users", filter: "a = 'x'\n  AND b", onEmpty: .fail, keys: ["id"],
          sampleSize: 3,
          parameters: [
            "column": .scalar(.text("country")),
            "values": .list([
              .text("NO"), .text("1"), .number(ExactDecimal(1)), .boolean(true), .null, .text("\u{7}\t"),
            ]),
          ]),
        Rule(
          check: "range", dataset: "users", threshold: .between(ExactDecimal("0.10")!, ExactDecimal(3)),
          parameters: ["column": .scalar(.text("x")), "min": .scalar(.number(ExactDecimal("-0.5")!))]),
      ])
    file.actions = [
      Action(
        name: "queue", channel: "rabbitmq", settings: ["url": "amqp://${HOST}/"], notices: [.red], isDefault: false)
    ]
    let text = CheckFileWriter.write(file)
    #expect(try CheckFileReader.read(text, file: "again") == file)
  }

  @Test("Unknown keys are refused with their place and the nearest valid one") func unknownKeys() {
    #expect(
      problems("version: 1\nchekers: []\n") == [
        "f.yaml:2:1: chekers: there is no key 'chekers'; did you mean 'checkers'?"
      ])
    let text = Self.example.replacing("must_be_less_than: 42", with: "must_be_less_then: 42")
    #expect(
      problems(text) == [
        "f.yaml:21:9: checkers[0].rules[0].must_be_less_then: there is no key 'must_be_less_then'; did you mean 'must_be_less_than'?"
      ])
  }

  @Test(
    "Bad values are refused with their place",
    arguments: [
      (
        "severity: critical", "severity: criticl",
        "f.yaml:15:15: checkers[0].severity: must be one of info, warning, critical, not 'criticl'; did you mean 'critical'?"
      ),
      (
        "must_be_less_than: 42", "must_be_less_than: many",
        "f.yaml:21:28: checkers[0].rules[0].must_be_less_than: must be a number, not 'many'"
      ),
      (
        "driver: postgresql", "driver: postgres",
        "f.yaml:5:13: data_sources[0].driver: must be one of postgresql, sqlite, duckdb, adbc, not 'postgres'; did you mean 'postgresql'?"
      ),
      ("version: 1", "version: 2", "f.yaml:1:10: version: this program reads version 1, not 2"),
      (
        "name: emails", "name: e mails",
        "f.yaml:12:11: checkers[0].name: a name has letters, digits, '-', '_' and '.', and no spaces: 'e mails'"
      ),
      (
        ":5432/shop\n", ":5432/shop\n    options: {sslmod: require}\n",
        "f.yaml:7:23: data_sources[0].options.sslmod: PostgreSQL takes no option 'sslmod'; did you mean 'sslmode'?"
      ),
      (
        ":5432/shop\n", ":5432/shop\n    options: {sslmode: requir}\n",
        "f.yaml:7:24: data_sources[0].options.sslmode: must be one of disable, allow, prefer, require, verify-ca, verify-full, not 'requir'; did you mean 'require'?"
      ),
    ]) func badValues(from: String, to: String, expected: String)
  {
    #expect(problems(Self.example.replacing(from, with: to)) == [expected])
  }

  @Test("All problems are told at once") func allAtOnce() {
    #expect(problems("version: 1\ndatasets:\n  - name: a\n  - sql: x\ncheckers:\n  - name: c\n").count == 5)
  }

  @Test("A bad schedule or time zone points at its line") func schedules() {
    #expect(
      problems(Self.example.replacing("*/5 * * * *", with: "61 * * * *")).first?.hasPrefix(
        "f.yaml:13:15: checkers[0].schedule: ") == true)
    #expect(
      problems(Self.example.replacing("Europe/Lisbon", with: "Europe/Lisbonne")).first?.contains(
        "f.yaml:14:15: checkers[0].timezone: ") == true)
  }

  @Test("Text that looks like something else stays text where names are meant", arguments: ["NO", "yes", "on"])
  func norway(word: String) throws {
    let rule = try #require(
      try rules("- {check: accepted_values, dataset: d, column: \(word), values: [\(word), SE, 1.50, true, ~]}").first)
    #expect(rule.parameters["column"] == .scalar(.text(word)))
    #expect(
      rule.parameters["values"]
        == .list([.text(word), .text("SE"), .number(ExactDecimal("1.5")!), .boolean(true), .null]))
  }

  @Test(
    "Not YAML, not a mapping, empty, hostile: a clear error each",
    arguments: [
      "a: [1", "- 1", "", "a: 'x", "version: 1\nversion: 1", "version: 1\ncheckers: 5", "\t\u{0}", "version: *x",
      "version: 1\ncheckers:\n  - &a [*a]",
    ]) func notOurs(text: String)
  {
    #expect(problems(text).first?.hasPrefix("f.yaml:") == true)
  }

  @Test("Thresholds: one, with the right number of bounds") func thresholds() {
    func first(_ rule: String) -> String {
      problems("version: 1\ncheckers: [{name: c, rules: [{check: row_count, dataset: d, \(rule)}]}]").first ?? ""
    }
    #expect(first("must_be: 1, must_not_be: 2").contains("a rule has one threshold"))
    #expect(first("must_be_between: 3").contains("must be a list"))
    #expect(first("must_be_between: [3]").contains("two numbers: [low, high]"))
    #expect(first("must_be_between: [3, 1]").contains("lower bound"))
    #expect(first("must_be: [3]").contains("must be a number"))
    #expect(first("must_be_between: [3, 4]") == "")
  }
}

@Suite("Several check files in one text") struct DocumentsTests {
  @Test("Each document is a file of its own, and mistakes keep the line of the whole text") func documents() throws {
    let text = """
      version: 1
      namespace: a
      ---
      # the second
      version: 1
      namespace: b
      datasets:
        - {name: d, data_source: s, sql: SELECT 1}
      """
    let files = try CheckFileReader.readAll(text, file: "f.yaml")
    #expect(files.map(\.namespace) == ["a", "b"])
    #expect(files[1].datasets.map(\.id.description) == ["b/d"])
    let error = #expect(throws: CheckFileError.self) {
      try CheckFileReader.readAll(text.replacing("sql:", with: "sqll:"), file: "f.yaml")
    }
    #expect(error?.problems.first?.line == 8)
  }
}
