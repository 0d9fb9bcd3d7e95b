package import Domain
package import Foundation
import GRDB

extension SQLiteStore {
  package func routingTree() async throws(StoreError) -> RoutingTree {
    try await read { database in try RoutingVersions(database).newest()?.tree ?? RoutingTree() }
  }

  package func save(
    _ tree: RoutingTree, expectedVersion: Int?, author: String, at time: Date
  ) async throws(StoreError) {
    try await write { database in
      let versions = RoutingVersions(database)
      if let expectedVersion { try Self.require(expectedVersion, try versions.newest()?.version ?? 0, "routing") }
      try versions.add(tree, author: author, at: time)
    }
  }

  package func routingVersions() async throws(StoreError) -> [RoutingVersion] {
    try await read { database in try RoutingVersions(database).all() }
  }
}

/// Every routing tree that somebody saved.
struct RoutingVersions {
  private let database: Database

  init(_ database: Database) { self.database = database }

  func newest() throws -> RoutingVersion? { try versions(limit: 1).first }

  func all() throws -> [RoutingVersion] { try versions(limit: -1) }

  func add(_ tree: RoutingTree, author: String, at time: Date) throws {
    let last = try newest()
    if tree == last?.tree ?? RoutingTree() { return }
    try database.execute(
      sql: "INSERT INTO routing_version (version, author, saved_at, document) VALUES (?, ?, ?, ?)",
      arguments: [(last?.version ?? 0) + 1, author.withoutNul, time.stored, try Document.encode(tree)])
  }

  private func versions(limit: Int) throws -> [RoutingVersion] {
    try Row.fetchAll(
      database,
      sql: "SELECT version, author, saved_at, document FROM routing_version ORDER BY version DESC LIMIT ?",
      arguments: [limit]
    ).map {
      RoutingVersion(
        version: $0[0], tree: try Document.decode(RoutingTree.self, from: $0[3]), author: $0[1],
        savedAt: $0.optionalDate(2))
    }
  }
}
