import Domain
import Foundation

/// A webhook action's settings, checked.
struct WebhookSettings: Sendable {
  var url: String
  /// Signs every request; empty leaves them unsigned.
  var secret: String
  var everyRun: Bool
  var includesRows: Bool
  /// Certificates to trust, a PEM file; empty takes the system's.
  var caFile: String
  /// For messages: scheme, host and port, as paths may hold tokens.
  var receiver: String
  var redaction: Redaction

  static let declared: [ChannelSetting] = [
    ChannelSetting(
      key: "url", label: "Address", help: "An http or https address that takes a POST request.", kind: .url,
      isRequired: true),
    ChannelSetting(
      key: "secret", label: "Secret", help: "Signs each request with HMAC-SHA256; ${NAME} keeps it out of the store.",
      kind: .secret),
    ChannelSetting(
      key: "every_run", label: "An event per run", help: "Also one event for every run that ends.", kind: .boolean,
      defaultValue: "false"),
    ChannelSetting(
      key: "include_rows", label: "Include failing rows", help: "Rows of your data leave with the event.",
      kind: .boolean, defaultValue: "false"),
    ChannelSetting(
      key: "ca_file", label: "Certificate authority", help: "A PEM file to trust in place of the system's."),
  ]

  init(_ settings: [String: String], environment: [String: String]) throws(ChannelSettingsError) {
    let reader = try SettingsReader(settings, declared: Self.declared, environment: environment)
    url = try reader.text("url")
    secret = try reader.text("secret")
    everyRun = try reader.boolean("every_run")
    includesRows = try reader.boolean("include_rows")
    caFile = try reader.text("ca_file")
    guard let parts = Self.parts(of: url), let host = parts.host else {
      throw ChannelSettingsError(
        key: "url", message: "the address is not valid. Write http:// or https://, a host and a path")
    }
    receiver = "\(parts.scheme ?? "")://\(host)\(parts.port.map { ":\($0)" } ?? "")"
    let hidden = [parts.path, parts.query ?? "", parts.user ?? "", parts.password ?? "", url, secret]
    redaction = Redaction(hidden + reader.variables(in: "url") + reader.variables(in: "secret"))
  }

  private static func parts(of url: String) -> URLComponents? {
    let isPlain = url.unicodeScalars.allSatisfy { $0.value > 0x20 && $0.value < 0x7F }
    guard isPlain, let parts = URLComponents(string: url), let host = parts.host, !host.isEmpty,
      ["http", "https"].contains(parts.scheme?.lowercased()), parts.port.map((1...65_535).contains) ?? true
    else { return nil }
    return parts
  }
}
