import Domain
import Synchronization

/// Channels that answer as a test tells them to.
final class FakeChannels: ChannelMaking {
  typealias Answer = @Sendable (_ action: Action, _ event: Event) async throws(DeliveryError) -> Void

  let sent = Log<String>()
  let made = Log<String>()
  let closed = Log<String>()
  private let answer: Answer

  init(_ answer: @escaping Answer = { (_, _) throws(DeliveryError) in }) {
    self.answer = answer
  }

  var kinds: [ChannelKind] { [] }

  func make(_ action: Action) throws(ChannelSettingsError) -> any Channel {
    made.add(action.name)
    if let problem = action.settings["problem"] { throw ChannelSettingsError(key: "problem", message: problem) }
    return FakeChannel(action: action, owner: self)
  }

  fileprivate func send(_ event: Event, by action: Action) async throws(DeliveryError) {
    try await answer(action, event)
    sent.add("\(action.name):\(event.id)")
  }
}

private struct FakeChannel: Channel {
  static let key = "fake"
  static let title = "Fake"
  static let settings: [ChannelSetting] = []

  let action: Action
  let owner: FakeChannels

  init(action: Action, owner: FakeChannels) {
    self.action = action
    self.owner = owner
  }

  init(settings: [String: String], environment: [String: String]) throws(ChannelSettingsError) {
    throw ChannelSettingsError(key: "", message: "made by its owner")
  }

  var wantsEveryRun: Bool { false }
  func send(_ event: Event) async throws(DeliveryError) { try await owner.send(event, by: action) }
  func problem(with event: Event) -> String? { action.settings["note"] }
  func close() async { owner.closed.add(action.name) }
}
