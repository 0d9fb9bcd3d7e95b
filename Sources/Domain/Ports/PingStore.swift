package import Foundation

/// The secret addresses that jobs elsewhere report to.
package protocol PingStore: Sendable {
  /// `nil` for a checker that waits for no pings.
  func pingToken(of id: QualifiedName) async throws(StoreError) -> String?
  /// The old address answers no more.
  func setPingToken(_ token: String, of id: QualifiedName) async throws(StoreError)
  /// Whose token it is, and when its job said that it had begun; `nil` when nobody waits for it.
  func checker(pingToken token: String) async throws(StoreError) -> (stored: StoredChecker, startedAt: Date?)?
  /// A job says that it has begun: its end is expected from then on.
  func noteStart(of id: QualifiedName, at time: Date) async throws(StoreError)
}
