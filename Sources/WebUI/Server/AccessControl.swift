package import Domain
package import Foundation
import HTTPTypes

/// Who may use the service.
///
/// Without a password the service listens on loopback only and everybody there is the administrator. With one, people
/// sign in, and programs send an API token.
package struct AccessControl: Sendable {
  let store: any SettingsStore
  let now: @Sendable () -> Date
  /// Makes the tokens of forms; kept, so that a form that is open survives a restart.
  let formKey: String
  let throttle = SignInThrottle()
  /// Where people reach the service.
  package let address: PublicAddress
  /// What messages lead to.
  package let links: SignedLinks

  /// How long a session lasts, in seconds: 30 days.
  package static let sessionSeconds: Double = 30 * 86400
  /// Shortest password, in characters.
  package static let shortestPassword = 8

  enum Key {
    static let password = "web.password"
    static let formKey = "web.form-key"
    static let session = "web.session."
    static let token = "web.token."
  }

  package init(
    store: any SettingsStore, now: @escaping @Sendable () -> Date = { Date() }
  ) async throws(StoreError) {
    self.store = store
    self.now = now
    address = try await PublicAddress(store: store)
    links = try await SignedLinks(store: store, address: address, now: now)
    if let known = try await store.setting(Key.formKey) {
      formKey = known
    } else {
      formKey = Secrets.token()
      try await store.set(Key.formKey, formKey)
    }
  }

  // MARK: Password

  package func hasPassword() async throws(StoreError) -> Bool { try await store.setting(Key.password) != nil }

  /// Signs everybody out; API tokens stay. Throws `WebProblem` when the password is too short.
  package func setPassword(_ password: String) async throws {
    guard password.count >= Self.shortestPassword else {
      throw WebProblem(
        .unprocessableContent, "Password too short",
        "A password has at least \(Self.shortestPassword) characters; this one has \(password.count).")
    }
    guard let hash = await Secrets.passwordHash(password) else {
      throw WebProblem(.serviceUnavailable, "Not enough memory", "Hashing a password takes 64 MiB of memory.")
    }
    try await store.set(Key.password, hash)
    for key in try await store.settings(prefix: Key.session).keys { try await store.set(key, nil) }
  }

  /// Sets the password unless it is the one in force already, so that a restart signs nobody out.
  package func ensurePassword(_ password: String) async throws {
    if try await isPassword(password) { return }
    try await setPassword(password)
  }

  package func isPassword(_ password: String) async throws(StoreError) -> Bool {
    guard let hash = try await store.setting(Key.password) else { return false }
    return await Secrets.password(password, fits: hash)
  }

  /// Why the service must not listen there, or `nil`.
  package func problem(listeningOn settings: WebServerSettings) async throws(WebServerError) -> String? {
    if settings.isLoopback { return nil }
    do {
      if try await hasPassword() { return nil }
    } catch {
      throw .stopped("the store cannot be read: \(error)")
    }
    return """
      \(settings.host) can be reached from other machines, and no administrator password is set.
      Set one with the environment variable CHECKER_ADMIN_PASSWORD (at least \(Self.shortestPassword) characters), \
      or in Settings of the page while the service listens on 127.0.0.1.
      """
  }

  // MARK: Sessions

  /// A new session's token, for the cookie.
  func openSession() async throws(StoreError) -> String {
    let token = Secrets.token()
    try await dropEndedSessions()
    let end = now().addingTimeInterval(Self.sessionSeconds)
    try await store.set(Key.session + Secrets.digest(token), "\(end.timeIntervalSince1970)")
    return token
  }

  func isSession(_ token: String) async throws(StoreError) -> Bool {
    guard let end = try await store.setting(Key.session + Secrets.digest(token)).flatMap(Double.init) else {
      return false
    }
    return now().timeIntervalSince1970 < end
  }

  func closeSession(_ token: String) async throws(StoreError) {
    try await store.set(Key.session + Secrets.digest(token), nil)
  }

  private func dropEndedSessions() async throws(StoreError) {
    let time = now().timeIntervalSince1970
    for (key, end) in try await store.settings(prefix: Key.session) where (Double(end) ?? 0) <= time {
      try await store.set(key, nil)
    }
  }

  // MARK: Forms

  /// What a form must send back for the browser that holds `cookie`.
  func formToken(for cookie: String) -> String { Secrets.keyed(cookie, key: formKey) }
}
