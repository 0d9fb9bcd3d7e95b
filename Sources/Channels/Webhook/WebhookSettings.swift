import Domain

/// A webhook action's settings, checked.
struct WebhookSettings: Sendable {
  /// Signs every request; empty leaves them unsigned.
  var secret: String
  var everyRun: Bool
  /// Of what the template makes.
  var contentType: String
  var hasTemplate: Bool
  var headers: HTTPReceiver.Headers

  static let template = TemplateSlot(
    key: "template", label: "Body",
    help: "Mustache, see docs/templates.md; empty: the event as CloudEvents writes it.", defaultText: "{{{json}}}",
    escaping: .json)

  static let declared: [ChannelSetting] =
    [
      ChannelSetting(
        key: "url", label: "Address", help: "An http or https address that takes a POST request.", kind: .url,
        isRequired: true),
      ChannelSetting(
        key: "secret", label: "Secret", help: "Signs each request with HMAC-SHA256; ${NAME} keeps it out of the store.",
        kind: .secret),
      ChannelSetting(
        key: "headers", label: "More headers",
        help: "One a line: Authorization: Bearer ${TOKEN}. Secrets must be ${NAME}, as this is shown.", kind: .lines),
      template.setting,
      ChannelSetting(
        key: "content_type", label: "Content type", help: "Of a body that a template makes.",
        defaultValue: "application/json"),
      ChannelSetting(
        key: "every_run", label: "An event per run", help: "Also one event for every run that ends.", kind: .boolean,
        defaultValue: "false"),
    ] + CommonSettings.declared(perMinute: 0)

  init(_ reader: SettingsReader) throws(ChannelSettingsError) {
    secret = try reader.text("secret")
    everyRun = try reader.boolean("every_run")
    contentType = try reader.text("content_type")
    guard HeaderLines.isValue(contentType) else {
      throw ChannelSettingsError(key: "content_type", message: "'content_type' is as in application/json")
    }
    hasTemplate = !reader.raw("template").isEmpty
    headers = try HeaderLines.read(
      reader.raw("headers"), fill: { (text) throws(ChannelSettingsError) in try reader.filled(text, key: "headers") })
  }

  /// Bodies of templates that are to be JSON are checked to be.
  var isJSON: Bool {
    let type = contentType.lowercased().split(separator: ";").first.map { String($0).trimmingASCIISpace } ?? ""
    return type.hasSuffix("/json") || type.hasSuffix("+json")
  }
}

/// Headers as a user writes them: one a line, a name, a colon, a value.
enum HeaderLines {
  private static let own = [
    "content-type", "content-length", "transfer-encoding", "connection", "host", "expect", "x-malleable-event-id",
    "x-malleable-timestamp", "x-malleable-signature", "x-malleable-template-problem",
  ]
  private static let secretParts = ["authorization", "cookie", "token", "secret", "password", "key"]

  /// Throws for a line that is no header, for one that is sent anyway, and for a secret that stands there openly.
  static func read(
    _ text: String, fill: (String) throws(ChannelSettingsError) -> String
  ) throws(ChannelSettingsError) -> HTTPReceiver.Headers {
    var headers: HTTPReceiver.Headers = []
    for line in text.split(whereSeparator: \.isNewline).map({ String($0).trimmingASCIISpace }) where !line.isEmpty {
      let parts = line.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
      let name = String(parts[0]).trimmingASCIISpace
      guard parts.count == 2, !name.isEmpty, name.unicodeScalars.allSatisfy(isTokenPart) else {
        throw problem("each line of 'headers' is a name, a colon and a value")
      }
      let lower = name.lowercased()
      if own.contains(lower) { throw problem("the header '\(name)' is set already: leave it out") }
      let written = String(parts[1]).trimmingASCIISpace
      if secretParts.contains(where: lower.contains), !written.contains("${") {
        throw problem("the header '\(name)' is secret: write its value as ${NAME}, a variable of the environment")
      }
      let value = try fill(written)
      guard isValue(value) else { throw problem("the value of '\(name)' is empty or has control characters") }
      headers.append((name: name, value: value))
    }
    return headers
  }

  static func isValue(_ text: String) -> Bool {
    !text.isEmpty && text.utf8.allSatisfy { $0 >= 0x20 && $0 != 0x7F }
  }

  /// RFC 9110, 5.6.2
  private static func isTokenPart(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar {
    case "a"..."z", "A"..."Z", "0"..."9": true
    default: "!#$%&'*+-.^_`|~".unicodeScalars.contains(scalar)
    }
  }

  private static func problem(_ text: String) -> ChannelSettingsError {
    ChannelSettingsError(key: "headers", message: text)
  }
}
