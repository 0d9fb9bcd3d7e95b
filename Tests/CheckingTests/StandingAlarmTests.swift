import Checking
import Domain
import Foundation
import Persistence
import Synchronization
import TestSupport
import Testing

/// Receivers that forget are told again.
@Suite struct StandingAlarmTests {
  private let folder: TemporaryFolder
  private let store: SQLiteStore
  private let clock = ManualClock()

  init() throws {
    folder = try TemporaryFolder()
    store = try SQLiteStore(folder: folder.path)
  }

  private func add(_ name: String) async throws {
    _ = try await store.save(
      .sample(name), replacing: nil, expectedVersion: nil, author: "ana", at: sampleTime, nextRunAt: nil)
  }

  /// Records a run and delivers, or withholds, what it brings about.
  private func run(
    _ name: String, _ outcome: Outcome, deliver: Bool = true, withhold: Bool = false
  ) async throws {
    let run = Run.sample(of: QualifiedName(name, defaultNamespace: "shop"), outcome, at: clock.now)
    _ = try await store.record(run, nextRunAt: nil) { stored, transition in
      guard let transition else { return [] }
      let event = Event(
        id: "\(name)-\(transition.to.rawValue)", subject: .alarm(transition), checker: stored.checker,
        checkerVersion: 1, run: run, time: run.finishedAt)
      return [NewDelivery(event: event, action: "am", isWithheld: withhold)]
    }
    clock.advance(by: 1)
    guard deliver, !withhold else { return }
    for delivery in try await store.lease(at: clock.now, limit: 9, seconds: 60) {
      try await store.delivered(delivery.id, at: clock.now)
    }
  }

  @Test func openAlarmsAreToldAgainAndResolvedOnesForAWhile() async throws {
    for action in ["am", "mail"] {
      try await store.save(Action(name: action, channel: action, settings: [:]), replacing: nil)
    }
    for name in ["shop/a", "shop/b", "shop/c"] { try await add(name) }
    try await run("shop/a", .failed)
    try await run("shop/b", .errored)
    try await run("shop/c", .passed)
    let channels = RememberingChannels(intervals: ["am": 60])
    let clock = clock
    let standing = StandingAlarms(store: store, channels: channels, now: { clock.now })
    try await standing.repeatDue()
    #expect(channels.taken() == ["am shop/a-red", "am shop/b-error"])
    clock.advance(by: 59)
    try await standing.repeatDue()
    #expect(channels.taken().isEmpty)
    clock.advance(by: 1)
    try await run("shop/a", .passed)
    try await standing.repeatDue()
    #expect(channels.taken() == ["am shop/a-green", "am shop/b-error"])
    clock.advance(by: 901)
    try await standing.repeatDue()
    #expect(channels.taken() == ["am shop/b-error"])
  }

  @Test func nothingIsToldAgainWhileItsNewsIsOnTheWayOrWithheld() async throws {
    try await store.save(Action(name: "am", channel: "am", settings: [:]), replacing: nil)
    for name in ["shop/a", "shop/b", "shop/c"] { try await add(name) }
    for name in ["shop/a", "shop/b", "shop/c"] { try await run(name, .failed) }
    // Red must not be told again once resolved is in the outbox.
    try await run("shop/a", .passed, deliver: false)
    try await run("shop/b", .passed, withhold: true)
    // Nobody heard of this error, as its data source is down, so that red is how things stand.
    try await run("shop/c", .errored, withhold: true)
    let channels = RememberingChannels(intervals: ["am": 60])
    let clock = clock
    try await StandingAlarms(store: store, channels: channels, now: { clock.now }).repeatDue()
    #expect(channels.taken() == ["am shop/c-red"])
  }
}

/// Channels that remember what they were sent; those with an interval want it again.
private final class RememberingChannels: ChannelMaking {
  private let intervals: [String: Double]
  private let sent = Mutex<[String]>([])

  init(intervals: [String: Double]) { self.intervals = intervals }

  var kinds: [ChannelKind] { [] }

  func make(_ action: Action) throws(ChannelSettingsError) -> any Channel {
    RememberingChannel(name: action.name, interval: intervals[action.name]) { event in
      self.sent.withLock { $0.append(event) }
    }
  }

  /// What was sent since the last call, in order of its text.
  func taken() -> [String] {
    sent.withLock { sent in
      defer { sent = [] }
      return sent.sorted()
    }
  }
}

private struct RememberingChannel: Channel {
  static let key = "remembering"
  static let title = "Remembering"
  static let settings: [ChannelSetting] = []

  let name: String
  let resendInterval: Double?
  let hear: @Sendable (String) -> Void

  init(name: String, interval: Double?, hear: @escaping @Sendable (String) -> Void) {
    self.name = name
    resendInterval = interval
    self.hear = hear
  }

  init(settings: [String: String], environment: [String: String]) throws(ChannelSettingsError) {
    throw ChannelSettingsError(key: "", message: "made by its owner")
  }

  var wantsEveryRun: Bool { false }
  func send(_ event: Event) async throws(DeliveryError) { hear("\(name) \(event.id)") }
  func close() async {}
}
