package import Domain
import Foundation
import Synchronization

/// Where people reach the service, as messages name it: `https://checker.example.com`. Kept in the store.
package final class PublicAddress: Sendable {
  private let current: Mutex<String?>
  private let store: any SettingsStore
  private static let key = "web.public-url"

  package init(store: any SettingsStore) async throws(StoreError) {
    self.store = store
    current = Mutex(try await store.setting(Self.key))
  }

  /// `nil` while nobody has said it. Without a slash at its end.
  package var base: String? { current.withLock { $0 } }

  /// The name in requests that come through it.
  var host: String? { base.flatMap { URLComponents(string: $0)?.host?.lowercased() } }

  /// Takes an address, or none. Throws `WebProblem` with what to mend.
  package func set(_ text: String) async throws {
    var address = text.trimmingCharacters(in: .whitespacesAndNewlines)
    while address.hasSuffix("/") { address.removeLast() }
    if let problem = Self.problem(with: address) { throw WebProblem.field("public_url", problem) }
    let value = address.isEmpty ? nil : address
    try await store.set(Self.key, value)
    current.withLock { $0 = value }
  }

  private static func problem(with address: String) -> String? {
    if address.isEmpty { return nil }
    let example = "write one such as https://checker.example.com"
    guard address.utf8.count <= 500, let parts = URLComponents(string: address) else {
      return "this is no address; \(example)"
    }
    guard let scheme = parts.scheme?.lowercased(), ["http", "https"].contains(scheme) else {
      return "the address begins with http:// or https://; \(example)"
    }
    guard let host = parts.host, !host.isEmpty else { return "the address has no host; \(example)" }
    if parts.user != nil || parts.password != nil { return "no user and no password stand in the address; \(example)" }
    if parts.query != nil || parts.fragment != nil { return "nothing stands after '?' or '#'; \(example)" }
    if !parts.path.isEmpty { return "the pages lie at the root of a host, not below '\(parts.path)'; \(example)" }
    return nil
  }
}
