import Domain
import Foundation
import TestSupport
import Testing

@testable import Persistence

@Suite struct OutboxTests {
  /// Two events of each checker for two actions.
  private func filled(_ checkers: [String] = ["shop/a", "shop/b"]) async throws -> StoreFixture {
    let fixture = try StoreFixture()
    for checker in checkers {
      try await fixture.add(.sample(checker))
      try await fixture.record(.sample(of: name(checker), .failed, at: sampleTime), actions: ["mail", "queue"])
      try await fixture.record(.sample(of: name(checker), .passed, at: after(60)), actions: ["mail", "queue"])
    }
    return fixture
  }

  @Test func onlyTheOldestOfEachLineIsLeased() async throws {
    let fixture = try await filled()
    let leased = try await fixture.store.lease(at: after(100), limit: 99, seconds: 30)
    #expect(leased.count == 4)
    #expect(leased.allSatisfy { $0.event.run.outcome == .failed && $0.state == .sending && $0.attempts == 1 })
    #expect(try await fixture.store.lease(at: after(101), limit: 99, seconds: 30).isEmpty)
    try await fixture.store.delivered(leased[0].id, at: after(102))
    let next = try await fixture.store.lease(at: after(103), limit: 99, seconds: 30)
    #expect(next.map(\.event.run.outcome) == [.passed])
    #expect(next.map(\.action) == [leased[0].action])
    #expect(next.map(\.event.checker) == [leased[0].event.checker])
  }

  @Test func sinceWhenAnActionFailsIsKnownAfterARestart() async throws {
    let fixture = try await filled(["shop/a"])
    #expect(try await fixture.store.failingSince("mail") == nil)
    let leased = try await fixture.store.lease(at: after(100), limit: 99, seconds: 30)
    #expect(try await fixture.store.failingSince("mail") == nil, "the first attempt is under way")
    let mail = try #require(leased.first { $0.action == "mail" })
    try await fixture.store.retry(mail.id, at: after(110), error: "connection refused")
    let copy = try fixture.killedCopy()
    let again = try SQLiteStore(folder: copy.path)
    #expect(try await again.failingSince("mail") == mail.createdAt)
    #expect(try await again.failingSince("queue") == nil)
  }

  @Test func leasersNeverShareADelivery() async throws {
    let fixture = try await filled((0..<10).map { "shop/c\($0)" })
    let ids = try await withThrowingTaskGroup(of: [Int64].self) { group in
      for _ in 0..<10 {
        group.addTask { try await fixture.store.lease(at: after(100), limit: 3, seconds: 30).map(\.id) }
      }
      return try await group.reduce(into: []) { $0 += $1 }
    }
    #expect(ids.count == 20)
    #expect(Set(ids).count == 20)
  }

  @Test func aLeaseEndsByItself() async throws {
    let fixture = try await filled(["shop/a"])
    let first = try await fixture.store.lease(at: after(100), limit: 1, seconds: 30)
    _ = try await fixture.store.lease(at: after(100), limit: 9, seconds: 300)
    #expect(try await fixture.store.nextAttempt() == after(130))
    let second = try await fixture.store.lease(at: after(130), limit: 9, seconds: 30)
    #expect(second.map(\.id) == first.map(\.id))
    #expect(second.map(\.attempts) == [2])
  }

  @Test func aRetryHoldsItsLineUpAndAFailureDoesNot() async throws {
    let fixture = try await filled(["shop/a"])
    let leased = try await fixture.store.lease(at: after(100), limit: 9, seconds: 30)
    try await fixture.store.retry(leased[0].id, at: after(500), error: "connection refused")
    try await fixture.store.failed(leased[1].id, error: "no such exchange", at: after(101))
    try await fixture.record(.sample(of: name("a"), .failed, at: after(120)), actions: ["mail", "queue"])
    let next = try await fixture.store.lease(at: after(200), limit: 9, seconds: 30)
    #expect(next.map(\.action) == [leased[1].action])
    let waiting = try #require(try await fixture.store.delivery(leased[0].id))
    #expect(waiting.state == .waiting)
    #expect(waiting.lastError == "connection refused")
    #expect(waiting.nextAttemptAt == after(500))
    #expect(try await fixture.store.lease(at: after(500), limit: 9, seconds: 1).map(\.id).contains(leased[0].id))
  }

  @Test func whatWasDeliveredStaysDelivered() async throws {
    let fixture = try await filled(["shop/a"])
    let id = try #require(try await fixture.store.lease(at: after(100), limit: 1, seconds: 1).first?.id)
    try await fixture.store.delivered(id, at: after(101))
    try await fixture.store.retry(id, at: after(102), error: "late")
    try await fixture.store.failed(id, error: "later", at: after(103))
    let delivery = try #require(try await fixture.store.delivery(id))
    #expect(delivery.state == .delivered)
    #expect(delivery.finishedAt == after(101))
    #expect(delivery.lastError == nil)
    await #expect(throws: StoreError.missing("delivery", 999)) {
      try await fixture.store.delivered(999, at: sampleTime)
    }
  }

  @Test func failedAndWithheldOnesGoBackInLine() async throws {
    let fixture = try StoreFixture()
    try await fixture.add(.sample("shop/a"))
    try await fixture.record(.sample(of: name("a"), .failed), actions: ["queue"], withheld: true)
    #expect(try await fixture.store.counts() == [.withheld: 1])
    #expect(try await fixture.store.nextAttempt() == nil)
    #expect(try await fixture.store.lease(at: after(9), limit: 9, seconds: 1).isEmpty)
    let id = try #require(try await fixture.store.deliveries(action: nil, checker: name("a"), limit: 9).first?.id)
    try await fixture.store.resend(id, at: after(10))
    #expect(try await fixture.store.nextAttempt() == after(10))
    #expect(try await fixture.store.lease(at: after(10), limit: 9, seconds: 1).map(\.id) == [id])
    await #expect(
      throws: StoreError.conflict("Delivery \(id) is sending. Only failed or withheld ones can be sent again.")
    ) { try await fixture.store.resend(id, at: after(11)) }
  }

  @Test func deliveriesAreListedNewestFirst() async throws {
    let fixture = try await filled()
    let all = try await fixture.store.deliveries(action: nil, checker: nil, limit: 99).map(\.id)
    #expect(all.count == 8)
    #expect(all == all.sorted(by: >))
    let some = try await fixture.store.deliveries(action: "mail", checker: name("b"), limit: 99)
    #expect(some.map(\.event.run.outcome) == [.passed, .failed])
    #expect(some.allSatisfy { $0.action == "mail" && $0.event.checker == name("b") })
    #expect(try await fixture.store.deliveries(action: "mail", checker: nil, limit: 1).count == 1)
  }
}
