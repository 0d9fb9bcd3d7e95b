package import Domain
package import Foundation
import Synchronization

/// Channels that tell when an action cannot deliver any more, and when it can again.
package final class WatchedChannels: ChannelMaking {
  package enum News: Sendable {
    case works
    case broken(String)
  }

  private let channels: any ChannelMaking
  private let hear: @Sendable (_ action: String, News) async -> Void
  private let now: @Sendable () -> Date
  private let records = Mutex<[String: Record]>([:])

  /// What became of an action's events since the last that was delivered.
  private struct Record {
    var refusals = 0
    /// When the first of them was not taken.
    var failingSince: Date
  }

  /// A receiver that refuses so many events in a row refuses all of them.
  private static let patience = 3
  /// A receiver that takes nothing for so long, in seconds, is away: somebody must know.
  package static let longestAway: Double = 600

  package init(
    _ channels: any ChannelMaking, now: @escaping @Sendable () -> Date = { Date() },
    hear: @escaping @Sendable (_ action: String, News) async -> Void
  ) {
    self.channels = channels
    self.now = now
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
    records.withLock { $0[action] = nil }
    await hear(action, .works)
  }

  fileprivate func failed(_ action: String, _ error: DeliveryError) async {
    let time = now()
    let record = records.withLock { records in
      var record = records[action] ?? Record(failingSince: time)
      if case .permanent = error { record.refusals += 1 }
      records[action] = record
      return record
    }
    switch error {
    case .broken(let reason): await hear(action, .broken(reason))
    case .permanent(let reason) where record.refusals >= Self.patience: await hear(action, .broken(reason))
    case .permanent: break
    case .transient(let reason, _):
      let seconds = time.timeIntervalSince(record.failingSince)
      if seconds >= Self.longestAway {
        await hear(action, .broken("\(reason), for \(DurationText.write((seconds / 60).rounded(.down) * 60)) now"))
      }
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

  func problem(with event: Event) -> String? { channel.problem(with: event) }

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
