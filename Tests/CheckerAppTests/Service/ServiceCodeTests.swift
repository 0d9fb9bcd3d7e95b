import Domain
import Foundation
import TestSupport
import Testing

@Suite("Scripts in the service") struct ServiceCodeTests {
  private let folder: ServiceFolder

  init() throws { folder = try ServiceFolder() }

  private func data(_ database: String) -> String {
    """
    version: 1
    namespace: shop
    data_sources:
      - {name: shop, driver: postgresql, uri: "\(database)"}
    datasets:
      - {name: without_email, data_source: shop, sql: SELECT username FROM users WHERE email IS NULL}

    """
  }

  private func yaml(_ database: String, script: String, library: String) -> String {
    data(database) + """
      libraries:
        - {name: limits.py, source: "\(library)"}
      checkers:
        - {name: emails, script: {language: python, source: "\(script)"}}
      """
  }

  private func database() async throws -> PostgreSQLDatabase {
    try await PostgreSQLDatabase(
      "CREATE TABLE users (username text, email text); INSERT INTO users VALUES ('ana', NULL), ('ben', NULL)")
  }

  private func form(_ source: String, name: String) -> [String: String] {
    [
      "name": name, "namespace": "shop", "kind": "script", "language": "python", "source": source, "rhythm": "none",
      "timezone": "UTC", "severity": "warning", "do": "save",
    ]
  }

  @Test("A script turns red with its rows and its log, then green, then errs with its traceback; libraries count")
  func alarms() async throws {
    let database = try await database()
    let script =
      "from limits import most\\nprint('looked')\\n"
      + "CheckerCase().assertLessThan(datasets['without_email'], most(), 'Everybody has an address')"
    let service = try await folder.start()
    let file = yaml(database.uri, script: script, library: "def most(): return 1")
    let imported = try await service.site.post("/import", ["text": file], formAt: "/import")
    #expect(imported.status == 200, "\(Site.text(of: imported.body))")
    try await service.runNow("shop/emails")
    let state = try await service.state(of: "shop/emails", says: "Red")
    #expect(state.contains("Everybody has an address (found 2)"))
    let page = try await service.site.get("/checkers/shop/emails").body
    #expect(page.contains("ana") && page.contains("ben"))
    try await database.run("DELETE FROM users")
    try await service.runNow("shop/emails")
    try await service.state(of: "shop/emails", says: "Green")
    let broken = yaml(database.uri, script: script, library: "def most(): return 1 / 0")
    let changed = try await service.site.post("/import", ["text": broken], formAt: "/import")
    #expect(changed.status == 200 && changed.body.contains("Changed library shop/limits.py: source"))
    try await service.runNow("shop/emails")
    try await service.state(of: "shop/emails", says: "division by zero")
    let exported = try await service.site.get("/checkers/shop/emails.yaml")
    #expect(exported.body.contains("CheckerCase().assertLessThan"))
    #expect(exported.body.contains("name: limits.py"))
    #expect(try await service.stop() == 0)
    let runs = try await folder.runs(of: "emails")
    #expect(runs.map(\.outcome) == [.failed, .passed, .errored])
    #expect(runs[0].log.contains("looked"))
    #expect(runs[0].assertions[0].line == 3)
    #expect(runs[2].trouble?.traceback?.contains("limits.py") == true)
    #expect(runs.allSatisfy { ($0.cost?.fuel ?? 0) > 0 })
  }

  @Test("A run replayed comes to the same with the same fuel; on other data, or after an edit, it says what differs")
  func replay() async throws {
    let database = try await database()
    let script =
      "import random\\nok(f'{random.random()} {now()} {len(previous())}')\\n"
      + "CheckerCase().assertNotEmpty(datasets['without_email'], 'somebody')"
    let service = try await folder.start()
    let file = yaml(database.uri, script: script, library: "x = 1")
    #expect(try await service.site.post("/import", ["text": file], formAt: "/import").status == 200)
    try await service.runNow("shop/emails")
    let first = try await service.site.call("GET", "/runs?checker=shop/emails").body
    let id = try #require(first.firstMatch(of: /"id":"([0-9A-Z]+)"/)).1
    try await service.runNow("shop/emails")
    let same = try await service.site.call("POST", "/runs/\(id)/replay")
    #expect(same.body.contains("\"same_verdicts\":true") && same.body.contains("\"same_fuel\":true"), "\(same.body)")
    let page = try await service.site.post("/runs/\(id)/replay", [:], formAt: "/runs/\(id)")
    #expect(Site.text(of: page.body).contains("It comes to the same"))
    try await database.run("DELETE FROM users")
    let other = try await service.site.call("POST", "/runs/\(id)/replay")
    #expect(other.body.contains("\"same_verdicts\":false") && other.body.contains("\"same_fuel\":false"))
    #expect(try await service.site.call("POST", "/runs/nothing/replay").status == 404)
    #expect(try await service.stop() == 0)
    #expect(try await folder.runs(of: "emails").count == 2)
  }

  @Test("The page refuses a script that does not parse, or that does not say what its fixture must say")
  func saving() async throws {
    let database = try await database()
    try await folder.declare(data(database.uri))
    let service = try await folder.start()
    let syntax = try await service.site.post(
      "/checkers/new", form("if True\n  ok('x')", name: "a"), formAt: "/checkers/new")
    #expect(syntax.status == 422)
    #expect(Site.text(of: syntax.body).contains("Line 1: SyntaxError"))
    var fields = form("CheckerCase().assertEmpty(datasets['without_email'], 'none')", name: "b")
    fields["fixtures[0].name"] = "somebody"
    fields["fixtures[0].expect"] = "passed"
    fields["fixtures[0].datasets"] = "without_email: [{username: ana}]"
    let wrong = try await service.site.post("/checkers/new", fields, formAt: "/checkers/new")
    #expect(wrong.status == 422)
    #expect(Site.text(of: wrong.body).contains("must be passed, and is failed"))
    fields["fixtures[0].expect"] = "failed"
    #expect(try await service.site.post("/checkers/new", fields, formAt: "/checkers/new").status == 303)
    fields["do"] = "preview"
    let test = try await service.site.post("/checkers/new", fields, formAt: "/checkers/new")
    #expect(Site.text(of: test.body).contains("somebody: failed"))
    #expect(Site.text(of: test.body).contains("Would be red"))
    #expect(try await service.stop() == 0)
  }

  @Test("A module is uploaded, checked, run, and travels with an export") func modules() async throws {
    let database = try await database()
    try await folder.declare(data(database.uri))
    let service = try await folder.start()
    let text = """
      (module (import "checker" "fail" (func $fail (param i32 i32))) (memory (export "memory") 2)
        (data (i32.const 0) "the module says no") (func (export "check") (call $fail (i32.const 0) (i32.const 18))))
      """
    let module = Data(text.utf8).base64EncodedString()
    let large = Data((text + "\n;; " + String(repeating: "x", count: 2 << 20)).utf8).base64EncodedString()
    let uploaded = try await service.site.call("POST", "/modules", ["file_name": "large.wat", "base64": large])
    #expect(uploaded.status == 201 && uploaded.body.contains("sha256"), "\(uploaded.body.prefix(300))")
    let file =
      "version: 1\nnamespace: shop\ncheckers:\n  - {name: compiled, module: {file_name: no.wat, base64: \(module)}}\n"
    #expect(try await service.site.post("/import", ["text": file], formAt: "/import").status == 200)
    try await service.runNow("shop/compiled")
    try await service.state(of: "shop/compiled", says: "the module says no")
    let exported = try await service.site.get("/checkers/shop/compiled.yaml").body
    #expect(exported.contains("file_name: no.wat"))
    #expect(exported.contains("base64: "))
    let bad = Data("(module)".utf8).base64EncodedString()
    let refused = try await service.site.post(
      "/import",
      ["text": "version: 1\nnamespace: shop\ncheckers:\n  - {name: d, module: {file_name: d.wat, base64: \(bad)}}\n"],
      formAt: "/import")
    #expect(refused.status == 422)
    #expect(Site.text(of: refused.body).contains("check"))
    #expect(try await service.stop() == 0)
  }
}
