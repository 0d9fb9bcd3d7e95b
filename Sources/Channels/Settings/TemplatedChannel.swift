import Domain

/// What a channel is made of.
package struct ChannelSetup: Sendable {
  var settings: [String: String]
  /// Answers the `${NAME}` in settings.
  var environment: [String: String]
  var links = Links()
  /// A template that is not valid is replaced by its default: an event waits.
  var isLenient = false

  func reader(_ declared: [ChannelSetting]) throws(ChannelSettingsError) -> SettingsReader {
    try SettingsReader(settings, declared: declared, environment: environment)
  }
}

/// A channel whose messages a user may word.
protocol TemplatedChannel: Channel {
  static var templates: [TemplateSlot] { get }

  init(_ setup: ChannelSetup) throws(ChannelSettingsError)
}

extension TemplatedChannel {
  package static var defaultTemplates: [String: String] {
    Dictionary(uniqueKeysWithValues: templates.map { ($0.key, $0.defaultText) })
  }

  package init(settings: [String: String], environment: [String: String]) throws(ChannelSettingsError) {
    try self.init(ChannelSetup(settings: settings, environment: environment))
  }

  package init(
    settings: [String: String], environment: [String: String], links: Links
  ) throws(ChannelSettingsError) {
    try self.init(ChannelSetup(settings: settings, environment: environment, links: links))
  }
}
