package import Domain
import Foundation

/// Sends messages by a Telegram bot. They are plain text: nothing in the data can break the markup.
///
/// Format and limits: core.telegram.org/bots/api, "sendMessage": 4,096 UTF-16 units.
package struct TelegramChannel: PostingChannel {
  package static let key = "telegram"
  package static let title = "Telegram"
  package static let tellsOfGroups = true
  static let templates: [TemplateSlot] = [.title(), .body(TemplateSlot.defaultText, .plain)]
  package static let settings: [ChannelSetting] =
    [
      ChannelSetting(
        key: "token", label: "Bot token", help: "From @BotFather; ${NAME} keeps it out of the store.", kind: .secret,
        isRequired: true),
      ChannelSetting(
        key: "chat_id", label: "Chat", help: "The chat's number, or @name of a public channel.", isRequired: true),
      ChannelSetting(key: "thread_id", label: "Topic", help: "The number of a topic in a group with topics."),
      ChannelSetting(
        key: "url", label: "Server", help: "Of the bot API, where it is one of your own.", kind: .url,
        defaultValue: "https://api.telegram.org"),
    ] + templates.map(\.setting) + CommonSettings.declared(perMinute: 20)

  private static let longest = 4096

  let outlet: Outlet
  private let token: String
  private let chat: String
  private let thread: String

  init(_ setup: ChannelSetup) throws(ChannelSettingsError) {
    let reader = try setup.reader(Self.settings)
    token = try reader.token("token")
    guard token.allSatisfy({ $0.isLetter || $0.isNumber || ":_-".contains($0) }) else {
      throw ChannelSettingsError(key: "token", message: "'token' is as @BotFather shows it: 123456:ABC-DEF...")
    }
    chat = try reader.token("chat_id")
    thread = try reader.text("thread_id")
    guard thread.isEmpty || Int(thread) != nil else {
      throw ChannelSettingsError(key: "thread_id", message: "'thread_id' is a number")
    }
    var outlet = try Outlet(setup, reader, Self.templates, secrets: [token])
    outlet.receiver.waitInBody = { JSONAnswer.number("parameters", "retry_after", in: $0) }
    outlet.receiver.advice = { status, _ in
      switch status {
      case 401, 404: "Telegram does not know the bot: set the token that @BotFather shows"
      case 403: "The bot may not write there: add it to the chat"
      default: nil
      }
    }
    self.outlet = outlet
  }

  func postings(for event: Event) -> [Posting] {
    let message = message(for: event)
    let title = TextLimit.cut(message.title, utf16: 500)
    let note = message.note.isEmpty ? "" : "\n\n" + TextLimit.cut(message.note, utf16: 500)
    let room = Self.longest - title.utf16.count - note.utf16.count - 2
    var members: [String: JSON] = [
      "chat_id": .string(chat),
      "text": .string("\(title)\n\n\(TextLimit.cut(message.text, utf16: room))\(note)"),
      "link_preview_options": .object(["is_disabled": .boolean(true)]),
    ]
    if let number = Int(thread) { members["message_thread_id"] = .integer(number) }
    let buttons = message.links.map { label, url in JSON.object(["text": .string(label), "url": .string(url)]) }
    if !buttons.isEmpty {
      members["reply_markup"] = .object(["inline_keyboard": .array([.array(buttons)])])
    }
    return [Posting(outlet.address.appending("/bot\(token)/sendMessage"), .object(members))]
  }
}
