import Checking
import Domain
import Foundation
import Persistence
import TestSupport
import Testing
import WebUI

@Suite struct DatasetPageTests {
  private static func fields(_ name: String, _ sql: String, do command: String = "save") -> [(String, String)] {
    [("name", name), ("namespace", "ops"), ("data_source", "shop"), ("sql", sql), ("do", command)]
  }

  @Test(arguments: ["DROP TABLE users", "SELECT nothing FROM nowhere", "SELECT\n  FROM"])
  func `A query that can never run is not saved without a word`(_ sql: String) async throws {
    let site = try await SiteFixture()
    try await site.addShop()
    let visitor = Visitor(site)
    let id = QualifiedName(namespace: "ops", name: "bad")
    let answer = try await visitor.post("/datasets/new", Self.fields("bad", sql), from: "/datasets/new")
    #expect(answer.status == 422 && answer.body.contains("Not saved. The query cannot run."))
    #expect(answer.body.contains("The query did not run") && answer.body.contains("Save anyway"))
    #expect(try await site.store.dataset(id) == nil)
    let forced = Self.fields("bad", sql, do: "save-anyway")
    #expect(try await visitor.post("/datasets/new", forced, from: "/datasets/new").status == 303)
    #expect(try await site.store.dataset(id)?.sql == sql)
    await site.stop()
  }

  @Test func `A database that is down keeps nobody from saving, and the notice says so`() async throws {
    let site = try await SiteFixture()
    let gone = DataSource(name: "shop", driver: .sqlite, uri: site.folder.path + "/gone.db")
    try await site.service.save(gone, replacing: nil)
    let visitor = Visitor(site)
    let answer = try await visitor.post("/datasets/new", Self.fields("users", "SELECT 1"), from: "/datasets/new")
    #expect(answer.status == 303)
    let page = try await visitor.get("/datasets/ops/users")
    #expect(page.body.contains("Its query could not be tried"))
    await site.stop()
  }

  /// What the form on a page says it was made from.
  private func read(_ body: String) throws -> (String, String) {
    ("read", String(try #require(body.firstMatch(of: /name="read" value="([^"]*)"/)).1))
  }

  @Test func `Of two tabs on a dataset the second is told before it writes over the first`() async throws {
    let site = try await SiteFixture()
    try await site.addShop()
    let visitor = Visitor(site)
    let (id, path) = (QualifiedName(namespace: "shop", name: "users"), "/datasets/shop/users")
    func fields(_ sql: String) -> [(String, String)] {
      [("name", "users"), ("namespace", "shop"), ("data_source", "shop"), ("sql", sql), ("do", "save")]
    }
    let opened = try read(try await visitor.get(path).body)
    #expect(try await visitor.post(path, fields("SELECT 1 AS a") + [opened], from: path).status == 303)
    let second = try await visitor.post(path, fields("SELECT 2 AS a") + [opened], from: path)
    #expect(second.status == 409 && second.body.contains("The dataset was saved by somebody else"), "\(second.body)")
    #expect(second.body.contains("SELECT 2 AS a"))
    #expect(try await site.store.dataset(id)?.sql == "SELECT 1 AS a")
    let again = try read(second.body)
    #expect(try await visitor.post(path, fields("SELECT 2 AS a") + [again], from: path).status == 303)
    #expect(try await site.store.dataset(id)?.sql == "SELECT 2 AS a")
    await site.stop()
  }

  @Test func `Of two tabs on a data source the second is told before it writes over the first`() async throws {
    let site = try await SiteFixture()
    try await site.service.save(
      DataSource(name: "shop", driver: .postgresql, uri: "postgresql://ro:secret@127.0.0.1:1/shop"), replacing: nil)
    let visitor = Visitor(site)
    let path = "/data-sources/shop"
    let page = try await visitor.get(path).body
    let uri = String(try #require(page.firstMatch(of: /name="uri"[^>]*value="([^"]*)"/)).1)
    func fields(_ timeout: String) -> [(String, String)] {
      [
        ("name", "shop"), ("original", "shop"), ("driver", "postgresql"), ("uri", uri), ("timeout", timeout),
        ("max_rows", "100"), ("max_connections", "4"), ("do", "save"),
      ]
    }
    let opened = try read(page)
    #expect(try await visitor.post(path, fields("5") + [opened], from: path).status == 303)
    let second = try await visitor.post(path, fields("7") + [opened], from: path)
    #expect(second.status == 409 && second.body.contains("The data source was saved by somebody else"))
    #expect(try await site.store.dataSource("shop")?.limits.timeoutSeconds == 5)
    let again = try read(second.body)
    #expect(try await visitor.post(path, fields("7") + [again], from: path).status == 303)
    let stored = try await site.store.dataSource("shop")
    #expect(stored?.limits.timeoutSeconds == 7 && stored?.uri == "postgresql://ro:secret@127.0.0.1:1/shop")
    await site.stop()
  }

  @Test func `What is not shown of a preview is counted, and two quotes are the empty text`() async throws {
    let site = try await SiteFixture()
    try await site.addShop()
    let visitor = Visitor(site)
    let rules = (0..<8).flatMap { index in
      [
        ("rules[\(index)].check", "row_count"), ("rules[\(index)].dataset", "users"),
        ("rules[\(index)].threshold", "must_be"), ("rules[\(index)].low", "\(index + 10)"),
      ]
    }
    let common = [("kind", "rules"), ("name", "a"), ("namespace", "shop"), ("rhythm", "none")]
    let new = "/checkers/new?ns=shop"
    let preview = try await visitor.post("/checkers/preview", common + rules, from: new).body
    #expect(preview.contains("8 of 8 rules fail.") && preview.contains("and 3 more: rules 6, 7, 8"), "\(preview)")
    let few = try await visitor.post("/checkers/preview", common + rules.prefix(4), from: new).body
    #expect(!few.contains(" more: rule"))
    for (typed, value) in [("''", ""), ("\"\"", ""), ("\"''\"", "''"), ("n/a", "n/a")] {
      let missing = [
        ("rules[0].check", "missing"), ("rules[0].dataset", "users"), ("rules[0].p.column", "email"),
        ("rules[0].p.values", typed),
      ]
      let page = try await visitor.post("/checkers/new", common + missing + [("name", "a")], from: new)
      #expect(page.status == 303, "\(page.body)")
      let id = QualifiedName(namespace: "shop", name: "a")
      let rule = try #require(try await site.store.checker(id)?.checker.body.rules.first)
      #expect(rule.parameters["values"] == .list([.text(value)]), "\(typed)")
      try await site.service.deleteChecker(id)
    }
    await site.stop()
  }

  @Test func `New things begin in the namespace one comes from, or was in last`() async throws {
    let site = try await SiteFixture()
    try await site.addShop()
    let visitor = Visitor(site)
    func namespace(_ path: String) async throws -> String? {
      let body = try await visitor.get(path).body
      let field = try #require(body.firstMatch(of: /<input[^>]*name="namespace"[^>]*>/)).0
      return field.firstMatch(of: /value="([^"]*)"/).map { String($0.1) }
    }
    for path in ["/datasets/new", "/checkers/new", "/heartbeats/new"] {
      #expect(try await namespace(path) == "default", "\(path)")
      #expect(try await namespace(path + "?ns=team") == "team", "\(path)")
    }
    #expect(try await namespace("/checkers/new?dataset=shop/users") == "shop")
    #expect(try await visitor.get("/checkers?ns=shop").body.contains("/checkers/new?ns=shop"))
    _ = try await visitor.post("/datasets/new", Self.fields("one", "SELECT 1"), from: "/datasets/new")
    for path in ["/datasets/new", "/checkers/new", "/heartbeats/new"] {
      #expect(try await namespace(path) == "ops", "\(path)")
    }
    await site.stop()
  }
}
