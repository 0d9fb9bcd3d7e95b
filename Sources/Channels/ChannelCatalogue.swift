package import Domain

/// The kinds of channel that there are. A new kind is one folder and one line here.
package struct ChannelCatalogue: ChannelMaking {
  private static let types: [any Channel.Type] = [RabbitMQChannel.self, WebhookChannel.self]

  /// Answers the `${NAME}` in settings.
  private let environment: [String: String]

  package init(environment: [String: String]) {
    self.environment = environment
  }

  package var kinds: [ChannelKind] {
    Self.types.map { ChannelKind(key: $0.key, title: $0.title, settings: $0.settings) }
  }

  /// Builds the channel that delivers for `action`, without connecting. Throws what to mend; no message holds a value
  /// from the environment.
  package func make(_ action: Action) throws(ChannelSettingsError) -> any Channel {
    guard let type = Self.types.first(where: { $0.key == action.channel }) else {
      let keys = Self.types.map { $0.key }
      let near = Spelling.nearest(to: action.channel, among: keys).map { ". Is \($0) meant?" } ?? ""
      throw ChannelSettingsError(
        key: "channel",
        message: "there is no channel '\(action.channel)'. There are \(keys.joined(separator: ", "))\(near)")
    }
    return try type.init(settings: action.settings, environment: environment)
  }
}
