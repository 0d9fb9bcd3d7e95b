import Domain
import Foundation
import GRDB
import TestSupport
import Testing

@testable import Persistence

@Suite struct RoutingVersionTests {
  private func tree(_ action: String) -> RoutingTree { RoutingTree(routes: [.init(actions: [action])]) }

  @Test func everyTreeIsKeptOnceWithItsAuthor() async throws {
    let fixture = try StoreFixture()
    let store = fixture.store
    #expect(try await store.routingTree() == RoutingTree())
    try await store.save(RoutingTree(), expectedVersion: nil, author: "ana", at: after(0))
    #expect(try await store.routingVersions().isEmpty, "nothing is what it was")
    for (seconds, name) in ["pager", "pager", "chat"].enumerated() {
      try await store.save(tree(name), expectedVersion: nil, author: "ana \(seconds)", at: after(Double(seconds)))
    }
    #expect(try await store.routingVersions().map { "\($0.version) \($0.author)" } == ["2 ana 2", "1 ana 0"])
    #expect(try await store.routingTree() == tree("chat"))
    try await store.save(RoutingTree(), expectedVersion: nil, author: "bob", at: after(9))
    #expect(try await store.routingTree() == RoutingTree())
    #expect(try await store.routingVersions().first?.savedAt == after(9))
  }

  @Test func aTreeFromBeforeIsTheFirstVersion() async throws {
    let fixture = try StoreFixture()
    let text = try Document.encode(tree("pager"))
    try await fixture.store.write { database in
      try database.execute(
        sql: "DROP TABLE routing_version; DELETE FROM grdb_migrations WHERE identifier = '10 routing versions'")
      try database.execute(sql: "INSERT INTO setting (key, value) VALUES ('routing', ?)", arguments: [text])
    }
    let copy = try fixture.killedCopy()
    let store = try SQLiteStore(folder: copy.path)
    let versions = try await store.routingVersions()
    #expect(versions == [RoutingVersion(version: 1, tree: tree("pager"), author: "", savedAt: nil)])
    #expect(try await store.routingTree() == tree("pager"))
    #expect(try await store.setting("routing") == nil)
    withExtendedLifetime(copy) {}
  }
}
