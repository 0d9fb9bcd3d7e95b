package import Domain
package import Foundation
import HTTPTypes

/// A token of the API, without the token itself.
package struct APIToken: Sendable, Hashable, Codable, Identifiable {
  /// The hash under which it is kept.
  package var id: String
  package var name: String
  package var createdAt: Date
}

extension AccessControl {
  /// Makes a token; the text that is returned is shown once and not kept.
  package func addToken(named name: String) async throws -> String {
    let name = name.trimmingCharacters(in: .whitespacesAndNewlines)
    guard !name.isEmpty, name.count <= 100 else {
      throw WebProblem(.unprocessableContent, "Name needed", "A token needs a name of 1 to 100 characters.")
    }
    let token = "mc_" + Secrets.token()
    try await keep(token, named: name)
    return token
  }

  /// The newest first.
  package func tokens() async throws(StoreError) -> [APIToken] {
    try await store.settings(prefix: Key.token).values.compactMap(Self.read).sorted { $0.createdAt > $1.createdAt }
  }

  package func deleteToken(_ id: String) async throws(StoreError) { try await store.set(Key.token + id, nil) }

  /// Takes `token` from programs, and no longer the one that was set this way before; `nil` takes none.
  ///
  /// For machines that are set up without a page. Throws `WebProblem` when it is short enough to be guessed.
  package func ensureToken(_ token: String?) async throws {
    let name = "CHECKER_API_TOKEN"
    let id = token.map(Secrets.digest)
    for known in try await tokens() where known.name == name && known.id != id { try await deleteToken(known.id) }
    guard let token, !token.isEmpty else { return }
    guard token.count >= Self.shortestToken else {
      throw WebProblem(
        .unprocessableContent, "Token too short",
        "A token has at least \(Self.shortestToken) characters; this one has \(token.count). "
          + "'openssl rand -hex 32' makes one.")
    }
    if try await self.token(token) == nil { try await keep(token, named: name) }
  }

  /// Of a token that somebody else made, in characters.
  package static let shortestToken = 20

  private func keep(_ token: String, named name: String) async throws {
    let known = APIToken(id: Secrets.digest(token), name: name, createdAt: now())
    let text = String(decoding: try JSONEncoder().encode(known), as: UTF8.self)
    try await store.set(Key.token + known.id, text)
  }

  func token(_ text: String) async throws(StoreError) -> APIToken? {
    try await store.setting(Key.token + Secrets.digest(text)).flatMap(Self.read)
  }

  private static func read(_ text: String) -> APIToken? {
    try? JSONDecoder().decode(APIToken.self, from: Data(text.utf8))
  }
}

/// Makes guessing a password slow: after three wrong tries from an address, each further one has to wait longer.
actor SignInThrottle {
  private var failures: [String: (count: Int, last: Date)] = [:]

  private static let freeTries = 3
  /// Longest wait, in seconds.
  private static let longestWait: Double = 60
  private static let mostAddresses = 1000

  /// Seconds until `address` may try again; 0 when it may now.
  func wait(_ address: String, at time: Date) -> Double {
    guard let known = failures[address], known.count >= Self.freeTries else { return 0 }
    let wait = min(Self.longestWait, pow(2, Double(min(known.count - Self.freeTries, 10))))
    return max(0, wait - time.timeIntervalSince(known.last))
  }

  func failed(_ address: String, at time: Date) {
    if failures.count >= Self.mostAddresses {
      failures = failures.filter { time.timeIntervalSince($0.value.last) < Self.longestWait }
      if failures.count >= Self.mostAddresses { failures = [:] }
    }
    failures[address] = ((failures[address]?.count ?? 0) + 1, time)
  }

  func succeeded(_ address: String) { failures[address] = nil }
}
