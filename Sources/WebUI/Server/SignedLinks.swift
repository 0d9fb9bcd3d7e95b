import Checking
package import Domain
import Foundation
import Synchronization

/// Addresses in messages that let a person acknowledge or snooze an alarm without signing in.
///
/// Each is good for one alarm, from its opening until it is resolved, and for seven days. HMAC-SHA-256 under a secret
/// of the store's says that we made it.
package final class SignedLinks: Sendable {
  enum Deed: String, Sendable { case acknowledge, snooze }

  struct Order: Sendable, Hashable {
    var deed: Deed
    var checker: QualifiedName
    /// The digest of the row, of an alarm of one row.
    var row: String?
    /// When what was open began, in whole seconds.
    var openedAt: Int
    /// In seconds since 1970.
    var expires: Int
  }

  enum Refusal: Error { case notOurs, expired }

  static let path = "/act"
  private static let lifetime = 7 * 86_400
  private static let key = "web.link-key"

  private let secret: Mutex<String>
  private let store: any SettingsStore
  private let address: PublicAddress
  private let now: @Sendable () -> Date

  init(store: any SettingsStore, address: PublicAddress, now: @escaping @Sendable () -> Date) async throws(StoreError) {
    self.store = store
    self.address = address
    self.now = now
    if let known = try await store.setting(Self.key) {
      secret = Mutex(known)
    } else {
      let made = Secrets.token()
      try await store.set(Self.key, made)
      secret = Mutex(made)
    }
  }

  /// Every link that was sent so far opens nothing any more.
  func renew() async throws(StoreError) {
    let made = Secrets.token()
    try await store.set(Self.key, made)
    secret.withLock { $0 = made }
  }

  /// What a message about an alarm leads to; `nil` where the service does not know its own address.
  package func links(for stored: StoredChecker, row: RowKey? = nil) -> EventLinks? {
    guard let base = address.base else { return nil }
    let checker = base + Link.checker(stored.checker.id)
    guard let trouble = stored.alarm.memory.trouble else {
      return EventLinks(checker: checker, acknowledge: "", snooze: "")
    }
    func link(_ deed: Deed) -> String {
      let order = Order(
        deed: deed, checker: stored.checker.id, row: row?.digest, openedAt: Self.seconds(trouble.openedAt),
        expires: Self.seconds(now()) + Self.lifetime)
      return Link.query(base + Self.path, [("t", token(order))])
    }
    return EventLinks(checker: checker, acknowledge: link(.acknowledge), snooze: link(.snooze))
  }

  static func seconds(_ time: Date) -> Int { Int(time.timeIntervalSince1970.rounded(.down)) }

  private func token(_ order: Order) -> String {
    let text =
      "\(order.deed.rawValue):\(order.checker):\(order.openedAt):\(order.expires)" + (order.row.map { ":\($0)" } ?? "")
    return Secrets.base64url(Array(text.utf8)) + "." + signature(text)
  }

  private func signature(_ text: String) -> String {
    Secrets.authentication(of: "link:" + text, key: secret.withLock { $0 })
  }

  /// What a link asks for.
  func order(_ token: String) throws(Refusal) -> Order {
    let halves = token.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
    guard halves.count == 2, let bytes = Secrets.bytes(base64url: halves[0]),
      let text = String(validating: bytes, as: UTF8.self), Secrets.areEqual(signature(text), halves[1])
    else { throw .notOurs }
    let parts = text.split(separator: ":").map(String.init)
    guard parts.count == 4 || parts.count == 5, let deed = Deed(rawValue: parts[0]), let openedAt = Int(parts[2]),
      let expires = Int(parts[3])
    else { throw .notOurs }
    if expires <= Self.seconds(now()) { throw .expired }
    return Order(
      deed: deed, checker: QualifiedName(parts[1], defaultNamespace: "default"),
      row: parts.count == 5 ? parts[4] : nil, openedAt: openedAt, expires: expires)
  }
}
