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
