package import Domain

/// Publishes to a topic of ntfy, a push service that one can run oneself.
///
/// Format and limits: docs.ntfy.sh/publish, "Publish as JSON": 4,096 bytes of message.
package struct NtfyChannel: PostingChannel {
  package static let key = "ntfy"
  package static let title = "ntfy"
  package static let tellsOfGroups = true
  static let templates: [TemplateSlot] = [
    .title("{{heading}}: {{checker}}{{#row}} ({{row}}){{/row}}{{#others}} and {{others}} more{{/others}}"),
    .body(TemplateSlot.defaultText, .plain),
  ]
  package static let settings: [ChannelSetting] =
    [
      ChannelSetting(
        key: "topic", label: "Topic", help: "Anybody who knows a topic of a public server can read it.",
        isRequired: true),
      ChannelSetting(
        key: "token", label: "Access token", help: "For a topic that is protected; ${NAME} keeps it out of the store.",
        kind: .secret),
      ChannelSetting(
        key: "url", label: "Server", help: "https://ntfy.sh, or one of your own.", kind: .url,
        defaultValue: "https://ntfy.sh"),
    ] + templates.map(\.setting) + CommonSettings.declared(perMinute: 12)

  let outlet: Outlet
  private let topic: String
  private let token: String

  init(_ setup: ChannelSetup) throws(ChannelSettingsError) {
    let reader = try setup.reader(Self.settings)
    token = try reader.token("token")
    topic = try reader.token("topic")
    guard topic.utf8.count <= 64, topic.allSatisfy({ $0.isLetter || $0.isNumber || "-_".contains($0) }) else {
      throw ChannelSettingsError(key: "topic", message: "'topic' has at most 64 letters, digits, '-' and '_'")
    }
    outlet = try Outlet(setup, reader, Self.templates, secrets: [token])
  }

  func postings(for event: Event) -> [Posting] {
    let message = message(for: event)
    let note = message.note.isEmpty ? "" : "\n\n" + TextLimit.cut(message.note, utf8: 500)
    var members: [String: JSON] = [
      "topic": .string(topic), "title": .string(TextLimit.cut(message.title, utf8: 250)),
      "message": .string(TextLimit.cut(message.text, utf8: 4000 - note.utf8.count) + note),
      "priority": .integer(Self.priority(event, message.situation)),
      "tags": .array([.string(Self.tag(message.situation))]),
    ]
    if let link = message.links.first { members["click"] = .string(link.url) }
    if !message.links.isEmpty {
      members["actions"] = .array(
        message.links.prefix(3).map { label, url in
          .object(["action": .string("view"), "label": .string(label), "url": .string(url)])
        })
    }
    let login = token.isEmpty ? [] : [(name: "Authorization", value: "Bearer \(token)")]
    return [Posting(outlet.address.url, .object(members), headers: login)]
  }

  /// 1 to 5; 3 is usual, 5 rings until somebody looks.
  private static func priority(_ event: Event, _ situation: Situation) -> Int {
    guard situation.isFiring else { return 3 }
    if situation.kind == .trouble || situation.isWarning { return 4 }
    return switch event.severity {
    case .critical: 5
    case .warning: 4
    case .info: 3
    }
  }

  /// ntfy turns these into pictures.
  private static func tag(_ situation: Situation) -> String {
    switch situation.kind {
    case .problem: situation.isWarning ? "warning" : "red_circle"
    case .trouble: "purple_circle"
    case .resolved: "green_circle"
    case .acknowledged: "large_blue_circle"
    case .ending: "hourglass_flowing_sand"
    case .finished, .test: "white_circle"
    }
  }
}
