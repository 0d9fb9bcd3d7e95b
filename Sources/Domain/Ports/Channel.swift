/// The code that delivers events for actions of one kind.
package protocol Channel: Sendable {
  /// Names the kind in an action: `rabbitmq`.
  static var key: String { get }
  /// As a person calls it: `RabbitMQ queue`.
  static var title: String { get }
  /// What a user sets, in the order of the form.
  static var settings: [ChannelSetting] { get }

  /// Checks settings without connecting; throws what to mend.
  init(settings: [String: String], environment: [String: String]) throws(ChannelSettingsError)

  /// Also takes one message per run, beside the alarms' notices.
  var wantsEveryRun: Bool { get }

  /// Returns once the receiver has taken the event for good. Bounded in time by the implementation (30 s at most).
  func send(_ event: Event) async throws(DeliveryError)

  /// Closes what is open; a later `send` opens it again.
  func close() async
}

package struct ChannelSetting: Hashable, Codable, Sendable {
  package enum Kind: Hashable, Codable, Sendable {
    case text, secret, url, boolean
    case choice([String])
  }

  package var key: String
  package var label: String
  package var help: String
  package var kind: Kind
  package var isRequired: Bool
  package var defaultValue: String

  package init(
    key: String, label: String, help: String, kind: Kind = .text, isRequired: Bool = false, defaultValue: String = ""
  ) {
    self.key = key
    self.label = label
    self.help = help
    self.kind = kind
    self.isRequired = isRequired
    self.defaultValue = defaultValue
  }
}

package struct ChannelSettingsError: Error, Hashable, Sendable {
  /// The setting at fault.
  package var key: String
  package var message: String

  package init(key: String, message: String) {
    self.key = key
    self.message = message
  }
}

/// Why an event was not taken. Never holds a credential.
package enum DeliveryError: Error, Hashable, Sendable {
  /// Worth another try, not before `retryAfterSeconds` when the receiver said so.
  case transient(String, retryAfterSeconds: Double?)
  /// No use in trying again: somebody must mend the action first.
  case permanent(String)
}

/// Knows every kind of channel, and makes the one that an action needs.
package protocol ChannelMaking: Sendable {
  var kinds: [ChannelKind] { get }
  /// Replaces `${NAME}` in the settings from the environment; throws what to mend.
  func make(_ action: Action) throws(ChannelSettingsError) -> any Channel
}

/// What a user needs to know to set up a channel.
package struct ChannelKind: Hashable, Codable, Sendable {
  package var key: String
  package var title: String
  package var settings: [ChannelSetting]

  package init(key: String, title: String, settings: [ChannelSetting]) {
    self.key = key
    self.title = title
    self.settings = settings
  }
}
