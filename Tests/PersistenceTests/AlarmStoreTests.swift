import Domain
import Foundation
import GRDB
import TestSupport
import Testing

@testable import Persistence

/// Tells one action of every notice, unless something withholds it.
private struct OneAction: NoticeRouting {
  var action = "queue"
  var obstacle: String?

  func deliveries(for update: AlarmUpdate) -> [NewDelivery] {
    guard let notice = update.change.notice else { return [] }
    let event = Event(
      id: "\(notice.kind.rawValue)-\(update.at.timeIntervalSince1970)", subject: .alarm(notice.transition),
      checker: update.stored.checker, checkerVersion: update.stored.version, run: update.run, time: update.at)
    return [
      NewDelivery(
        event: event, action: action, isWithheld: obstacle != nil, reason: obstacle ?? notice.reason.text)
    ]
  }

  func withholding(_ stored: StoredChecker, at time: Date) -> String? { obstacle }
}

@Suite struct AlarmStoreTests {
  private func record(
    _ outcome: Outcome, at seconds: Double, _ fixture: StoreFixture, next: Double? = nil,
    router: any NoticeRouting = OneAction()
  ) async throws -> AlarmChange {
    try await fixture.store.record(
      .sample(of: name("a"), outcome, at: after(seconds)),
      nextRun: { _ in NextRun(at: after(next ?? seconds + 300)) }, router: router)
  }

  private func fixture(_ policy: AlarmPolicy) async throws -> StoreFixture {
    let fixture = try StoreFixture()
    var checker = Checker.sample("shop/a")
    checker.alarm = policy
    try await fixture.add(checker)
    return fixture
  }

  private func told(_ fixture: StoreFixture) async throws -> [String] {
    try await fixture.store.deliveries(action: nil, checker: nil, limit: 100).reversed().map {
      "\($0.state.rawValue): \($0.reason)"
    }
  }

  private func alarm(_ fixture: StoreFixture) async throws -> Alarm {
    try #require(try await fixture.store.checker(name("a"))).alarm
  }

  @Test func whatWasCountedSurvivesARestart() async throws {
    let first = try await fixture(AlarmPolicy(forSeconds: 600, forRuns: 2))
    _ = try await record(.failed, at: 0, first)
    #expect(try await alarm(first).state == .pending)
    let copy = try first.killedCopy()
    let again = try SQLiteStore(folder: copy.path)
    let change = try await again.record(
      .sample(of: name("a"), .failed, at: after(600)), nextRun: { _ in NextRun(at: nil) }, router: OneAction())
    #expect(change.notice?.kind == .red)
  }

  @Test func aRunThatDoesNotComeMakesTheAlarmStaleOnce() async throws {
    let fixture = try await fixture(AlarmPolicy(staleAfterSeconds: 60))
    _ = try await record(.passed, at: 0, fixture)
    #expect(try await fixture.store.nextTick() == after(360))
    #expect(try await tick(fixture, at: 359) == [])
    #expect(try await tick(fixture, at: 360) == [name("a")])
    #expect(try await tick(fixture, at: 1000) == [])
    #expect(try await alarm(fixture).state == .stale)
    let delivery = try #require(try await fixture.store.deliveries(action: nil, checker: nil, limit: 1).first)
    #expect(delivery.event.run.reason == "no run came: one was due 1m ago")
    _ = try await record(.passed, at: 1100, fixture)
    #expect(
      try await told(fixture) == [
        "waiting: the alarm opened", "waiting: resolved after 12m 20s",
      ])
  }

  @Test func aRunThatIsMissedIsAFailureOfWhichTheRestOfTheStoryIsToldOnce() async throws {
    let fixture = try await fixture(AlarmPolicy(staleAfterSeconds: 60, missedAfterSeconds: 180))
    _ = try await record(.passed, at: 0, fixture)
    #expect(try await tick(fixture, at: 360) == [name("a")])
    #expect(try await fixture.store.nextTick() == after(480))
    #expect(try await tick(fixture, at: 480) == [name("a")])
    #expect(try await alarm(fixture).state == .red)
    let event = try #require(try await fixture.store.deliveries(action: nil, checker: nil, limit: 1).first?.event)
    #expect(event.summary == "no run came: one was due 3m ago" && event.run.outcome == .failed)
    #expect(try await fixture.store.nextTick() == nil)
    _ = try await record(.passed, at: 1000, fixture)
    #expect(
      try await told(fixture) == [
        "waiting: the alarm opened", "waiting: the open alarm changed its kind", "waiting: resolved after 10m 40s",
      ])
  }

  @Test func aRunTellsAtOnceOfWhatNothingWithholdsAnyMore() async throws {
    let fixture = try await fixture(AlarmPolicy(staleAfterSeconds: nil))
    _ = try await record(.failed, at: 0, fixture, router: OneAction(obstacle: "muted by ana"))
    _ = try await record(.failed, at: 10, fixture)
    _ = try await record(.failed, at: 20, fixture)
    #expect(
      try await told(fixture) == ["withheld: muted by ana", "waiting: it was withheld until now, and is still open"])
  }

  /// What was due while the service did not run has its chance first.
  @Test func nothingIsStaleBecauseTheServiceWasAway() async throws {
    let fixture = try await fixture(AlarmPolicy(staleAfterSeconds: 60))
    _ = try await record(.passed, at: 0, fixture)
    let alive = after(9000)
    #expect(try await fixture.store.tick(at: after(9010), aliveSince: alive, limit: 10, router: OneAction()) == [])
    #expect(try await fixture.store.nextTick() == after(9060))
    #expect(
      try await fixture.store.tick(at: after(9060), aliveSince: alive, limit: 10, router: OneAction()) == [name("a")])
  }

  @Test func remindersComeUntilSomebodyAcknowledges() async throws {
    let fixture = try await fixture(AlarmPolicy(staleAfterSeconds: nil, repeatSeconds: 600))
    _ = try await record(.failed, at: 0, fixture)
    #expect(try await tick(fixture, at: 500) == [])
    #expect(try await tick(fixture, at: 601) == [name("a")])
    let taken = Acknowledgement(author: "ana", comment: "on it", at: after(700), expiresAt: after(4000))
    try await fixture.store.acknowledge(name("a"), taken, router: OneAction())
    #expect(try await alarm(fixture).acknowledgement == taken)
    #expect(try await tick(fixture, at: 3999) == [])
    #expect(try await tick(fixture, at: 4000) == [name("a")])
    #expect(
      try await told(fixture) == [
        "waiting: the alarm opened", "waiting: still open after 10m, not acknowledged", "waiting: ana looks after it",
        "waiting: the time that ana took for it is over, and it is still open",
      ])
    let entries = try await fixture.store.entries(of: name("a"), limit: 10)
    #expect(entries.map(\.kind) == [.acknowledgementExpired, .acknowledged])
    #expect(entries.last?.text == "for 55m: on it")
  }

  @Test func aReminderTellsWhatTheNewestRunFound() async throws {
    let fixture = try await fixture(AlarmPolicy(staleAfterSeconds: nil, repeatSeconds: 600))
    for (seconds, observed) in [(0.0, Int64(57)), (300, 58), (600, 59)] {
      _ = try await fixture.store.record(
        .sample(of: name("a"), .failed, at: after(seconds), observed: observed),
        nextRun: { _ in NextRun(at: after(900)) }, router: OneAction())
    }
    _ = try await tick(fixture, at: 601)
    let told = try await fixture.store.deliveries(action: nil, checker: nil, limit: 9).map(\.event.run.summary)
    #expect(told.first?.hasSuffix("(found 59 rows)") == true, "\(told)")
    #expect(told.last?.hasSuffix("(found 57 rows)") == true, "\(told)")
  }

  @Test func nothingOpenCannotBeAcknowledged() async throws {
    let fixture = try await fixture(.standard)
    _ = try await record(.passed, at: 0, fixture)
    let error = await #expect(throws: StoreError.self) {
      try await fixture.store.acknowledge(
        name("a"), Acknowledgement(author: "ana", at: sampleTime), router: OneAction())
    }
    guard case .conflict = error else {
      Issue.record("not a conflict: \(String(describing: error))")
      return
    }
  }

  @Test func anEndThatWasWithheldIsToldOnceNothingWithholdsIt() async throws {
    let fixture = try await fixture(AlarmPolicy(staleAfterSeconds: nil))
    _ = try await record(.failed, at: 0, fixture)
    _ = try await record(.passed, at: 60, fixture, router: OneAction(obstacle: "muted by ana"))
    #expect(try await tick(fixture, at: 119) == [])
    try await fixture.store.tickWithheld(at: after(90))
    #expect(try await fixture.store.nextTick() == after(90))
    #expect(try await tick(fixture, at: 120) == [name("a")])
    #expect(try await fixture.store.nextTick() == nil)
    #expect(
      try await told(fixture) == [
        "waiting: the alarm opened", "withheld: muted by ana", "waiting: resolved after 1m",
      ])
  }

  @Test func whatWasWithheldIsToldOnceNothingWithholdsIt() async throws {
    let fixture = try await fixture(AlarmPolicy(staleAfterSeconds: nil))
    _ = try await record(.failed, at: 0, fixture, router: OneAction(obstacle: "silence 1 by ana: move"))
    #expect(
      try await fixture.store.tick(
        at: after(100), aliveSince: sampleTime, limit: 10, router: OneAction(obstacle: "silence 1 by ana: move")) == [])
    #expect(try await fixture.store.nextTick() == after(160))
    #expect(try await tick(fixture, at: 160) == [name("a")])
    #expect(try await fixture.store.nextTick() == nil)
    #expect(
      try await told(fixture) == [
        "withheld: silence 1 by ana: move", "waiting: it was withheld until now, and is still open",
      ])
  }

  @Test func whatWasWithheldIsLookedAtAtOnceWhenTheCheckerIsEdited() async throws {
    let fixture = try await fixture(AlarmPolicy(staleAfterSeconds: nil))
    _ = try await record(.failed, at: 0, fixture, router: OneAction(obstacle: "silence 1 by ana: tag move"))
    var checker = Checker.sample("shop/a")
    checker.alarm = AlarmPolicy(staleAfterSeconds: nil)
    checker.tags = ["other"]
    _ = try await fixture.store.save(
      checker, replacing: name("a"), expectedVersion: nil, author: "ana", at: after(10), nextRunAt: after(300))
    #expect(try await fixture.store.nextTick() == after(10))
    #expect(try await tick(fixture, at: 10) == [name("a")])
  }

  @Test func anOlderStoreIsResolvedAsItWasTold() async throws {
    let fixture = try await fixture(.standard)
    _ = try await record(.failed, at: 0, fixture)
    try await fixture.store.write { database in
      try database.execute(sql: "UPDATE checker SET alarm_memory = '{}'")
    }
    let change = try await record(.passed, at: 300, fixture)
    #expect(change.notice?.kind == .resolved && change.notice?.wasTold == true)
  }

  @Test func commentsAndSilencesAreKept() async throws {
    let fixture = try await fixture(.standard)
    try await fixture.store.comment(name("a"), "seen in March too", author: "ben", at: after(5))
    #expect(
      try await fixture.store.entries(of: name("a"), limit: 5) == [
        AlarmEntry(at: after(5), kind: .comment, author: "ben", text: "seen in March too")
      ])
    let silence = Silence(
      matchers: [AlarmMatcher(.namespace, ["shop"])], startsAt: sampleTime, endsAt: after(60),
      hours: QuietHours(from: 0, until: 60), author: "ana", comment: "move")
    let saved = try await fixture.store.save(silence)
    #expect(saved.id == 1)
    #expect(try await fixture.store.silences(notEndedAt: after(59)) == [saved])
    #expect(try await fixture.store.silences(notEndedAt: after(60)) == [])
    #expect(try await fixture.store.silences(notEndedAt: nil) == [saved])
  }

  @Test func whatIsOverdueShowsThoughNobodyWroteItDown() async throws {
    let fixture = try await fixture(AlarmPolicy(staleAfterSeconds: 60))
    _ = try await record(.passed, at: 0, fixture)
    let before = try await fixture.store.overview(OverviewFilter(at: after(359)))
    let later = try await fixture.store.overview(OverviewFilter(at: after(360)))
    #expect(before.counts == [.green: 1] && later.counts == [.stale: 1])
    #expect(later.attention.map(\.checker.id) == [name("a")])
  }

  private func tick(_ fixture: StoreFixture, at seconds: Double) async throws -> [QualifiedName] {
    try await fixture.store.tick(at: after(seconds), aliveSince: sampleTime, limit: 10, router: OneAction())
  }

  @Test func deliveriesOfEveryRunDoNotCrowdOutThoseOfTheAlarm() async throws {
    let fixture = try await fixture(.standard)
    _ = try await record(.failed, at: 0, fixture)
    for run in 1...5 { _ = try await record(.failed, at: Double(run) * 300, fixture, router: EveryRun()) }
    #expect(try await told(fixture).count == 6)
    #expect(try await fixture.store.notices(of: name("a"), limit: 2).map(\.reason) == ["the alarm opened"])
    await #expect(throws: StoreError.self) { try await fixture.store.notices(of: name("none"), limit: 2) }
    let shown = try await fixture.store.deliveries(action: nil, checker: nil, state: nil, withRuns: false, limit: 2)
    #expect(shown.map(\.reason) == ["the alarm opened"])
  }
}

/// Tells an action of each run.
private struct EveryRun: NoticeRouting {
  func deliveries(for update: AlarmUpdate) -> [NewDelivery] {
    let event = Event(
      id: "run-\(update.at.timeIntervalSince1970)", subject: .runFinished, checker: update.stored.checker,
      checkerVersion: update.stored.version, run: update.run, time: update.at)
    return [NewDelivery(event: event, action: "runs", isWithheld: false, reason: Delivery.everyRun)]
  }

  func withholding(_ stored: StoredChecker, at time: Date) -> String? { nil }
}
