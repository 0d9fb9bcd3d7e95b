import Domain
import Foundation
import TestSupport
import Testing

@testable import Persistence

/// Several alarms in one message.
@Suite struct GroupingTests {
  private let group = NewDelivery.Group(key: "namespace=shop", waitSeconds: 30, intervalSeconds: 300)

  private func store(_ checkers: [String] = ["a", "b", "c"]) async throws -> StoreFixture {
    let fixture = try StoreFixture()
    for checker in checkers { try await fixture.add(.sample("shop/\(checker)")) }
    return fixture
  }

  /// A run of `checker` at so many seconds, with one grouped delivery for `mail` when the alarm changes.
  private func run(
    _ checker: String, _ outcome: Outcome, at seconds: Double, _ fixture: StoreFixture, group: NewDelivery.Group?
  ) async throws {
    let run = Run.sample(of: name(checker), outcome, at: after(seconds))
    _ = try await fixture.store.record(run, nextRunAt: nil) { stored, transition in
      guard let transition else { return [] }
      let event = Event(
        id: "\(checker)-\(outcome.rawValue)", subject: .alarm(transition), checker: stored.checker,
        checkerVersion: stored.version, run: run, time: run.finishedAt)
      return [NewDelivery(event: event, action: "mail", isWithheld: false, reason: "opened", group: group)]
    }
  }

  private func lease(_ fixture: StoreFixture, at seconds: Double) async throws -> [Delivery] {
    try await fixture.store.lease(at: after(seconds), limit: 9, seconds: 60)
  }

  @Test func theFirstWaitsAndTheOthersComeWithIt() async throws {
    let fixture = try await store()
    try await run("a", .warned, at: 0, fixture, group: group)
    try await run("b", .failed, at: 10, fixture, group: group)
    try await run("c", .errored, at: 20, fixture, group: group)
    #expect(try await lease(fixture, at: 29).isEmpty)
    let leased = try await lease(fixture, at: 31)
    // One message, led by the worst.
    #expect(leased.map(\.event.id) == ["b-failed"])
    let told = try #require(leased.first?.event.group)
    #expect(told.key == "namespace=shop")
    #expect(told.alarms.map(\.checker.name).first == "b")
    #expect(Set(told.alarms.map(\.checker.name)) == ["a", "b", "c"])
    #expect(told.alarms.first { $0.checker.name == "c" }?.notice == .error)
    try await fixture.store.delivered(leased[0].id, at: after(32))
    let all = try await fixture.store.deliveries(action: nil, checker: nil, limit: 9)
    #expect(all.filter { $0.state == .delivered }.map(\.reason) == ["opened; tells of 2 more"])
    #expect(
      all.filter { $0.state == .grouped }.map(\.reason)
        == Array(repeating: "opened; told together with delivery \(leased[0].id)", count: 2))
    #expect(try await fixture.store.nextAttempt() == nil)
  }

  @Test func whatFollowsWaitsForThePause() async throws {
    let fixture = try await store()
    try await run("a", .failed, at: 0, fixture, group: group)
    let first = try #require(try await lease(fixture, at: 31).first)
    #expect(first.event.group == nil)
    try await fixture.store.delivered(first.id, at: after(32))
    try await run("b", .failed, at: 60, fixture, group: group)
    try await run("a", .passed, at: 90, fixture, group: group)
    #expect(try await lease(fixture, at: 330).isEmpty)
    #expect(try await fixture.store.nextAttempt() == after(331))
    let second = try #require(try await lease(fixture, at: 331).first)
    #expect(second.event.group?.alarms.map(\.notice) == [.red, .resolved])
    try await fixture.store.delivered(second.id, at: after(332))
    // Quiet for longer than the pause: the next is a first one again.
    try await run("c", .failed, at: 2000, fixture, group: group)
    #expect(try await fixture.store.nextAttempt() == after(2030.25))
  }

  @Test func theNewestOfOneAlarmIsTold() async throws {
    let fixture = try await store()
    try await run("a", .failed, at: 0, fixture, group: group)
    try await run("b", .failed, at: 1, fixture, group: group)
    try await run("a", .passed, at: 10, fixture, group: group)
    let leased = try await lease(fixture, at: 31)
    #expect(leased.map(\.event.id) == ["b-failed"])
    #expect(leased.first?.event.group?.alarms.map(\.notice) == [.red, .resolved])
    try await fixture.store.delivered(leased[0].id, at: after(32))
    #expect(try await fixture.store.counts() == [.delivered: 1, .grouped: 2])
    // Three deliveries of two alarms: the message tells of one more than its own.
    let all = try await fixture.store.deliveries(action: nil, checker: nil, limit: 9)
    #expect(all.filter { $0.state == .delivered }.map(\.reason) == ["opened; tells of 1 more"])
  }

  @Test func aMessageStaysAsItIsHoweverOftenItIsTried() async throws {
    let fixture = try await store()
    try await run("a", .failed, at: 0, fixture, group: group)
    try await run("b", .failed, at: 1, fixture, group: group)
    let first = try #require(try await lease(fixture, at: 31).first)
    try await fixture.store.retry(first.id, at: after(40), error: "connection refused")
    try await run("c", .failed, at: 35, fixture, group: group)
    // What was told of in it keeps its place: nothing of that alarm overtakes it.
    try await run("a", .passed, at: 36, fixture, group: nil)
    let again = try await lease(fixture, at: 40)
    #expect(again.map(\.event) == [first.event])
    #expect(again.first?.attempts == 2)
    try await fixture.store.delivered(first.id, at: after(41))
    #expect(try await lease(fixture, at: 42).map(\.event.id) == ["a-passed"])
    #expect(try await lease(fixture, at: 400).map(\.event.id).contains("c-failed"))
  }

  @Test func aMessageThatIsGivenUpCanBeSentAgainPieceByPiece() async throws {
    let fixture = try await store()
    try await run("a", .failed, at: 0, fixture, group: group)
    try await run("b", .failed, at: 1, fixture, group: group)
    let first = try #require(try await lease(fixture, at: 31).first)
    try await fixture.store.failed(first.id, error: "404 no_service", at: after(32))
    #expect(try await fixture.store.counts() == [.failed: 2])
    let ids = try await fixture.store.deliveries(action: nil, checker: nil, limit: 9).map(\.id)
    for id in ids { try await fixture.store.resend(id, at: after(50)) }
    let leased = try await lease(fixture, at: 50)
    #expect(Set(leased.map(\.event.id)) == ["a-failed", "b-failed"])
    #expect(leased.allSatisfy { $0.event.group == nil })
  }

  @Test func aKilledServiceSendsTheSameMessage() async throws {
    let fixture = try await store()
    try await run("a", .failed, at: 0, fixture, group: group)
    try await run("b", .failed, at: 1, fixture, group: group)
    let first = try #require(try await lease(fixture, at: 31).first)
    let copy = try fixture.killedCopy()
    let store = try SQLiteStore(folder: copy.path)
    let again = try await store.lease(at: after(35), limit: 9, seconds: 60)
    #expect(again.map(\.event) == [first.event])
    // Its leader's checker goes: the message stays as it is.
    try await store.deleteChecker(first.event.checker, at: sampleTime, router: Silent())
    let left = try await store.lease(at: after(200), limit: 9, seconds: 60)
    #expect(left.map(\.event) == [first.event])
  }

  @Test func groupsOfOtherActionsAndKeysAreTheirOwn() async throws {
    let fixture = try await store()
    let other = NewDelivery.Group(key: "namespace=other", waitSeconds: 30, intervalSeconds: 300)
    try await run("a", .failed, at: 0, fixture, group: group)
    try await run("b", .failed, at: 0, fixture, group: other)
    try await run("c", .failed, at: 0, fixture, group: nil)
    #expect(try await lease(fixture, at: 1).map(\.event.id) == ["c-failed"])
    let leased = try await lease(fixture, at: 31)
    #expect(Set(leased.map(\.event.id)) == ["a-failed", "b-failed"])
  }
}
