import Domain
import Foundation
import Scheduling
import TestSupport
import Testing

/// What time alone brings about.
@Suite struct AlarmClockTests {
  private struct Nobody: NoticeRouting {
    func deliveries(for update: AlarmUpdate) -> [NewDelivery] { [] }
    func withholding(_ stored: StoredChecker, at time: Date) -> String? { nil }
  }

  private func clock(_ fixture: ServiceFixture, ticks: Log<Date>) -> AlarmClock {
    AlarmClock(
      store: fixture.store, time: fixture.time,
      tick: {
        let changed = try await fixture.store.tick(
          at: fixture.clock.now, aliveSince: .distantPast, limit: 100, router: Nobody()
        ).count
        ticks.add(fixture.clock.now)
        return changed
      }, report: { fixture.reports.add($0) })
  }

  private func state(_ fixture: ServiceFixture) async throws -> Alarm.State? {
    try await fixture.store.checker(QualifiedName("shop/a", defaultNamespace: "shop"))?.alarm.state
  }

  @Test func anAlarmGoesStaleWhenItsTimeHasComeAndNotBefore() async throws {
    let fixture = try ServiceFixture()
    try await fixture.add("shop/a", due: sampleTime + 60)
    let ticks = Log<Date>()
    let task = Task { await clock(fixture, ticks: ticks).serve() }
    #expect(
      await eventually {
        if fixture.clock.pauses.isEmpty { return false }
        fixture.clock.advance(by: 5)
        return try await state(fixture) == .stale
      })
    // An hour after it was due, within one sleep of the clock's.
    let first = try #require(ticks.entries.first)
    #expect(first >= sampleTime + 3660 && first <= sampleTime + 3665)
    task.cancel()
    await task.value
    #expect(fixture.reports.entries.isEmpty)
  }

  @Test func isWokenForASoonerTime() async throws {
    let fixture = try ServiceFixture()
    let ticks = Log<Date>()
    let clock = clock(fixture, ticks: ticks)
    let task = Task { await clock.serve() }
    #expect(await eventually { !fixture.clock.pauses.isEmpty })
    try await fixture.add("shop/a", due: sampleTime - 3600)
    clock.poke()
    // Time stands still: only the poke can have done it.
    #expect(await eventually { try await state(fixture) == .stale })
    #expect(fixture.clock.now == sampleTime)
    task.cancel()
    await task.value
  }

  @Test func troubleIsReportedAndTriedAgain() async throws {
    let fixture = try ServiceFixture()
    try await fixture.add("shop/a", due: sampleTime - 3600)
    let tries = Log<Int>()
    let clock = AlarmClock(
      store: fixture.store, time: fixture.time,
      tick: {
        tries.add(1)
        if tries.entries.count < 3 { throw StoreError.unavailable("the disk is full") }
        return try await fixture.store.tick(
          at: fixture.clock.now, aliveSince: .distantPast, limit: 100, router: Nobody()
        ).count
      }, report: { fixture.reports.add($0) })
    let task = Task { await clock.serve() }
    #expect(
      await eventually {
        fixture.clock.advanceToNext()
        return try await state(fixture) == .stale
      })
    task.cancel()
    await task.value
    #expect(fixture.reports.entries == Array(repeating: "alarms: the disk is full", count: 2))
  }
}
