import CheckFiles
import Domain
import Testing

@Suite("What two versions of one thing differ in") struct CheckFileDifferencesTests {
  private static let file = """
    version: 1
    namespace: shop
    data_sources:
      - {name: shop, driver: postgresql, uri: "postgresql://ro:secret@h/shop", options: {sslmode: require}}
    datasets:
      - {name: users, data_source: shop, sql: SELECT 1}
    libraries:
      - {name: limits.py, source: "def most(): return 5"}
    checkers:
      - name: c
        schedule: "*/5 * * * *"
        tags: [a]
        alarm: {for: 10m}
        rules:
          - {check: row_count, dataset: users, must_be_less_than: 42}
          - {check: missing, dataset: users, column: email}
          - {check: unique, dataset: users, column: id}
    actions:
      - {name: hook, channel: webhook, settings: {url: "https://x.example/secret", secret: a}}
    routing:
      routes:
        - {match: [severity=critical], actions: [hook]}

    """

  private func fields(_ from: String, _ to: String) throws -> [String] {
    let old = try CheckFileReader.read(Self.file, file: "f")
    #expect(Self.file.contains(from))
    let new = try CheckFileReader.read(Self.file.replacing(from, with: to), file: "f")
    var fields = CheckFileDifferences.fields(old.dataSources[0], new.dataSources[0])
    fields += CheckFileDifferences.fields(old.datasets[0], new.datasets[0])
    fields += CheckFileDifferences.fields(old.libraries[0], new.libraries[0])
    fields += CheckFileDifferences.fields(old.checkers[0], new.checkers[0])
    fields += CheckFileDifferences.fields(old.actions[0], new.actions[0])
    return fields + CheckFileDifferences.fields(try #require(old.routing), try #require(new.routing))
  }

  @Test(
    "Each is named as a check file has it",
    arguments: [
      ("version: 1", "version: 1", []),
      ("ro:secret@", "ro:other@", ["uri"]), ("sslmode: require", "sslmode: prefer", ["options.sslmode"]),
      ("sql: SELECT 1", "sql: SELECT 2", ["sql"]), ("return 5", "return 6", ["source"]),
      ("*/5 * * * *", "*/7 * * * *", ["schedule"]),
      ("schedule:", "timezone: Europe/Lisbon\n    schedule:", ["timezone"]), ("tags: [a]", "tags: [a, b]", ["tags"]),
      ("tags: [a]", "owner: ana", ["owner", "tags"]), ("for: 10m", "for: 20m", ["alarm.for"]),
      ("must_be_less_than: 42", "must_be_less_than: 43", ["rules[0].must_be_less_than"]),
      ("column: email}", "column: email, level: warn}", ["rules[1].level"]),
      ("column: email}", "column: '1'}", ["rules[1].column"]),
      ("      - {check: missing, dataset: users, column: email}\n", "", ["rules[1] (gone)"]),
      (
        "      - {check: missing",
        "      - {check: no_rows, dataset: users}\n      - {check: no_rows, dataset: x}\n      - {check: missing",
        ["rules[1] (new)", "rules[2] (new)"]
      ),
      ("secret: a", "secret: b", ["settings.secret"]),
      ("severity=critical", "severity=info", ["routes[0].match"]),
    ] as [(String, String, [String])]) func fields(from: String, to: String, expected: [String]) throws
  {
    #expect(try fields(from, to) == expected)
  }
}
