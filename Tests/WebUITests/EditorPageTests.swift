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
