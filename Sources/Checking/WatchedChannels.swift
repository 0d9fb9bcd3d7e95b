package import Domain
package import Foundation
import Synchronization

/// Channels that tell when an action cannot deliver any more, and when it can again.
package final class WatchedChannels: ChannelMaking {
  package enum News: Sendable {
    case works
    /// `since` is when the first of the events that it did not take should have gone.
    case broken(String, since: Date)
  }

  private let channels: any ChannelMaking
  private let hear: @Sendable (_ action: String, News) async -> Void
  private let failingSince: @Sendable (_ action: String) async -> Date?
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

  /// `failingSince` says since when events of an action were tried in vain, as it was written down before this
  /// process began; `nil` when none was.
  package init(
    _ channels: any ChannelMaking, now: @escaping @Sendable () -> Date = { Date() },
    failingSince: @escaping @Sendable (_ action: String) async -> Date? = { _ in nil },
    hear: @escaping @Sendable (_ action: String, News) async -> Void
  ) {
    self.channels = channels
    self.now = now
    self.failingSince = failingSince
    self.hear = hear
  }

  package var kinds: [ChannelKind] { channels.kinds }

  package func make(_ action: Action) throws(ChannelSettingsError) -> any Channel { try channels.make(action) }

  /// One that cannot be made, because a variable of the environment is missing, is a channel that takes nothing.
  package func makeToSend(_ action: Action) -> any Channel {
    do throws(ChannelSettingsError) {
      return WatchedChannel(channel: try channels.makeToSend(action), action: action.name, owner: self)
    } catch {
      return WatchedChannel(channel: UnmadeChannel(error: error), action: action.name, owner: self)
    }
  }

  package func preview(_ action: Action, event: Event?) -> [TemplatePreview] {
    channels.preview(action, event: event)
  }

  fileprivate func delivered(_ action: String) async {
    records.withLock { $0[action] = nil }
    await hear(action, .works)
  }

  fileprivate func failed(_ action: String, _ error: DeliveryError, isUnmade: Bool) async {
    let time = now()
    let isKnown = records.withLock { $0[action] != nil }
    let since = isKnown ? time : min(await failingSince(action) ?? time, time)
    let record = records.withLock { records in
      var record = records[action] ?? Record(failingSince: since)
      if case .permanent = error { record.refusals += 1 }
      records[action] = record
      return record
    }
    let seconds = time.timeIntervalSince(record.failingSince)
    switch error {
    case .permanent(let reason) where record.refusals >= Self.patience, .broken(let reason):
      await hear(action, .broken(reason, since: record.failingSince))
    case .transient(let reason, _) where isUnmade:
      await hear(action, .broken(reason, since: record.failingSince))
    case .transient(let reason, _) where seconds >= Self.longestAway:
      let text = "\(reason), for \(DurationText.write((seconds / 60).rounded(.down) * 60)) now"
      await hear(action, .broken(text, since: record.failingSince))
    case .permanent, .transient: break
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
      await owner.failed(action, error, isUnmade: channel is UnmadeChannel)
      throw error
    }
    await owner.delivered(action)
  }

  func close() async { await channel.close() }
}

/// What an action has whose settings make no channel. Somebody mends them, or the environment; until then nothing is
/// lost.
private struct UnmadeChannel: Channel {
  static let key = "unmade"
  static let title = "Unmade"
  static let settings: [ChannelSetting] = []

  let error: ChannelSettingsError

  init(error: ChannelSettingsError) { self.error = error }

  init(settings: [String: String], environment: [String: String]) throws(ChannelSettingsError) {
    throw ChannelSettingsError(key: "", message: "made by its owner")
  }

  var wantsEveryRun: Bool { false }

  func send(_ event: Event) async throws(DeliveryError) {
    throw .transient("the action's setting '\(error.key)': \(error.message)", retryAfterSeconds: nil)
  }

  func close() async {}
}
