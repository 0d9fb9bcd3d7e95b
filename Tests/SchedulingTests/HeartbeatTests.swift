import Domain
import Foundation
import Scheduling
import TestSupport
import Testing

/// The word that the service is alive.
@Suite struct HeartbeatTests {
  @Test func beatsOnceAMinuteWhileTheSchedulerLooksForWork() async throws {
    let fixture = try ServiceFixture()
    let beats = Log<Date>()
    let heartbeat = Heartbeat(
      time: fixture.time, report: { fixture.reports.add($0) }, send: { beats.add(fixture.clock.now) })
    let scheduler = Scheduler(
      store: fixture.store, time: fixture.time, run: { _ in }, report: { fixture.reports.add($0) },
      alive: { heartbeat.tick() })
    let beating = Task { await heartbeat.serve() }
    let scheduling = Task { await scheduler.serve() }
    #expect(
      await eventually {
        fixture.clock.advanceToNext()
        return beats.entries.count >= 3
      })
    let waits = zip(beats.entries, beats.entries.dropFirst()).map { $1.timeIntervalSince($0) }
    #expect(waits.allSatisfy { $0 >= 60 })
    // A scheduler that hangs is silent, whatever the clock does.
    scheduling.cancel()
    await scheduling.value
    #expect(
      await eventually {
        fixture.clock.advance(by: 61)
        return fixture.clock.pauses == [1]
      })
    let last = beats.entries.count
    for _ in 0..<20 {
      let now = fixture.clock.now
      fixture.clock.advance(by: 61)
      #expect(await eventually { fixture.clock.pauses == [1] })
      #expect(fixture.clock.now > now)
    }
    #expect(beats.entries.count == last)
    beating.cancel()
    await beating.value
  }

  @Test func aWatcherThatIsAwayIsToldOfOnce() async throws {
    let fixture = try ServiceFixture()
    let tries = Log<Int>()
    let heartbeat = Heartbeat(
      time: fixture.time, report: { fixture.reports.add($0) },
      send: {
        tries.add(1)
        throw DeliveryError.transient("cannot connect", retryAfterSeconds: nil)
      })
    let beating = Task { await heartbeat.serve() }
    #expect(
      await eventually {
        heartbeat.tick()
        fixture.clock.advanceToNext()
        return tries.entries.count > 3
      })
    beating.cancel()
    await beating.value
    #expect(fixture.reports.entries.count == 1)
  }
}
