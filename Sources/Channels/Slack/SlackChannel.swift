package import Domain

/// Posts to a Slack incoming webhook.
///
/// Format and limits: docs.slack.dev, "Sending messages using incoming webhooks" and "Block Kit".
package struct SlackChannel: PostingChannel {
  package static let key = "slack"
  package static let title = "Slack"
  package static let tellsOfGroups = true
  static let templates: [TemplateSlot] = [.title(), .body(defaultText, .slack)]
  package static let settings: [ChannelSetting] =
    [
      ChannelSetting(
        key: "url", label: "Webhook address",
        help: "From Slack: https://hooks.slack.com/services/... Anybody who knows it can post: keep it in ${NAME}.",
        kind: .secret, isRequired: true)
    ] + templates.map(\.setting) + CommonSettings.declared(perMinute: 60)

  private static let defaultText = """
    {{message}}
    {{#is_resolved}}
    It lasted {{duration}}.
    {{/is_resolved}}
    {{#rows}}
    • {{row}}
    {{/rows}}
    {{#more_rows}}
    and {{more_rows}} more rows
    {{/more_rows}}
    """ + TemplateSlot.alarmList

  let outlet: Outlet

  init(_ setup: ChannelSetup) throws(ChannelSettingsError) {
    var outlet = try Outlet(setup, try setup.reader(Self.settings), Self.templates)
    outlet.receiver.advice = Self.advice
    self.outlet = outlet
  }

  func postings(for event: Event) -> [Posting] {
    [Posting(outlet.address.url, SlackMessage(message(for: event), event).json)]
  }

  private static func advice(_ status: Int, _ body: String) -> String? {
    switch body.trimmingASCIISpace {
    case "no_service", "no_team", "invalid_token", "no_active_hooks":
      "The webhook was taken back: make a new one in Slack and set its address"
    case "channel_not_found", "channel_is_archived": "The webhook's channel is gone: make a webhook for another one"
    case "action_prohibited", "posting_to_general_channel_denied":
      "Slack's administrator does not let webhooks post there"
    case "invalid_payload", "invalid_blocks": "Try again without a template of your own"
    default: status == 410 || status == 404 ? "Make a new webhook in Slack and set its address" : nil
    }
  }
}

/// An event as Slack's blocks, within an attachment, which is what has a colour.
struct SlackMessage {
  private let message: Message
  private let event: Event

  private static let longestHeader = 150
  private static let longestText = 3000
  private static let longestField = 2000
  private static let longestURL = 3000

  init(_ message: Message, _ event: Event) {
    self.message = message
    self.event = event
  }

  var json: JSON {
    let first = message.text.split(separator: "\n").first.map(String.init) ?? ""
    let title = Escaping.slack.apply(to: message.title)
    let fallback = TextLimit.cut(escaped: first.isEmpty ? title : "\(title): \(first)", utf16: 2000)
    return .object([
      "text": .string(fallback),
      "attachments": .array([
        .object([
          "color": .string("#" + message.situation.colour), "fallback": .string(fallback), "blocks": .array(blocks),
        ])
      ]),
    ])
  }

  private var blocks: [JSON] {
    var blocks = [
      JSON.object(["type": .string("header"), "text": Self.plain(message.title, Self.longestHeader)]),
      .object([
        "type": .string("section"), "text": Self.markdown(message.text, Self.longestText), "fields": .array(fields),
      ]),
    ]
    if !message.note.isEmpty {
      let note = Self.markdown(Escaping.slack.apply(to: message.note), 1000)
      blocks.append(.object(["type": .string("context"), "elements": .array([note])]))
    }
    let buttons = message.links.filter { $0.url.utf16.count <= Self.longestURL }.map { label, url in
      JSON.object(["type": .string("button"), "text": Self.plain(label, 75), "url": .string(url)])
    }
    if !buttons.isEmpty { blocks.append(.object(["type": .string("actions"), "elements": .array(buttons)])) }
    return blocks
  }

  /// At most ten, says Slack.
  private var fields: [JSON] {
    Facts.of(event, message.situation).map { name, value in
      Self.markdown("*\(name)*\n\(Escaping.slack.apply(to: value))", Self.longestField)
    }
  }

  private static func plain(_ text: String, _ limit: Int) -> JSON {
    .object(["type": .string("plain_text"), "text": .string(TextLimit.cut(text, utf16: limit))])
  }

  private static func markdown(_ text: String, _ limit: Int) -> JSON {
    .object(["type": .string("mrkdwn"), "text": .string(TextLimit.cut(escaped: text, utf16: limit))])
  }
}
