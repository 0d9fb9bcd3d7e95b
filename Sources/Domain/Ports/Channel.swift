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

  /// The same, for a channel whose messages lead to the pages.
  init(settings: [String: String], environment: [String: String], links: Links) throws(ChannelSettingsError)

  /// The texts that a user may replace, by the key of their setting; Mustache.
  static var defaultTemplates: [String: String] { get }

  /// One message may tell of several alarms: a person reads it.
  static var tellsOfGroups: Bool { get }

  /// Also takes one message per run, beside the alarms' notices.
  var wantsEveryRun: Bool { get }

  /// Returns once the receiver has taken the event for good. Bounded in time by the implementation (30 s at most).
  func send(_ event: Event) async throws(DeliveryError)

  /// What is wrong with the words of the action for this event, so that defaults stand in for them; `nil` when all is
  /// well. Connects to nothing.
  func problem(with event: Event) -> String?

  /// Seconds after which a receiver that forgets wants the same event again, for as long as the alarm is open, and for
  /// a while after it is resolved. `nil`: once is enough.
  var resendInterval: Double? { get }

  /// Closes what is open; a later `send` opens it again.
  func close() async
}

extension Channel {
  package init(
    settings: [String: String], environment: [String: String], links: Links
  ) throws(ChannelSettingsError) {
    try self.init(settings: settings, environment: environment)
  }

  package static var defaultTemplates: [String: String] { [:] }

  package static var tellsOfGroups: Bool { false }

  package var resendInterval: Double? { nil }

  package func problem(with event: Event) -> String? { nil }
}

package struct ChannelSetting: Hashable, Codable, Sendable {
  package enum Kind: Hashable, Codable, Sendable {
    case text, secret, url, boolean
    case choice([String])
    /// A whole number.
    case number
    /// Text of several lines.
    case lines
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

  /// What to say when there is none, and it is required.
  package var missing: ChannelSettingsError {
    ChannelSettingsError(key: key, message: "'\(key)' is needed. \(help)")
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
  /// The same for whatever is sent: a key that is not valid any more, an address that is gone.
  case broken(String)
}

/// Knows every kind of channel, and makes the one that an action needs.
package protocol ChannelMaking: Sendable {
  var kinds: [ChannelKind] { get }
  /// Replaces `${NAME}` in the settings from the environment; throws what to mend.
  func make(_ action: Action) throws(ChannelSettingsError) -> any Channel
  /// The same for an event that waits: a template that is not valid keeps nobody from being told, so its default stands
  /// in for it and the message says so.
  func makeToSend(_ action: Action) throws(ChannelSettingsError) -> any Channel
  /// What the action's templates make of `event`, or of a sample when there is none. Connects to nothing, and needs no
  /// other setting to be right.
  func preview(_ action: Action, event: Event?) -> [TemplatePreview]
}

extension ChannelMaking {
  package func makeToSend(_ action: Action) throws(ChannelSettingsError) -> any Channel { try make(action) }

  package func preview(_ action: Action, event: Event?) -> [TemplatePreview] { [] }
}

/// What one template of an action makes of an event.
package struct TemplatePreview: Hashable, Sendable {
  /// The setting that holds the template.
  package var key: String
  package var label: String
  /// What is sent; the default's text when there is a problem.
  package var text: String
  package var problem: TemplateProblem?

  package init(key: String, label: String, text: String, problem: TemplateProblem?) {
    self.key = key
    self.label = label
    self.text = text
    self.problem = problem
  }
}

/// What is wrong with a template, and where.
package struct TemplateProblem: Error, Hashable, Sendable, CustomStringConvertible {
  /// From 1; `nil` when it is no single line's fault.
  package var line: Int?
  package var message: String

  package init(line: Int?, message: String) {
    self.line = line
    self.message = message
  }

  package var description: String { line.map { "line \($0): \(message)" } ?? message }
}

/// What a user needs to know to set up a channel.
package struct ChannelKind: Hashable, Codable, Sendable {
  package var key: String
  package var title: String
  package var settings: [ChannelSetting]
  /// The texts that stand where a template's setting is empty, by its key.
  package var defaultTemplates: [String: String]
  /// One message may tell of several alarms.
  package var tellsOfGroups: Bool

  package init(
    key: String, title: String, settings: [ChannelSetting], defaultTemplates: [String: String] = [:],
    tellsOfGroups: Bool = false
  ) {
    self.key = key
    self.title = title
    self.settings = settings
    self.defaultTemplates = defaultTemplates
    self.tellsOfGroups = tellsOfGroups
  }
}
