import Checking
import Domain
import Foundation
import Persistence
import TestSupport
import Testing
import WebUI

@Suite struct EditorPageTests {
  @Test func `A query that takes long can be stopped, and the database stops it too`() async throws {
    let database = try await PostgreSQLDatabase()
    let site = try await SiteFixture()
    try await site.service.save(DataSource(name: "shop", driver: .postgresql, uri: database.uri), replacing: nil)
    let running = Visitor(site)
    let other = Visitor(site)
    let fields = [("data_source", "shop"), ("sql", "SELECT pg_sleep(600)"), ("run", "mine"), ("do", "preview")]
    let page = try await running.get("/datasets/new").body
    let token = try #require(page.firstMatch(of: /name="csrf" value="([^"]*)"/)).1
    async let answer = running.post(
      "/datasets/preview", fields: [("csrf", String(token))] + fields, headers: ["HX-Request": "true"])
    let busy = """
      SELECT count(*) FROM pg_stat_activity
      WHERE query LIKE '%pg_sleep(600)%' AND pid <> pg_backend_pid() AND state = 'active'
      """
    #expect(await eventually { try await database.run(busy).contains("1") })
    #expect(try await other.post("/datasets/preview/cancel", [("run", "mine")], from: "/datasets/new").status == 204)
    let body = try await answer.body
    #expect(body.contains("The query did not run") && body.contains("cancelled"), "\(body)")
    #expect(await eventually { try await !database.run(busy).contains("1") })
    await site.stop()
  }

  @Test func `A checker's preview that takes long can be stopped, and the database stops it too`() async throws {
    let database = try await PostgreSQLDatabase()
    let site = try await SiteFixture()
    try await site.service.save(DataSource(name: "shop", driver: .postgresql, uri: database.uri), replacing: nil)
    try await site.service.save(
      Dataset(id: QualifiedName(namespace: "shop", name: "slow"), dataSource: "shop", sql: "SELECT pg_sleep(601)"),
      replacing: nil)
    let visitor = Visitor(site)
    let page = try await visitor.get("/checkers/new?ns=shop").body
    let token = try #require(page.firstMatch(of: /name="csrf" value="([^"]*)"/)).1
    let fields = [
      ("csrf", String(token)), ("kind", "rules"), ("name", "a"), ("namespace", "shop"), ("rhythm", "none"),
      ("rules[0].check", "row_count"), ("rules[0].dataset", "slow"), ("run", "mine"),
    ]
    async let answer = visitor.post(
      "/checkers/preview", fields: fields, headers: ["HX-Request": "true"])
    let busy = """
      SELECT count(*) FROM pg_stat_activity
      WHERE query LIKE '%pg_sleep(601)%' AND pid <> pg_backend_pid() AND state = 'active'
      """
    #expect(await eventually { try await database.run(busy).contains("1") })
    #expect(try await visitor.post("/checkers/preview/cancel", [("run", "mine")], from: "/checkers/new").status == 204)
    #expect(try await answer.status == 200)
    #expect(await eventually { try await !database.run(busy).contains("1") })
    await site.stop()
  }

  @Test func `A form whose checker is deleted meanwhile keeps what was written, and saves it as a new one`()
    async throws
  {
    let site = try await SiteFixture()
    try await site.addShop()
    let visitor = Visitor(site)
    let path = "/checkers/shop/emails/edit"
    let page = try await visitor.get(path).body
    let token = try #require(page.firstMatch(of: /name="csrf" value="([^"]*)"/)).1
    try await site.service.deleteChecker(Checker.users.id)
    var fields = [
      ("csrf", String(token)), ("kind", "rules"), ("name", "emails"), ("namespace", "shop"), ("rhythm", "none"),
      ("version", "1"), ("rules[0].check", "row_count"), ("rules[0].dataset", "users"),
      ("rules[0].threshold", "must_be_greater_than"), ("rules[0].low", "1234"), ("do", "save"),
    ]
    let answer = try await visitor.post(path, fields: fields)
    #expect(answer.status == 409)
    #expect(answer.body.contains("was renamed or deleted while you were editing") && answer.body.contains("1234"))
    #expect(answer.body.contains(#"action="/checkers/new""#), "the form makes a new one now")
    fields.removeAll { $0.0 == "version" }
    #expect(try await visitor.post("/checkers/new", fields: fields).status == 303)
    await site.stop()
  }

  @Test func `A table whose name needs quotes is chosen from the form as it is listed`() async throws {
    let database = try await PostgreSQLDatabase(
      """
      CREATE SCHEMA "Mixed Schema"; CREATE TABLE "Mixed Schema"."Odd.Table" (id integer, "Sort" text);
      CREATE TABLE "OrderItems" (id integer); INSERT INTO "OrderItems" VALUES (1), (2);
      """)
    let site = try await SiteFixture()
    try await site.service.save(DataSource(name: "shop", driver: .postgresql, uri: database.uri), replacing: nil)
    try await site.service.save(DataSource(name: "other", driver: .sqlite, uri: "/none.db"), replacing: nil)
    let visitor = Visitor(site)
    let new = "/checkers/new?ns=shop"
    let fields = [
      ("kind", "rules"), ("name", "a"), ("namespace", "shop"), ("rhythm", "none"), ("data_source", "shop"),
      ("rules[0].check", "row_count"), ("rules[0].dataset", #""OrderItems""#), ("rules[0].threshold", "must_be"),
      ("rules[0].low", "2"), ("rules[1].check", "missing"), ("rules[1].dataset", #""Mixed Schema"."Odd.Table""#),
      ("rules[1].p.column", "Sort"),
    ]
    let form = try await visitor.post("/checkers/rules", fields, from: new).body
    for name in ["&quot;OrderItems&quot;", "&quot;Mixed Schema&quot;.&quot;Odd.Table&quot;"] {
      #expect(form.contains(#"<option value="\#(name)" selected>"#), "\(form)")
    }
    #expect(!form.contains("As written") && form.contains(">Sort</option>"))
    let preview = try await visitor.post("/checkers/preview", fields, from: new)
    #expect(!preview.body.contains("Could not run") && preview.body.contains("2 rows"), "\(preview.body)")
    let saved = try await visitor.post("/checkers/new", fields, from: new)
    #expect(saved.status == 303, "\(saved.body)")
    let stored = try #require(try await site.store.checker(QualifiedName(namespace: "shop", name: "a"))?.checker)
    #expect(stored.dataSource == "shop" && stored.body.rules.map(\.dataset).contains(#""OrderItems""#))
    let gone = fields.map { ($0.0, $0.0 == "rules[0].dataset" ? #""OrderItemz""# : $0.1) }
    let refused = try await visitor.post("/checkers/new", gone, from: new)
    #expect(refused.status == 422 && refused.body.contains("did you mean &#39;&quot;OrderItems&quot;&#39;?"))
    await site.stop()
  }

  /// What a browser would send back of the form on a page, text areas left out.
  private func hidden(_ body: String) -> [(String, String)] {
    body.matches(of: /<input type="hidden" name="([^"]*)" value="([^"]*)">/).map {
      (
        String($0.1),
        String($0.2).replacing("&quot;", with: "\"").replacing("&#39;", with: "'").replacing("&#10;", with: "\n")
          .replacing("&lt;", with: "<").replacing("&gt;", with: ">").replacing("&amp;", with: "&")
      )
    }.filter { !["do", "run"].contains($0.0) }
  }

  private func area(_ body: String) throws -> String {
    String(try #require(body.firstMatch(of: /(?s)name="source"[^>]*>\n(.*?)<\/textarea>/)).1).replacing(
      "&quot;", with: "\""
    )
    .replacing("&#39;", with: "'").replacing("&lt;", with: "<").replacing("&gt;", with: ">").replacing(
      "&amp;", with: "&")
  }

  @Test func `A form becomes the script that it equals, and has its rules still when it comes back`() async throws {
    let site = try await SiteFixture()
    try await site.addShop()
    let visitor = Visitor(site)
    let new = "/checkers/new?ns=shop"
    let common = [("name", "a"), ("namespace", "shop"), ("rhythm", "none")]
    let rules = [
      ("rules[0].check", "missing"), ("rules[0].dataset", "users"), ("rules[0].p.column", "email"),
      ("rules[0].message", "\"Write\" to <all>"), ("rules[0].threshold", "must_be_less_than"), ("rules[0].low", "2"),
      ("rules[1].check", "row_count"), ("rules[1].dataset", "users"), ("rules[1].threshold", "must_be"),
      ("rules[1].low", "abc"),
    ]
    let script = try await visitor.post(
      "/checkers/new", common + [("kind", "rules"), ("do", "as:script")] + rules, from: new)
    let source = try area(script.body)
    #expect(source.contains("assertLessThan(found, 2, ") && !source.contains("business_day"), "\(source)")
    #expect(script.body.contains("1 rule not complete") && script.body.contains("not &#39;abc&#39;"))
    // In another language it is the same.
    let kept = hidden(script.body).filter { $0.0 != "kind" && $0.0 != "csrf" }
    let other = try await visitor.post(
      "/checkers/new",
      common + kept + [("kind", "script"), ("source", source), ("language", "javascript"), ("do", "language")],
      from: new)
    #expect(try area(other.body).contains("check.assertLessThan(found, 2, "))
    // Nobody touched it: the rules are all there is.
    let back = try await visitor.post(
      "/checkers/new",
      common + kept + [("kind", "script"), ("source", source), ("language", "python"), ("do", "as:rules")], from: new)
    #expect(
      back.body.contains(#"name="rules[0].low" value="2""#) && back.body.contains(#"name="rules[1].low" value="abc""#))
    #expect(back.body.contains(#"value="&quot;Write&quot; to &lt;all&gt;""#) && !back.body.contains(#"name="source""#))
    // What was written by hand waits behind the form.
    let mine = source + "print('mine')\n"
    let form = try await visitor.post(
      "/checkers/new",
      common + kept + [("kind", "script"), ("source", mine), ("language", "python"), ("do", "as:rules")], from: new)
    #expect(form.body.contains("without the script"))
    let again = try await visitor.post(
      "/checkers/new",
      common + rules + hidden(form.body).filter { $0.0 == "source" || $0.0 == "language" }
        + [("kind", "rules"), ("do", "as:script")], from: new)
    #expect(try area(again.body).contains("print('mine')"))
    await site.stop()
  }

  @Test func `The only data source is nobody's choice, and of two one is chosen for tables`() async throws {
    let site = try await SiteFixture()
    try await site.addShop()
    let visitor = Visitor(site)
    #expect(try await !visitor.get("/checkers/new?ns=shop").body.contains("Tables of data source"))
    let other = site.folder.path + "/other.db"
    try await Command.run(
      "/usr/bin/env", "python3", "-c",
      "import sqlite3,sys; c=sqlite3.connect(sys.argv[1]); c.execute('CREATE TABLE orders (id)'); c.commit()", other)
    try await site.service.save(DataSource(name: "other", driver: .sqlite, uri: other), replacing: nil)
    #expect(try await visitor.get("/checkers/new?ns=shop").body.contains("Tables of data source"))
    let fields = [
      ("kind", "rules"), ("name", "rows"), ("namespace", "new"), ("rhythm", "none"), ("rules[0].check", "no_rows"),
      ("rules[0].dataset", "orders"), ("do", "save"),
    ]
    let doubt = try await visitor.post("/checkers/new", fields, from: "/checkers/new")
    #expect(doubt.status == 422 && doubt.body.contains("data_source: other"))
    let saved = try await visitor.post("/checkers/new", fields + [("data_source", "other")], from: "/checkers/new")
    #expect(saved.status == 303)
    let id = QualifiedName(namespace: "new", name: "rows")
    #expect(try await site.store.checker(id)?.checker.dataSource == "other")
    // A new name of the data source is carried over.
    var renamed = try #require(try await site.store.dataSource("other"))
    renamed.name = "archive"
    try await site.service.save(renamed, replacing: "other")
    #expect(try await site.store.checker(id)?.checker.dataSource == "archive")
    await #expect(throws: ServiceError.self) { try await site.service.deleteDataSource("archive") }
    await site.stop()
  }

  @Test func `What has several lines, or a comma in a name, comes through the form as it was`() async throws {
    let site = try await SiteFixture()
    try await site.addShop()
    let visitor = Visitor(site)
    var rule = Rule(
      check: "condition", dataset: "users", message: "two\nlines", filter: "id > 0 -- known\nAND id < 3",
      parameters: ["condition": .scalar(.text("id = 1 -- one\nOR id = 2"))])
    var unique = Rule(check: "unique", dataset: "users", parameters: ["columns": .list([.text("a, b"), .text("c")])])
    unique.keys = ["a \"q\", b"]
    rule.keys = ["id", "name"]
    let id = QualifiedName(namespace: "shop", name: "lines")
    _ = try await site.store.save(
      Checker(id: id, body: .rules([rule, unique])), replacing: nil, expectedVersion: nil, author: "ana", at: Date(),
      nextRunAt: nil)
    let page = try await visitor.get("/checkers/shop/lines/edit").body
    #expect(page.contains("id &gt; 0 -- known\nAND id &lt; 3</textarea>"))
    #expect(page.contains("id = 1 -- one\nOR id = 2</textarea>") && page.contains("two\nlines</textarea>"))
    #expect(page.contains("&quot;a, b&quot;, c") && page.contains("&quot;a &quot;&quot;q&quot;&quot;, b&quot;"))
    let fields = [
      ("kind", "rules"), ("name", "lines"), ("namespace", "shop"), ("rhythm", "none"), ("do", "save"),
      ("rules[0].check", "condition"), ("rules[0].dataset", "users"), ("rules[0].message", "two\r\nlines"),
      ("rules[0].where", "id > 0 -- known\r\nAND id < 3"), ("rules[0].keys", "id, name"),
      ("rules[0].p.condition", "id = 1 -- one\r\nOR id = 2"),
    ]
    let saved = try await visitor.post("/checkers/shop/lines/edit", fields, from: "/checkers/shop/lines/edit")
    #expect(saved.status == 303, "\(saved.body)")
    #expect(try await site.store.checker(id)?.checker.body.rules == [rule])
    await site.stop()
  }

  @Test func `Limits of code are fields of its form`() async throws {
    let site = try await SiteFixture()
    try await site.addShop()
    let visitor = Visitor(site)
    let fields = [
      ("kind", "script"), ("name", "own"), ("namespace", "shop"), ("rhythm", "none"), ("language", "python"),
      ("source", "ok()"), ("limits.memory_mib", "512"), ("do", "save"),
    ]
    let refused = try await visitor.post(
      "/checkers/new", fields + [("limits.seconds", "100")], from: "/checkers/new?ns=shop")
    #expect(refused.status == 422 && refused.body.contains("between 0.1 and 60"))
    let taken = try await visitor.post(
      "/checkers/new", fields + [("limits.seconds", "10")], from: "/checkers/new?ns=shop")
    #expect(!taken.body.contains("between 0.1 and 60"))
    #expect(taken.body.contains("10 s, 512 MB") && taken.body.contains(#"value="512""#))
    let unread = try await visitor.post(
      "/checkers/new", fields + [("parameters", "limit: 42\r\nwho")], from: "/checkers/new?ns=shop")
    #expect(unread.status == 422 && unread.body.contains("Line 2: a parameter is a name and a value"))
    let script = Script(
      language: .python, source: "ok()", limits: CodeLimits(dataMiB: 7), parameters: ["limit": "42", "at": "8:30"])
    let checker = Checker(id: QualifiedName(namespace: "shop", name: "own"), body: .script(script))
    _ = try await site.store.save(
      checker, replacing: nil, expectedVersion: nil, author: "ana", at: Date(), nextRunAt: nil)
    let form = try await visitor.get("/checkers/shop/own/edit").body
    #expect(form.contains(#"name="limits.data_mib""#) && form.contains(#"value="7""#))
    #expect(form.contains("at: 8:30\nlimit: 42</textarea>"))
    await site.stop()
  }

  @Test func `A time zone that there is none of shows at once, below its field`() async throws {
    let site = try await SiteFixture()
    try await site.addShop()
    let visitor = Visitor(site)
    let page = try await visitor.get("/checkers/new?ns=shop").body
    let token = try #require(page.firstMatch(of: /name="csrf" value="([^"]*)"/)).1
    for (rhythm, zone, isKnown) in [
      ("minutes", "Mars/Olympus", false), ("none", "Mars/Olympus", false), ("minutes", "Europe/Lisbon", true),
    ] {
      let fields = [
        ("csrf", String(token)), ("kind", "rules"), ("name", "a"), ("namespace", "shop"), ("rhythm", rhythm),
        ("minutes", "5"), ("timezone", zone),
      ]
      let answer = try await visitor.post("/checkers/preview", fields: fields, headers: ["HX-Request": "true"])
      #expect(answer.status == 200)
      let mark = try #require(answer.body.firstMatch(of: /<span id="zone-bad"[^>]*>([^<]*)<\/span>/)).1
      #expect(mark.isEmpty == isKnown, "\(zone): \(mark)")
    }
    await site.stop()
  }

  @Test func `Nobody can run a heartbeat, and its job reports to the public address`() async throws {
    let site = try await SiteFixture()
    let id = QualifiedName(namespace: "shop", name: "backup")
    let checker = Checker(id: id, schedule: Schedule(.everyMinutes(1440)), body: .heartbeat)
    _ = try await site.service.save(checker, replacing: nil, expectedVersion: nil, author: "ana")
    let visitor = Visitor(site)
    for path in ["/checkers/shop/backup", "/checkers", "/"] {
      let body = try await visitor.get(path).body
      #expect(body.contains("backup") && !body.contains("/checkers/shop/backup/run"), "\(path)")
    }
    try await site.access.address.set("https://checker.example.com")
    #expect(try await visitor.get("/checkers/shop/backup/heartbeat").body.contains("https://checker.example.com/ping/"))
    #expect(try await visitor.get("/settings/tokens").body.contains("https://checker.example.com/api/v1/checkers"))
    await site.stop()
  }

  @Test func `The example of the API names the port that is in use`() async throws {
    let site = try await SiteFixture()
    let body = try await Visitor(site).get("/settings/tokens").body
    #expect(body.contains("http://127.0.0.1:\(site.port)/api/v1/checkers") && !body.contains(":8080"))
    await site.stop()
  }
}
