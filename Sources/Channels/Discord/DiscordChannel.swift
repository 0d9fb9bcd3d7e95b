package import Domain
import Foundation

/// Posts to a Discord webhook.
///
/// Format and limits: discord.com/developers/docs, "Execute Webhook", "Embed Limits".
package struct DiscordChannel: PostingChannel {
  package static let key = "discord"
  package static let title = "Discord"
  package static let tellsOfGroups = true
  static let templates: [TemplateSlot] = [.title(), .body(TemplateSlot.defaultText, .markdown)]
  package static let settings: [ChannelSetting] =
    [
      ChannelSetting(
        key: "url", label: "Webhook address",
        help: "From Discord: https://discord.com/api/webhooks/... Anybody who knows it can post: keep it in ${NAME}.",
        kind: .secret, isRequired: true)
    ] + templates.map(\.setting) + CommonSettings.declared(perMinute: 30)

  let outlet: Outlet

  init(_ setup: ChannelSetup) throws(ChannelSettingsError) {
    var outlet = try Outlet(setup, try setup.reader(Self.settings), Self.templates)
    outlet.receiver.waitInBody = { JSONAnswer.number("retry_after", in: $0) }
    outlet.receiver.advice = { status, _ in
      status == 404 || status == 401 ? "The webhook was taken back: make a new one in Discord and set its address" : nil
    }
    self.outlet = outlet
  }

  func postings(for event: Event) -> [Posting] {
    let message = message(for: event)
    // The title leads to the first page already; only applications may send buttons.
    let named = message.links.dropFirst().map { "[\($0.label)](\($0.url))" }.joined(separator: " · ")
    let links = named.isEmpty || named.utf16.count > 1500 ? "" : "\n\n" + named
    // All of an embed is 6,000 units at most: title 256, text 2,500, eight fields of 310, the note.
    var embed: [String: JSON] = [
      "title": .string(TextLimit.cut(message.title, utf16: 256)),
      "description": .string(TextLimit.cut(message.text, utf16: 2500 - links.utf16.count) + links),
      "color": .integer(Int(message.situation.colour, radix: 16) ?? 0),
      "timestamp": .string(TimeWords.rfc3339(event.time)),
      "fields": .array(
        Facts.of(event, message.situation).map { name, value in
          let value = TextLimit.cut(Escaping.markdown.apply(to: value), utf16: 310)
          return .object(["name": .string(name), "value": .string(value), "inline": .boolean(true)])
        }),
    ]
    if let link = message.links.first, link.url.utf16.count <= 2048 { embed["url"] = .string(link.url) }
    if !message.note.isEmpty { embed["footer"] = .object(["text": .string(TextLimit.cut(message.note, utf16: 500))]) }
    return [
      Posting(
        outlet.address.url,
        .object([
          "embeds": .array([.object(embed)]),
          // Data must not be able to call everyone.
          "allowed_mentions": .object(["parse": .array([])]),
        ]))
    ]
  }
}

/// What an answer in JSON says.
enum JSONAnswer {
  /// The number at that path of names; `nil` when there is none.
  static func number(_ path: String..., in body: [UInt8]) -> Double? {
    var value = try? JSONSerialization.jsonObject(with: Data(body))
    for name in path { value = (value as? [String: Any])?[name] }
    return (value as? NSNumber)?.doubleValue
  }
}
