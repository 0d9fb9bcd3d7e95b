package import Foundation

/// A routing tree as somebody saved it.
package struct RoutingVersion: Hashable, Sendable {
  /// From 1, without gaps.
  package var version: Int
  package var tree: RoutingTree
  package var author: String
  /// `nil` for the one that was there before versions were kept.
  package var savedAt: Date?

  package init(version: Int, tree: RoutingTree, author: String, savedAt: Date?) {
    self.version = version
    self.tree = tree
    self.author = author
    self.savedAt = savedAt
  }
}

/// The routing tree and what it was before.
package protocol RoutingStore: Sendable {
  /// Without routes where nobody saved one.
  func routingTree() async throws(StoreError) -> RoutingTree
  /// Keeps it as the newest version, unless it is the same as that. `expectedVersion`, 0 for none yet, guards against
  /// overwriting someone else's edit.
  func save(_ tree: RoutingTree, expectedVersion: Int?, author: String, at time: Date) async throws(StoreError)
  /// The newest first.
  func routingVersions() async throws(StoreError) -> [RoutingVersion]
}
