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

  /// What words its messages.
  var wording: Wording { get }

  /// What one template makes of `event`, with the settings of an action that need not be complete.
  static func preview(
    _ slot: TemplateSlot, settings: [String: String], event: Event, links: Links
  ) -> TemplatePreview
}

/// The templates of an action, and what they are given.
struct Wording: Sendable {
  var templates: Templates
  var rows: RowPolicy
  var links: Links
}

extension TemplatedChannel {
  package static var defaultTemplates: [String: String] {
    Dictionary(uniqueKeysWithValues: templates.map { ($0.key, $0.defaultText) })
  }

  package func problem(with event: Event) -> String? {
    guard wording.templates.hasOwn else { return nil }
    let value = TemplateContext(wording.rows.applied(to: event), links: wording.links).value(for: wording.templates)
    let problem = Self.templates.lazy.compactMap { wording.templates.render($0.key, value).problem }.first
    return problem.map(Templates.told)
  }

  static func preview(
    _ slot: TemplateSlot, settings: [String: String], event: Event, links: Links
  ) -> TemplatePreview {
    TemplateTrial.preview(slot, settings: settings, event: event, links: links)
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
