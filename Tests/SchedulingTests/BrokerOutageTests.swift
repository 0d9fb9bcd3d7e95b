import Channels
import Domain
import Foundation
import Scheduling
import TestSupport
import Testing

@Suite struct BrokerOutageTests {
  @Test func eventsWaitForTheBrokerAndArriveInOrder() async throws {
    let fixture = try ServiceFixture()
    let broker = try TestBroker.own()
    try TestQueue(broker, name: "alarms").bind(to: "malleable.alarms", key: "#")
    try await fixture.addAction("queue", channel: "rabbitmq", settings: ["url": broker.uri])
    for checker in ["shop/a", "shop/b"] { try await fixture.add(checker) }
    let limits = OutboxDispatcher.Limits(backoff: Backoff(first: 0.05, longest: 0.2))
    let time = TimeSource(now: { sampleTime + Date().timeIntervalSince(Self.start) }, sleep: TimeSource.system.sleep)
    let dispatcher = OutboxDispatcher(
      store: fixture.store, channels: ChannelCatalogue(environment: [:]), time: time, limits: limits
    ) {
      fixture.reports.add($0)
    }
    let task = Task { await dispatcher.serve() }
    try await fixture.enqueue("a0", of: "shop/a", to: ["queue"])
    dispatcher.poke()
    #expect(await eventually { try await fixture.states() == [.delivered] })
    try broker.settleDefinitions()
    try broker.control("kill")
    for number in 1..<10 {
      try await fixture.enqueue("a\(number)", of: "shop/a", to: ["queue"])
      try await fixture.enqueue("b\(number)", of: "shop/b", to: ["queue"])
      dispatcher.poke()
    }
    #expect(
      await eventually {
        try await fixture.store.deliveries(action: nil, checker: nil, limit: 100).contains {
          $0.state == .waiting && $0.lastError?.contains("cannot connect") == true
        }
      })
    try broker.control("start")
    #expect(await eventually(seconds: 60) { try await fixture.states().allSatisfy { $0 == .delivered } })
    task.cancel()
    await task.value
    try expectInOrder(broker)
  }

  private static let start = Date()

  /// At least once: a repeat carries the same id and follows its first copy at once.
  private func expectInOrder(_ broker: TestBroker) throws {
    let queue = try TestQueue(broker, name: "alarms")
    var ids: [String] = []
    while let message = try queue.next() { if !ids.contains(message.id) { ids.append(message.id) } }
    #expect(ids.filter { $0.hasPrefix("a") } == (0..<10).map { "a\($0)" })
    #expect(ids.filter { $0.hasPrefix("b") } == (1..<10).map { "b\($0)" })
  }
}
