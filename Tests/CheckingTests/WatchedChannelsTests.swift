import Checking
import Domain
import Foundation
import Synchronization
import TestSupport
import Testing

/// When an action counts as one that cannot deliver.
@Suite struct WatchedChannelsTests {
  private final class Heard: Sendable {
    private let lines = Mutex<[String]>([])
    var all: [String] { lines.withLock { $0 } }
    func add(_ line: String) { lines.withLock { $0.append(line) } }
  }

  private struct Receiver: Channel, ChannelMaking {
    static let key = "receiver"
    static let title = "Receiver"
    static let settings: [ChannelSetting] = []
    var answer: DeliveryError?
    var lacks: String?

    init(_ answer: DeliveryError?) { self.answer = answer }
    init(settings: [String: String], environment: [String: String]) throws(ChannelSettingsError) { answer = nil }

    var kinds: [ChannelKind] { [] }
    var wantsEveryRun: Bool { false }
    func make(_ action: Action) throws(ChannelSettingsError) -> any Channel {
      if let lacks { throw ChannelSettingsError(key: "url", message: "\(lacks) is not set") }
      return self
    }
    func send(_ event: Event) async throws(DeliveryError) { if let answer { throw answer } }
    func close() async {}
  }

  private let clock = ManualClock()
  private let heard = Heard()
  private let event = Event(
    id: "e", subject: .test, checker: .sample(), checkerVersion: 1, run: .sample(of: Checker.sample().id),
    time: sampleTime)

  private func channels(_ answer: DeliveryError?, failingSince: Date? = nil, lacking: String? = nil) -> WatchedChannels
  {
    let (clock, heard) = (clock, heard)
    let hear: @Sendable (String, WatchedChannels.News) async -> Void = { action, news in
      switch news {
      case .works: heard.add("\(action) works")
      case .broken(let reason, let since):
        heard.add("\(action) \(reason), since \(Int(clock.now.timeIntervalSince(since))) s")
      }
    }
    var receiver = Receiver(answer)
    receiver.lacks = lacking
    return WatchedChannels(receiver, now: { clock.now }, failingSince: { _ in failingSince }, hear: hear)
  }

  private func send(_ channels: WatchedChannels) async throws {
    let channel = channels.makeToSend(Action(name: "pager", channel: "receiver", settings: [:]))
    try? await channel.send(event)
  }

  @Test func aReceiverThatIsAwayForTenMinutesIsTold() async throws {
    let channels = channels(.transient("connection refused", retryAfterSeconds: nil))
    for _ in 0..<10 {
      try await send(channels)
      clock.advance(by: 60)
    }
    #expect(heard.all.isEmpty, "short troubles mend themselves")
    try await send(channels)
    #expect(heard.all == ["pager connection refused, for 10m now, since 600 s"])
  }

  @Test func aReceiverThatRefusesThreeInARowIsToldAtOnce() async throws {
    let channels = channels(.permanent("404"))
    for _ in 0..<2 { try await send(channels) }
    #expect(heard.all.isEmpty)
    try await send(channels)
    #expect(heard.all == ["pager 404, since 0 s"])
  }

  @Test func aRestartDoesNotBeginTheTenMinutesAnew() async throws {
    let earlier = clock.now
    clock.advance(by: 540)
    let channels = channels(.transient("connection refused", retryAfterSeconds: nil), failingSince: earlier)
    try await send(channels)
    #expect(heard.all.isEmpty)
    clock.advance(by: 60)
    try await send(channels)
    #expect(heard.all == ["pager connection refused, for 10m now, since 600 s"])
  }

  @Test func oneThatLacksAVariableIsToldAtOnce() async throws {
    try await send(channels(nil, lacking: "HOOK_URL"))
    #expect(heard.all == ["pager the action's setting 'url': HOOK_URL is not set, since 0 s"])
  }

  @Test func oneThatTakesAnEventWorks() async throws {
    try await send(channels(nil))
    #expect(heard.all == ["pager works"])
  }
}
