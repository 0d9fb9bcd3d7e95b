import Domain
import Foundation

extension ConnectionTestStep {
  /// A step that failed to connect, with the fields of the form to look at.
  func naming(_ source: DataSource) -> Self {
    guard verdict == .failed, title == "Connect" || title == "Settings" else { return self }
    var step = self
    step.detail += " Look at: \(Self.fields(source.driver, detail))."
    return step
  }

  private static func fields(_ driver: Driver, _ detail: String) -> String {
    func says(_ words: String...) -> Bool { words.contains { detail.localizedCaseInsensitiveContains($0) } }
    if says("which is not set", "without its '}'", "a variable's name") {
      return "\(says("option '") ? "Options" : "Address"), and the environment of the service"
    }
    switch driver {
    case .sqlite, .duckdb: return says("option") ? "Options" : "the path in Address"
    case .adbc: return "'library' and 'entrypoint' under Options, and Address"
    case .postgresql:
      if says("option '") { return "Options" }
      if says("password", "authentication", "pg_hba", "role \"") { return "user and password in Address" }
      if says("database \"") { return "the database's name at the end of Address" }
      if says("ssl", "certificate") { return "sslmode and sslrootcert under Options" }
      return "host and port in Address"
    }
  }
}
