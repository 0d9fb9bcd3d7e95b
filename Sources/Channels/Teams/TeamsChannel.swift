package import Domain

/// Posts an adaptive card to a workflow of Microsoft Teams, "When a Teams webhook request is received".
///
/// Format: learn.microsoft.com, "Create incoming webhooks with Workflows"; adaptivecards.io, version 1.4. A message has
/// at most 28 KB.
package struct TeamsChannel: PostingChannel {
  package static let key = "teams"
  package static let title = "Microsoft Teams"
  package static let tellsOfGroups = true
  static let templates: [TemplateSlot] = [.title(), .body(TemplateSlot.defaultText, .markdown)]
  package static let settings: [ChannelSetting] =
    [
      ChannelSetting(
        key: "url", label: "Workflow address",
        help: "From the workflow in Teams. Anybody who knows it can post: keep it in ${NAME}.", kind: .secret,
        isRequired: true)
    ] + templates.map(\.setting) + CommonSettings.declared(perMinute: 60)

  let outlet: Outlet

  init(_ setup: ChannelSetup) throws(ChannelSettingsError) {
    var outlet = try Outlet(setup, try setup.reader(Self.settings), Self.templates)
    outlet.receiver.advice = { status, _ in
      [401, 403, 404, 410].contains(status)
        ? "The workflow is gone or off: look at it in Teams and set the address that it shows" : nil
    }
    self.outlet = outlet
  }

  func postings(for event: Event) -> [Posting] {
    let message = message(for: event)
    let text = TextLimit.cut(message.text, utf8: 12_000)
    var body = [
      Self.text(
        TextLimit.cut(message.title, utf8: 600),
        [
          "size": .string("Large"), "weight": .string("Bolder"),
          "color": .string(Self.colour(message.situation)),
        ], escaping: true),
      // A single line break is a space in the card's Markdown.
      Self.text(text.replacing("\n", with: "\n\n"), [:], escaping: false),
      .object([
        "type": .string("FactSet"),
        "facts": .array(
          Facts.of(event, message.situation).map { name, value in
            let value = TextLimit.cut(Escaping.markdown.apply(to: value), utf8: 700)
            return .object(["title": .string(name), "value": .string(value)])
          }),
      ]),
    ]
    if !message.note.isEmpty {
      body.append(Self.text(TextLimit.cut(message.note, utf8: 600), ["isSubtle": .boolean(true)], escaping: true))
    }
    let actions = message.links.filter { $0.url.utf8.count <= 1000 }.map { label, url in
      JSON.object(["type": .string("Action.OpenUrl"), "title": .string(label), "url": .string(url)])
    }
    return [Posting(outlet.address.url, Self.envelope(body, actions))]
  }

  private static func envelope(_ body: [JSON], _ actions: [JSON]) -> JSON {
    let card: [String: JSON] = [
      "$schema": .string("http://adaptivecards.io/schemas/adaptive-card.json"), "type": .string("AdaptiveCard"),
      "version": .string("1.4"), "body": .array(body), "actions": .array(actions),
      "msteams": .object(["width": .string("Full")]),
    ]
    return .object([
      "type": .string("message"),
      "attachments": .array([
        .object([
          "contentType": .string("application/vnd.microsoft.card.adaptive"), "contentUrl": .null,
          "content": .object(card),
        ])
      ]),
    ])
  }

  private static func text(_ text: String, _ more: [String: JSON], escaping: Bool) -> JSON {
    let shown = escaping ? Escaping.markdown.apply(to: text) : text
    return .object(
      ["type": .string("TextBlock"), "text": .string(shown), "wrap": .boolean(true)].merging(more) { $1 })
  }

  private static func colour(_ situation: Situation) -> String {
    switch situation.kind {
    case .problem: situation.isWarning ? "Warning" : "Attention"
    case .trouble: "Warning"
    case .resolved: "Good"
    case .acknowledged, .ending: "Accent"
    case .finished, .test: "Default"
    }
  }
}
