import Domain
import Foundation
import Scheduling
import Synchronization
import TestSupport
import Testing

@Suite struct SchedulerTests {
  /// Starts a scheduler whose runs are logged by name, and recorded so that they are due five minutes later.
  private func scheduler(
    _ fixture: ServiceFixture, _ batches: Log<[String]>, limits: Scheduler.Limits = .init(),
    before: @escaping @Sendable ([StoredChecker]) async throws -> Void = { _ in }
  ) -> Scheduler {
    Scheduler(store: fixture.store, time: fixture.time, limits: limits) { due in
      batches.add(due.map(\.checker.id.name).sorted())
      try await before(due)
      for stored in due {
        let run = Run.sample(of: stored.checker.id, id: UUID().uuidString)
        let next = try stored.checker.schedule?.next(after: fixture.clock.now)
        _ = try await fixture.store.record(run, nextRunAt: next) { _, _ in [] }
      }
    } report: {
      fixture.reports.add($0)
    }
  }

  private func serving(_ scheduler: Scheduler, _ body: () async throws -> Void) async throws {
    let task = Task { await scheduler.serve() }
    do {
      try await body()
    } catch {
      task.cancel()
      throw error
    }
    task.cancel()
    await task.value
  }

  @Test func whatIsDueTogetherRunsTogetherAndNothingBefore() async throws {
    let fixture = try ServiceFixture()
    for name in ["a", "b", "c"] { try await fixture.add("shop/" + name) }
    try await fixture.add("shop/later", due: sampleTime + 60)
    let batches = Log<[String]>()
    try await serving(scheduler(fixture, batches)) {
      #expect(await eventually { batches.entries == [["a", "b", "c"]] })
      for _ in 0..<59 { fixture.clock.advance(by: 1) }
      #expect(batches.entries.count == 1)
      // Sleeps of at most five seconds: the clock moves on until the scheduler has looked.
      #expect(
        await eventually {
          fixture.clock.advance(by: 0.5)
          return batches.entries.count >= 2
        })
      #expect(batches.entries[1] == ["later"])
    }
    #expect(fixture.reports.entries.isEmpty)
  }

  @Test func missedTimesBecomeOneRunForTheFirstOfThem() async throws {
    let fixture = try ServiceFixture()
    try await fixture.add("shop/a", due: sampleTime - 3 * 3600)
    let batches = Log<[String]>()
    let due = Log<Date?>()
    try await serving(scheduler(fixture, batches) { for stored in $0 { due.add(stored.nextRunAt) } }) {
      #expect(await eventually { try await fixture.store.nextDue() == sampleTime + 300 })
    }
    #expect(batches.entries == [["a"]])
    #expect(due.entries == [sampleTime - 3 * 3600])
  }

  @Test func onlySoManyRunAtOnce() async throws {
    let fixture = try ServiceFixture()
    for number in 0..<5 { try await fixture.add("shop/c\(number)") }
    let (gate, batches) = (Gate(), Log<[String]>())
    let limits = Scheduler.Limits(batches: 2, checkersPerBatch: 1)
    try await serving(scheduler(fixture, batches, limits: limits) { _ in await gate.pass() }) {
      #expect(await eventually { batches.entries.count == 2 })
      // Two are claimed and no more: the rest can still be claimed by hand.
      let free = try await fixture.store.claimDue(at: sampleTime, limit: 10, lease: 1)
      #expect(free.count == 3)
      for stored in free { try await fixture.store.release(stored.checker.id, nextRunAt: sampleTime) }
      gate.open()
      #expect(await eventually { batches.entries.count == 5 })
    }
  }

  @Test func aCheckerIsNeverRunTwiceAtOnce() async throws {
    let fixture = try ServiceFixture()
    try await fixture.add("shop/slow")
    let (gate, batches) = (Gate(), Log<[String]>())
    try await serving(scheduler(fixture, batches) { _ in await gate.pass() }) {
      #expect(await eventually { batches.entries.count == 1 })
      // Another one shows that the scheduler has looked again, long after the slow one was due again.
      try await fixture.add("shop/other", due: sampleTime + 600)
      #expect(
        await eventually {
          fixture.clock.advance(by: 5)
          return batches.entries.count == 2
        })
      #expect(batches.entries == [["slow"], ["other"]])
      gate.open()
    }
  }

  @Test func aPokeRunsWhatHasBecomeDueAtOnce() async throws {
    let fixture = try ServiceFixture()
    let batches = Log<[String]>()
    let scheduler = scheduler(fixture, batches)
    try await serving(scheduler) {
      try await fixture.add("shop/new")
      // The clock stands still: only the poke can wake it.
      scheduler.poke()
      #expect(await eventually { batches.entries == [["new"]] })
    }
  }

  @Test func troubleIsReportedAndTriedAgain() async throws {
    struct Trouble: Error {}
    let fixture = try ServiceFixture()
    try await fixture.add("shop/a")
    let batches = Log<[String]>()
    let store = fixture.store
    let scheduler = scheduler(fixture, batches) { due in
      guard batches.entries.count == 1 else { return }
      for stored in due { try await store.release(stored.checker.id, nextRunAt: stored.nextRunAt) }
      throw Trouble()
    }
    try await serving(scheduler) {
      #expect(
        await eventually {
          fixture.clock.advance(by: 0.2)
          return batches.entries.count >= 2
        })
      #expect(fixture.reports.entries.count == 1)
    }
  }

  @Test func aStopWaitsForRunsAndClaimsNothingMore() async throws {
    let fixture = try ServiceFixture()
    try await fixture.add("shop/a")
    let (gate, batches) = (Gate(), Log<[String]>())
    let scheduler = scheduler(fixture, batches) { _ in await gate.pass() }
    let task = Task { await scheduler.serve() }
    #expect(await eventually { batches.entries.count == 1 })
    task.cancel()
    try await fixture.add("shop/b")
    scheduler.poke()
    gate.open()
    await task.value
    #expect(batches.entries == [["a"]])
    #expect(try await fixture.store.runs(RunFilter(), limit: 10, before: nil).count == 1)
  }

  @Test func aStopCancelsWhatTakesTooLong() async throws {
    let fixture = try ServiceFixture()
    try await fixture.add("shop/a")
    let (batches, cancelled) = (Log<[String]>(), Log<Bool>())
    let scheduler = scheduler(fixture, batches) { _ in
      do {
        try await Task.sleep(for: .seconds(3600))
      } catch {
        cancelled.add(true)
        throw error
      }
    }
    let task = Task { await scheduler.serve() }
    #expect(await eventually { batches.entries.count == 1 })
    task.cancel()
    let ended = Log<Bool>()
    Task {
      await task.value
      ended.add(true)
    }
    #expect(
      await eventually {
        fixture.clock.advance(by: 5)
        return !ended.entries.isEmpty
      })
    #expect(cancelled.entries == [true])
  }

  @Test func runsByTheMachinesClock() async throws {
    let fixture = try ServiceFixture()
    try await fixture.add("shop/a", due: Date() + 0.2)
    let ran = Log<Date>()
    let scheduler = Scheduler(store: fixture.store) { due in
      ran.add(Date())
      for stored in due { try await fixture.store.release(stored.checker.id, nextRunAt: nil) }
    } report: {
      fixture.reports.add($0)
    }
    try await serving(scheduler) { #expect(await eventually { !ran.entries.isEmpty }) }
    #expect(ran.entries.count == 1)
  }
}
