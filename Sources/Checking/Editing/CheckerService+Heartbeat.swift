import Domain
import Foundation

extension CheckerService {
  /// Where the heartbeat's address is kept among the settings.
  private static let heartbeatSetting = "heartbeat.url"

  /// The address that is told once a minute that the scheduler is alive; `nil`: nobody listens.
  package func heartbeatURL() async throws(ServiceError) -> String? {
    try await reading { () async throws(StoreError) in try await store.setting(Self.heartbeatSetting) }
  }

  /// Empty takes it off.
  package func setHeartbeatURL(_ text: String) async throws(ServiceError) {
    let url = text.filter { !$0.isWhitespace }
    if !url.isEmpty, let problem = Self.problem(withHeartbeat: url) {
      throw .invalid([FieldProblem(field: "url", message: problem)])
    }
    try await reading { () async throws(StoreError) in
      try await store.set(Self.heartbeatSetting, url.isEmpty ? nil : url)
    }
  }

  /// `nil` when nothing is wrong with it. A whole address may come from the environment.
  package static func problem(withHeartbeat url: String) -> String? {
    if url.wholeMatch(of: /\$\{[A-Za-z_][A-Za-z0-9_]*\}/) != nil { return nil }
    let plain = url.replacing(/\$\{[A-Za-z_][A-Za-z0-9_]*\}/, with: "x")
    guard let parts = URLComponents(string: plain), let host = parts.host, !host.isEmpty,
      ["http", "https"].contains(parts.scheme?.lowercased() ?? ""), url.utf8.count <= 2000
    else { return "write http:// or https://, a host and a path, or ${NAME} for a variable that holds all of it" }
    return nil
  }
}
