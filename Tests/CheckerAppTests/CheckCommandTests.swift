import Foundation
import TestSupport
import Testing

@Suite("checker check") struct CheckCommandTests {
  private let program: Program

  init() throws {
    program = try Program()
    try program.database(
      "shop.db",
      """
      CREATE TABLE users (id INTEGER, username TEXT, email TEXT);
      INSERT INTO users VALUES (1, 'ana', 'ana@x.org'), (2, 'ben', NULL), (3, 'cid', NULL);
      """)
  }

  private func file(_ rules: String, uri: String = "./shop.db", driver: String = "sqlite") -> String {
    """
    version: 1
    namespace: shop
    data_sources:
      - {name: shop, driver: \(driver), uri: "\(uri)"}
    datasets:
      - name: users_with_email_null
        data_source: shop
        sql: SELECT username FROM users WHERE email IS NULL
    checkers:
      - name: emails
        rules:
    \(rules.split(separator: "\n").map { "      \($0)" }.joined(separator: "\n"))
    """
  }

  private static let passing = "- {check: row_count, dataset: users}"
  private static let failing =
    "- {check: missing, dataset: users, column: email, name: addresses, message: Write to all}"
  private static let warning = "- {check: missing, dataset: users, column: email, level: warn}"
  private static let errored = "- {check: missing, dataset: users, column: nosuch}"

  @Test(
    "The exit status is the worst outcome",
    arguments: [
      ([passing], 0), ([passing, failing], 1), ([passing, warning], 2), ([warning, failing], 1), ([errored], 3),
      ([failing, warning, errored, passing], 3),
    ] as [([String], Int32)])
  func exitStatus(rules: [String], status: Int32) throws {
    let path = try program.write(file(rules.joined(separator: "\n")), to: "c.yaml")
    let result = try program.run("check", path)
    #expect(result.status == status)
    // With how long it took, where the database answered.
    #expect(rules == [Self.errored] || result.output.prefix { $0 != "\n" }.contains(#/  [0-9]+ ms$/#))
  }

  @Test("The JSON keeps its promised shape") func json() throws {
    let path = try program.write(
      file([Self.passing, Self.failing, Self.errored].joined(separator: "\n")), to: "c.yaml")
    let result = try program.run("check", path, "--json", in: "/")
    let object = try #require(
      try JSONSerialization.jsonObject(with: Data(result.output.utf8)) as? [String: Any])
    #expect(object["outcome"] as? String == "errored")
    let checker = try #require((object["checkers"] as? [[String: Any]])?.first)
    #expect(checker["namespace"] as? String == "shop")
    #expect(checker["name"] as? String == "emails")
    #expect((checker["seconds"] as? Double).map { (0..<60).contains($0) } == true)
    #expect((checker["reason"] as? String)?.contains("nosuch") == true)
    let assertions = try #require(checker["assertions"] as? [[String: Any]])
    #expect(assertions.map { $0["outcome"] as? String } == ["passed", "failed", "errored"])
    #expect(assertions[0]["observed"] as? Int == 3)
    #expect(assertions[1]["name"] as? String == "addresses")
    #expect(assertions[1]["message"] as? String == "Write to all")
    #expect(assertions[1]["dataset"] as? String == "users")
    #expect(assertions[1]["check"] as? String == "missing")
    let sample = try #require(assertions[1]["sample"] as? [String: Any])
    #expect(sample["columns"] as? [String] == ["id", "username", "email"])
    #expect(sample["total"] as? Int == 2)
    #expect((sample["rows"] as? [[Any]])?.first?[1] as? String == "ben")
    #expect(assertions[2]["observed"] is NSNull)
  }

  @Test("A file that cannot be used ends with 64 and says where") func usage() throws {
    let path = try program.write("version: 1\nchekers: []\n", to: "bad.yaml")
    let result = try program.run("check", path)
    #expect(result.status == 64)
    #expect(result.output.isEmpty)
    #expect(result.errors.contains("bad.yaml:2:1: chekers: there is no key 'chekers'; did you mean 'checkers'?"))
    // Nothing before the place, so that editors find it.
    #expect(result.errors.hasPrefix(program.folder.path))
    #expect(try program.run("check", program.folder.path + "/none.yaml").status == 64)
    #expect(try program.run("check").status == 64)
    let mistyped = try program.run("serv")
    #expect(mistyped.status == 64)
    #expect(mistyped.errors == "checker: there is no command 'serv'; did you mean 'serve'?\n")
    #expect(try program.run("check", path, "--json", "--junit").status == 64)
    let good = try program.write(file(Self.passing), to: "c.yaml")
    let only = try program.run("check", good, "--only", "email")
    #expect(only.status == 64)
    #expect(only.errors.contains("did you mean 'emails'?"))
  }

  @Test("What is disabled is left out unless it is named, and a heartbeat has nothing to run") func skipped() throws {
    let more = """

        - {name: later, enabled: false, rules: [{check: no_rows, dataset: users}]}
        - {name: backup, heartbeat: {every: 15m, grace: 5m}}
      """
    let path = try program.write(file(Self.passing) + more, to: "s.yaml")
    let result = try program.run("check", path)
    #expect(result.status == 0, "\(result)")
    #expect(result.output.contains("shop/later  skipped: it is disabled"))
    #expect(result.output.contains("3 checkers: 1 passed, 2 skipped"))
    let json = try program.run("check", path, "--json").output
    let object = try #require(try JSONSerialization.jsonObject(with: Data(json.utf8)) as? [String: Any])
    let skipped = try #require(object["skipped"] as? [[String: String]])
    #expect(skipped.map { $0["name"] } == ["later", "backup"] && object["outcome"] as? String == "passed")
    let junit = try program.run("check", path, "--junit").output
    #expect(junit.contains("tests=\"3\" failures=\"0\" errors=\"0\" skipped=\"2\""), "\(junit)")
    #expect(try program.run("check", path, "--only=later").status == 1)
  }

  @Test("A file with a mark of UTF-8 before it is read") func byteOrderMark() throws {
    let path = try program.write("\u{FEFF}" + file(Self.passing), to: "bom.yaml")
    #expect(try program.run("check", path).status == 0)
  }

  @Test("A column of per_row that the dataset lacks is told with its place, also while no row fails")
  func rowColumns() throws {
    func file(_ column: String, _ rule: String) throws -> String {
      try program.write(self.file(rule) + "\n    alarm: {per_row: [\(column)]}\n", to: "rows.yaml")
    }
    let result = try program.run("check", try file("usernam", "- {check: missing, dataset: users, column: id}"))
    #expect(result.status == 64)
    #expect(
      result.errors.contains(
        "rows.yaml:13:12: checker 'emails': 'users' has no column 'usernam'; did you mean 'username'?"),
      "\(result.errors)")
    #expect(try program.run("check", try file("username", Self.failing)).status == 1)
    let none = try program.run("check", try file("username", Self.passing))
    #expect(none.errors.contains("rows.yaml:13:22: checkers[0].alarm.per_row: no rule here tells which rows fail"))
  }

  @Test("JUnit tells failures from errors") func junit() throws {
    let path = try program.write(
      file([Self.passing, Self.failing, Self.errored].joined(separator: "\n")), to: "c.yaml")
    let result = try program.run("check", path, "--junit")
    let counts = try Foundation.NSRegularExpression(pattern: "tests=\"3\" failures=\"1\" errors=\"1\"")
    #expect(
      counts.numberOfMatches(in: result.output, range: NSRange(result.output.startIndex..., in: result.output)) == 2)
    #expect(result.output.contains("<failure message=\"Write to all\""))
  }

  @Test("A report that cannot be written is no success") func fullDisk() async throws {
    let path = try program.write(file(Self.passing), to: "c.yaml")
    let line = "\(try Program.path) check \(path) > /dev/full; echo status $?"
    let told = try await Command.run("/bin/sh", "-c", "(\(line)) 2>&1")
    #expect(told.contains("the output cannot be written: No space left on device") && told.hasSuffix("status 74"))
    let piped = "cat \(path) | \(try Program.path) check /dev/stdin; true"
    #expect(try await Command.run("/bin/sh", "-c", piped).contains("shop/emails"))
  }

  @Test("An unset variable is named, and a password is never told") func secrets() throws {
    let unset = try program.write(
      file(Self.passing, uri: "postgresql://ro:${NO_SUCH_VARIABLE}@127.0.0.1:1/shop", driver: "postgresql"),
      to: "u.yaml")
    let named = try program.run("check", unset)
    #expect(named.status == 3)
    #expect(named.output.contains("NO_SUCH_VARIABLE"))
    let wrong = try program.write(
      file(Self.passing, uri: "postgresql://ro:${SHOP_PASSWORD}@127.0.0.1:1/shop", driver: "postgresql"), to: "p.yaml")
    for flags in [["--json"], ["--junit"], []] {
      let result = try program.run(
        "check", wrong, flags.first ?? "--only=emails", environment: ["SHOP_PASSWORD": "hunter2"])
      #expect(result.status == 3)
      #expect(!result.output.contains("hunter2") && !result.errors.contains("hunter2"))
    }
  }

  @Test("Control characters in data cannot steer the terminal") func terminal() throws {
    try program.database(
      "evil.db", "CREATE TABLE users (email TEXT, note TEXT); INSERT INTO users VALUES (NULL, char(27) || '[2Jx')")
    let path = try program.write(file(Self.failing, uri: "./evil.db"), to: "e.yaml")
    let result = try program.run("check", path)
    #expect(result.status == 1)
    #expect(!result.output.contains("\u{1B}"))
    #expect(result.output.contains("[2Jx"))
  }

  @Test("A missing database is not made") func missingDatabase() throws {
    let path = try program.write(file(Self.passing, uri: "./none.db"), to: "c.yaml")
    #expect(try program.run("check", path).status == 3)
    #expect(!FileManager.default.fileExists(atPath: program.folder.path + "/none.db"))
  }
}
