import Domain
import Foundation

/// An email action's settings, checked.
struct EmailSettings: Sendable {
  enum StartTLS: String, CaseIterable { case required, optional, none }

  var server: MailServer
  var from: MailAddress
  var to: [MailAddress]
  var cc: [MailAddress]
  var redaction: Redaction

  static let declared: [ChannelSetting] =
    [
      ChannelSetting(
        key: "url", label: "Mail server",
        help: "smtp://mail.example.com:587, or smtps:// for a server that speaks TLS from the start.", kind: .url,
        isRequired: true),
      ChannelSetting(
        key: "starttls", label: "Encryption by STARTTLS",
        help: "For smtp://: required; optional takes what the server offers; none for a relay on this machine.",
        kind: .choice(StartTLS.allCases.map(\.rawValue)), defaultValue: StartTLS.required.rawValue),
      ChannelSetting(key: "user", label: "User", help: "Where the server asks for one."),
      ChannelSetting(key: "password", label: "Password", help: "${NAME} keeps it out of the store.", kind: .secret),
      ChannelSetting(
        key: "from", label: "From", help: "As in Checker <checker@example.com>.", isRequired: true),
      ChannelSetting(key: "to", label: "To", help: "Addresses with commas between them.", isRequired: true),
      ChannelSetting(key: "cc", label: "Copies to", help: "Addresses with commas between them."),
    ] + EmailChannel.templates.map(\.setting) + CommonSettings.declared(perMinute: 60)

  init(_ reader: SettingsReader) throws(ChannelSettingsError) {
    let choice = try reader.choice("starttls", of: StartTLS.allCases.map(\.rawValue))
    server = try MailServer(
      url: try reader.text("url"), startTLS: StartTLS(rawValue: choice) ?? .required, user: try reader.text("user"),
      password: try reader.text("password"), caFile: try reader.text("ca_file"))
    guard let from = MailAddress(try reader.text("from")) else {
      throw ChannelSettingsError(key: "from", message: "'from' is an address: checker@example.com")
    }
    self.from = from
    to = try Self.addresses("to", reader)
    cc = try Self.addresses("cc", reader)
    redaction = Redaction([server.password] + reader.variables(in: "password") + reader.variables(in: "user"))
  }

  private static func addresses(_ key: String, _ reader: SettingsReader) throws(ChannelSettingsError) -> [MailAddress] {
    let words = Self.split(try reader.text(key)).map(\.trimmingASCIISpace).filter { !$0.isEmpty }
    guard words.count <= 100 else {
      throw ChannelSettingsError(key: key, message: "'\(key)' has at most 100 addresses")
    }
    var addresses: [MailAddress] = []
    for word in words {
      guard let address = MailAddress(word) else {
        let shown = TextLimit.cut(TextLimit.oneLine(word), utf16: 100)
        throw ChannelSettingsError(key: key, message: "'\(shown)' is no address. Write ana@example.com, bo@example.com")
      }
      addresses.append(address)
    }
    return addresses
  }

  /// At commas, semicolons and line breaks outside of quotes.
  private static func split(_ text: String) -> [String] {
    var words = [""]
    var isQuoted = false
    for character in text {
      if character == "\"" { isQuoted.toggle() }
      if !isQuoted, character == "," || character == ";" || character.isNewline {
        words.append("")
      } else {
        words[words.count - 1].append(character)
      }
    }
    return words
  }
}

/// Where mail goes in, and who we are there.
struct MailServer: Sendable {
  /// As curl takes it: scheme, host and port.
  var url: String
  /// For messages: host and port.
  var name: String
  var startTLS: EmailSettings.StartTLS
  var user: String
  var password: String
  var caFile: String

  init(
    url: String, startTLS: EmailSettings.StartTLS, user: String, password: String, caFile: String
  ) throws(ChannelSettingsError) {
    let isPlain = url.unicodeScalars.allSatisfy { $0.value > 0x20 && $0.value < 0x7F }
    guard isPlain, let parts = URLComponents(string: url), let host = parts.host, !host.isEmpty,
      let scheme = parts.scheme?.lowercased(), ["smtp", "smtps"].contains(scheme), parts.user == nil,
      ["", "/"].contains(parts.path), parts.query == nil, parts.port.map((1...65_535).contains) ?? true
    else {
      throw ChannelSettingsError(
        key: "url", message: "the address is smtp:// or smtps:// and a host, as in smtp://mail.example.com:587")
    }
    let port = parts.port ?? (scheme == "smtps" ? 465 : 587)
    self.url = "\(scheme)://\(host):\(port)"
    name = "\(host):\(port)"
    self.startTLS = scheme == "smtps" ? .none : startTLS
    self.user = user
    self.password = password
    self.caFile = caFile
    for (key, value) in [("user", user), ("password", password)] where value.utf8.contains(where: { $0 < 0x20 }) {
      throw ChannelSettingsError(key: key, message: "'\(key)' holds a control character")
    }
    if !password.isEmpty, user.isEmpty {
      throw ChannelSettingsError(key: "user", message: "'user' is needed where there is a password")
    }
    if scheme == "smtp", startTLS == .optional, !password.isEmpty {
      throw ChannelSettingsError(
        key: "starttls",
        message: "with a password, 'starttls' is required: anybody on the way could strip an optional one")
    }
  }
}
