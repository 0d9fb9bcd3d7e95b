package import Domain
import Synchronization

/// Channels that tell when an action cannot deliver any more, and when it can again.
package final class WatchedChannels: ChannelMaking {
  package enum News: Sendable {
    case works
    case broken(String)
  }

  private let channels: any ChannelMaking
  private let hear: @Sendable (_ action: String, News) async -> Void
  private let refusals = Mutex<[String: Int]>([:])

  /// A receiver that refuses so many events in a row refuses all of them.
  private static let patience = 3

  package init(_ channels: any ChannelMaking, hear: @escaping @Sendable (_ action: String, News) async -> Void) {
    self.channels = channels
    self.hear = hear
  }

  package var kinds: [ChannelKind] { channels.kinds }

  package func make(_ action: Action) throws(ChannelSettingsError) -> any Channel { try channels.make(action) }

  package func makeToSend(_ action: Action) throws(ChannelSettingsError) -> any Channel {
    WatchedChannel(channel: try channels.makeToSend(action), action: action.name, owner: self)
  }

  package func preview(_ action: Action, event: Event?) -> [TemplatePreview] {
    channels.preview(action, event: event)
  }

  fileprivate func delivered(_ action: String) async {
    refusals.withLock { $0[action] = nil }
    await hear(action, .works)
  }

  fileprivate func failed(_ action: String, _ error: DeliveryError) async {
    switch error {
    case .transient: break
    case .broken(let reason): await hear(action, .broken(reason))
    case .permanent(let reason):
      let count = refusals.withLock { refusals in
        refusals[action, default: 0] += 1
        return refusals[action] ?? 0
      }
      if count >= Self.patience { await hear(action, .broken(reason)) }
    }
  }
}

private struct WatchedChannel: Channel {
  static let key = "watched"
  static let title = "Watched"
  static let settings: [ChannelSetting] = []

  let channel: any Channel
  let action: String
  let owner: WatchedChannels

  init(channel: any Channel, action: String, owner: WatchedChannels) {
    self.channel = channel
    self.action = action
    self.owner = owner
  }

  init(settings: [String: String], environment: [String: String]) throws(ChannelSettingsError) {
    throw ChannelSettingsError(key: "", message: "made by its owner")
  }

  var wantsEveryRun: Bool { channel.wantsEveryRun }
  var resendInterval: Double? { channel.resendInterval }

  func send(_ event: Event) async throws(DeliveryError) {
    do {
      try await channel.send(event)
    } catch {
      await owner.failed(action, error)
      throw error
    }
    await owner.delivered(action)
  }

  func close() async { await channel.close() }
}
