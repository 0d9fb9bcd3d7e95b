import Domain
import Foundation
import Scheduling
import TestSupport
import Testing

@Suite struct OutboxDispatcherTests {
  private func dispatcher(
    _ fixture: ServiceFixture, _ channels: FakeChannels, limits: OutboxDispatcher.Limits = .init()
  ) -> OutboxDispatcher {
    OutboxDispatcher(store: fixture.store, channels: channels, time: fixture.time, limits: limits) {
      fixture.reports.add($0)
    }
  }

  private func serving(_ dispatcher: OutboxDispatcher, _ body: () async throws -> Void) async throws {
    let task = Task { await dispatcher.serve() }
    do {
      try await body()
    } catch {
      task.cancel()
      throw error
    }
    task.cancel()
    await task.value
  }

  @Test func deliversInOrderPerCheckerToEachAction() async throws {
    let fixture = try ServiceFixture()
    for name in ["queue", "hook"] { try await fixture.addAction(name) }
    for checker in ["shop/a", "shop/b"] { try await fixture.add(checker) }
    for number in 0..<20 {
      try await fixture.enqueue("a\(number)", of: "shop/a", to: ["queue", "hook"])
      try await fixture.enqueue("b\(number)", of: "shop/b", to: ["queue"])
    }
    let channels = FakeChannels()
    try await serving(dispatcher(fixture, channels)) {
      #expect(await eventually { channels.sent.entries.count == 60 })
    }
    for prefix in ["queue:a", "queue:b", "hook:a"] {
      let sent = channels.sent.entries.filter { $0.hasPrefix(prefix) }
      #expect(sent == (0..<20).map { "\(prefix)\($0)" })
    }
    #expect(try await fixture.states().allSatisfy { $0 == .delivered })
    #expect(channels.made.entries.sorted() == ["hook", "queue"])
    #expect(channels.closed.entries.sorted() == ["hook", "queue"])
  }

  @Test func aSlowActionHoldsUpNoOther() async throws {
    let fixture = try ServiceFixture()
    for name in ["slow", "quick"] { try await fixture.addAction(name) }
    for number in 0..<10 {
      try await fixture.add("shop/c\(number)")
      try await fixture.enqueue("e\(number)", of: "shop/c\(number)", to: ["slow", "quick"])
    }
    let gate = Gate()
    let channels = FakeChannels { (action, _) throws(DeliveryError) in
      if action.name == "slow" { await gate.pass() }
    }
    try await serving(dispatcher(fixture, channels)) {
      #expect(await eventually { channels.sent.entries.filter { $0.hasPrefix("quick") }.count == 10 })
      #expect(channels.sent.entries.count == 10)
      gate.open()
      #expect(await eventually { channels.sent.entries.count == 20 })
    }
  }

  @Test func whatFailsForNowIsTriedAgainLaterAndLater() async throws {
    let fixture = try ServiceFixture()
    try await fixture.addAction("queue")
    try await fixture.add("shop/a")
    try await fixture.enqueue("e", of: "shop/a", to: ["queue"])
    let tries = Log<Date>()
    let channels = FakeChannels { (_, _) throws(DeliveryError) in
      tries.add(fixture.clock.now)
      if tries.entries.count < 4 { throw .transient("broker is down", retryAfterSeconds: nil) }
    }
    try await serving(dispatcher(fixture, channels)) {
      #expect(await eventually { tries.entries.count == 1 })
      #expect(
        await eventually {
          try await fixture.store.deliveries(action: nil, checker: nil, limit: 1).first?.lastError == "broker is down"
        })
      #expect(
        await eventually {
          fixture.clock.advance(by: 0.1)
          return channels.sent.entries == ["queue:e"]
        })
    }
    let waits = zip(tries.entries, tries.entries.dropFirst()).map { $1.timeIntervalSince($0) }
    #expect(waits.count == 3)
    for (wait, least) in zip(waits, [0.75, 1.5, 3]) { #expect(wait >= least - 0.001) }
    #expect(try await fixture.states() == [.delivered])
  }

  @Test func waitsAsLongAsTheReceiverSays() async throws {
    let fixture = try ServiceFixture()
    try await fixture.addAction("hook")
    for name in ["a", "b"] {
      try await fixture.add("shop/" + name)
      try await fixture.enqueue(name, of: "shop/" + name, to: ["hook"])
    }
    let tries = Log<Date>()
    let channels = FakeChannels { (_, _) throws(DeliveryError) in
      tries.add(fixture.clock.now)
      if tries.entries.count == 1 { throw .transient("slow down", retryAfterSeconds: 40) }
    }
    try await serving(dispatcher(fixture, channels)) {
      #expect(
        await eventually {
          fixture.clock.advance(by: 0.5)
          return channels.sent.entries.count == 2
        })
    }
    // Nobody else knocks before the time that the receiver named.
    #expect(tries.entries.dropFirst().allSatisfy { $0.timeIntervalSince(tries.entries[0]) >= 40 })
  }

  @Test func whenTheReceiverIsBackNobodyWaitsForATryOfTheirOwn() async throws {
    let fixture = try ServiceFixture()
    try await fixture.addAction("queue")
    let names = (0..<8).map { "c\($0)" }
    for name in names {
      try await fixture.add("shop/" + name)
      try await fixture.enqueue(name, of: "shop/" + name, to: ["queue"])
    }
    let (tries, isBack) = (Log<Date>(), Log<Date>())
    let channels = FakeChannels { (_, _) throws(DeliveryError) in
      tries.add(fixture.clock.now)
      if isBack.entries.isEmpty { throw .transient("broker is down", retryAfterSeconds: nil) }
    }
    try await serving(dispatcher(fixture, channels)) {
      #expect(
        await eventually {
          fixture.clock.advanceToNext()
          return fixture.clock.now >= sampleTime + 900
        })
      isBack.add(fixture.clock.now)
      #expect(
        await eventually {
          // Once one got through the clock crawls, as others follow at once.
          if channels.sent.entries.isEmpty { fixture.clock.advanceToNext() } else { fixture.clock.advance(by: 0.02) }
          return channels.sent.entries.count == names.count
        })
    }
    // One knocks for all, at most once a minute; the first that gets through takes the others along.
    let before = tries.entries.filter { $0 >= sampleTime + 300 && $0 < sampleTime + 900 }
    #expect(before.count <= 11)
    let sent = tries.entries.suffix(names.count)
    // Their own tries, by now, are a minute apart; one may have been under way when the receiver came back.
    let prompt = sent.filter { $0.timeIntervalSince(sent[sent.startIndex]) <= 20 }
    #expect(prompt.count >= names.count - 1)
    #expect(Set(channels.sent.entries).count == names.count)
  }

  @Test func whatNeedsMendingIsGivenUpWithItsReason() async throws {
    let fixture = try ServiceFixture()
    for name in ["refusing", "disabled", "deleted"] { try await fixture.addAction(name) }
    try await fixture.add("shop/a")
    try await fixture.enqueue("e", of: "shop/a", to: ["refusing", "disabled", "deleted"])
    try await fixture.enqueue("f", of: "shop/a", to: ["refusing"])
    try await fixture.store.save(
      Action(name: "disabled", channel: "fake", settings: [:], isEnabled: false), replacing: "disabled")
    try await fixture.store.deleteAction("deleted")
    let channels = FakeChannels { (_, event) throws(DeliveryError) in
      if event.id == "e" { throw .permanent("410 Gone") }
    }
    try await serving(dispatcher(fixture, channels)) {
      #expect(
        await eventually {
          try await fixture.states().allSatisfy { $0 == .failed || $0 == .delivered }
        })
    }
    let all = try await fixture.store.deliveries(action: nil, checker: nil, limit: 10)
    let errors = Dictionary(uniqueKeysWithValues: all.map { ("\($0.action):\($0.event.id)", $0.lastError) })
    #expect(errors["refusing:e"] == "410 Gone")
    if let error = errors["disabled:e"] { #expect(error?.contains("disabled") == true) }
    if let error = errors["deleted:e"] { #expect(error?.contains("deleted") == true) }
    #expect(channels.sent.entries == ["refusing:f"])
  }

  @Test func anActionThatIsMendedSendsWithoutARestart() async throws {
    let fixture = try ServiceFixture()
    try await fixture.addAction("hook", settings: ["problem": "no variable 'KEY'"])
    try await fixture.add("shop/a")
    try await fixture.enqueue("e", of: "shop/a", to: ["hook"])
    let channels = FakeChannels()
    try await serving(dispatcher(fixture, channels)) {
      #expect(
        await eventually {
          try await fixture.store.deliveries(action: nil, checker: nil, limit: 1).first?.lastError?.contains("'KEY'")
            == true
        })
      try await fixture.store.save(Action(name: "hook", channel: "fake", settings: ["a": "1"]), replacing: "hook")
      #expect(
        await eventually {
          fixture.clock.advance(by: 0.5)
          return channels.sent.entries == ["hook:e"]
        })
      try await fixture.store.save(Action(name: "hook", channel: "fake", settings: ["a": "2"]), replacing: "hook")
      try await fixture.enqueue("f", of: "shop/a", to: ["hook"])
      #expect(
        await eventually {
          fixture.clock.advance(by: 0.5)
          return channels.sent.entries.count == 2
        })
      #expect(channels.closed.entries == ["hook"])
      // An action that is not used gives its connection back.
      #expect(
        await eventually {
          fixture.clock.advance(by: 10)
          return channels.closed.entries.count == 2
        })
    }
  }

  @Test func aStopPutsBackWhatHasNotBeenTried() async throws {
    let fixture = try ServiceFixture()
    try await fixture.addAction("queue")
    for number in 0..<5 {
      try await fixture.add("shop/c\(number)")
      try await fixture.enqueue("e\(number)", of: "shop/c\(number)", to: ["queue"])
    }
    let (gate, started) = (Gate(), Log<String>())
    let channels = FakeChannels { (_, event) throws(DeliveryError) in
      started.add(event.id)
      await gate.pass()
    }
    let dispatcher = dispatcher(fixture, channels)
    let task = Task { await dispatcher.serve() }
    #expect(await eventually { started.entries.count == 1 })
    #expect(await eventually { try await fixture.states().allSatisfy { $0 == .sending } })
    task.cancel()
    // Waits for what is being sent: the lanes have been told by then.
    #expect(await eventually { fixture.clock.pauses.contains(10) })
    gate.open()
    await task.value
    #expect(channels.sent.entries.count == 1)
    #expect(try await fixture.states().filter { $0 == .delivered }.count == 1)
    #expect(try await fixture.states().filter { $0 == .waiting }.count == 4)
  }

  @Test func aDeliveryThatWasCutOffIsSentAgainAfterItsLease() async throws {
    let fixture = try ServiceFixture()
    try await fixture.addAction("queue")
    try await fixture.add("shop/a")
    try await fixture.enqueue("e", of: "shop/a", to: ["queue"])
    // A process that was killed had leased it.
    _ = try await fixture.store.lease(at: sampleTime, limit: 1, seconds: 90)
    let channels = FakeChannels()
    try await serving(dispatcher(fixture, channels)) {
      #expect(
        await eventually {
          fixture.clock.advance(by: 0.5)
          return channels.sent.entries == ["queue:e"]
        })
    }
    #expect(fixture.clock.now >= sampleTime + 90)
  }

  @Test(arguments: [(1, 0.75, 1.25), (2, 1.5, 2.5), (5, 12, 20), (7, 48, 60), (8, 60, 60), (4000, 60, 60)])
  func waitsDoubleUpToAMinute(_ attempts: Int, _ least: Double, _ most: Double) {
    #expect(Backoff().seconds(afterAttempts: attempts, chance: 0) == least)
    #expect(Backoff().seconds(afterAttempts: attempts, chance: 1) == most)
  }
}
