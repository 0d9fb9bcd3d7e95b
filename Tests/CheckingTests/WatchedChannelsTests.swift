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

    init(_ answer: DeliveryError?) { self.answer = answer }
    init(settings: [String: String], environment: [String: String]) throws(ChannelSettingsError) { answer = nil }

    var kinds: [ChannelKind] { [] }
    var wantsEveryRun: Bool { false }
    func make(_ action: Action) throws(ChannelSettingsError) -> any Channel { self }
    func send(_ event: Event) async throws(DeliveryError) { if let answer { throw answer } }
    func close() async {}
  }

  private let clock = ManualClock()
  private let heard = Heard()
  private let event = Event(
    id: "e", subject: .test, checker: .sample(), checkerVersion: 1, run: .sample(of: Checker.sample().id),
    time: sampleTime)

  private func channels(_ answer: DeliveryError?) -> WatchedChannels {
    let (clock, heard) = (clock, heard)
    let hear: @Sendable (String, WatchedChannels.News) async -> Void = { action, news in
      switch news {
      case .works: heard.add("\(action) works")
      case .broken(let reason): heard.add("\(action) \(reason)")
      }
    }
    return WatchedChannels(Receiver(answer), now: { clock.now }, hear: hear)
  }

  private func send(_ channels: WatchedChannels) async throws {
    let channel = try channels.makeToSend(Action(name: "pager", channel: "receiver", settings: [:]))
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
    #expect(heard.all == ["pager connection refused, for 10m now"])
  }

  @Test func aReceiverThatRefusesThreeInARowIsToldAtOnce() async throws {
    let channels = channels(.permanent("404"))
    for _ in 0..<2 { try await send(channels) }
    #expect(heard.all.isEmpty)
    try await send(channels)
    #expect(heard.all == ["pager 404"])
  }

  @Test func oneThatTakesAnEventWorks() async throws {
    try await send(channels(nil))
    #expect(heard.all == ["pager works"])
  }
}
