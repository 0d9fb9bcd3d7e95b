package import Domain

/// The kinds of channel that there are. A new kind is one folder and one line here.
package struct ChannelCatalogue: ChannelMaking {
  private static let types: [any Channel.Type] = [
    RabbitMQChannel.self, WebhookChannel.self, EmailChannel.self, SlackChannel.self, PagerDutyChannel.self,
    AlertmanagerChannel.self, TeamsChannel.self, DiscordChannel.self, TelegramChannel.self, NtfyChannel.self,
    OpsgenieChannel.self,
  ]

  /// Answers the `${NAME}` in settings.
  private let environment: [String: String]

  private let links: Links

  /// `links` lead from messages to the pages.
  package init(environment: [String: String], links: Links = Links()) {
    self.environment = environment
    self.links = links
  }

  package var kinds: [ChannelKind] {
    Self.types.map {
      ChannelKind(
        key: $0.key, title: $0.title, settings: $0.settings, defaultTemplates: $0.defaultTemplates,
        tellsOfGroups: $0.tellsOfGroups)
    }
  }

  /// Builds the channel that delivers for `action`, without connecting. Throws what to mend; no message holds a value
  /// from the environment.
  package func make(_ action: Action) throws(ChannelSettingsError) -> any Channel {
    try make(action, isLenient: false)
  }

  package func makeToSend(_ action: Action) throws(ChannelSettingsError) -> any Channel {
    try make(action, isLenient: true)
  }

  package func preview(_ action: Action, event: Event?) -> [TemplatePreview] {
    guard let type = Self.types.first(where: { $0.key == action.channel }) as? any TemplatedChannel.Type else {
      return []
    }
    return type.templates.map {
      type.preview($0, settings: action.settings, event: event ?? .sample, links: links)
    }
  }

  private func make(_ action: Action, isLenient: Bool) throws(ChannelSettingsError) -> any Channel {
    guard let type = Self.types.first(where: { $0.key == action.channel }) else {
      let keys = Self.types.map { $0.key }
      let near = Spelling.nearest(to: action.channel, among: keys).map { ". Is \($0) meant?" } ?? ""
      throw ChannelSettingsError(
        key: "channel",
        message: "there is no channel '\(action.channel)'. There are \(keys.joined(separator: ", "))\(near)")
    }
    guard let type = type as? any TemplatedChannel.Type else {
      return try type.init(settings: action.settings, environment: environment, links: links)
    }
    return try type.init(
      ChannelSetup(settings: action.settings, environment: environment, links: links, isLenient: isLenient))
  }
}
