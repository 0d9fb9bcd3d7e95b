import Domain
import Foundation
import TestSupport
import Testing

@testable import Persistence

/// What becomes of an alarm's later news when earlier news was given up.
@Suite struct GivenUpTests {
  /// `shop/a` is red, told to `mail` and `queue`; the one is delivered, the other given up.
  private func halfTold() async throws -> StoreFixture {
    let fixture = try StoreFixture()
    try await fixture.add(.sample("shop/a"))
    try await fixture.record(.sample(of: name("a"), .failed, at: sampleTime), actions: ["mail", "queue"])
    return fixture
  }

  private func settle(_ fixture: StoreFixture, at seconds: Double) async throws {
    for delivery in try await fixture.store.lease(at: after(seconds), limit: 9, seconds: 30) {
      if delivery.action == "mail" {
        try await fixture.store.delivered(delivery.id, at: after(seconds))
      } else {
        try await fixture.store.failed(delivery.id, error: "404", at: after(seconds))
      }
    }
  }

  private func newest(_ action: String, _ fixture: StoreFixture) async throws -> Delivery {
    try #require(try await fixture.store.deliveries(action: action, checker: name("a"), limit: 1).first)
  }

  @Test(arguments: [true, false]) func whoHeardOfNoBeginningHearsOfNoEnd(isGivenUpFirst: Bool) async throws {
    let fixture = try await halfTold()
    let first = try await newest("queue", fixture).id
    if isGivenUpFirst { try await settle(fixture, at: 10) }
    try await fixture.record(.sample(of: name("a"), .passed, at: after(60)), actions: ["mail", "queue"])
    if !isGivenUpFirst { try await settle(fixture, at: 70) }
    #expect(try await newest("mail", fixture).state == .waiting)
    let end = try await newest("queue", fixture)
    #expect(end.state == .withheld)
    #expect(end.reason.hasSuffix("it never heard of the beginning: delivery \(first) was given up"))
    // The next opening is told as ever, and so is its end.
    try await fixture.record(.sample(of: name("a"), .failed, at: after(120)), actions: ["queue"])
    try await fixture.record(.sample(of: name("a"), .passed, at: after(180)), actions: ["queue"])
    #expect(try await newest("queue", fixture).state == .waiting)
  }

  @Test func whatNewerNewsHasOvertakenIsNotSentAgain() async throws {
    let fixture = try await halfTold()
    try await settle(fixture, at: 10)
    let old = try await newest("queue", fixture).id
    try await fixture.record(.sample(of: name("a"), .passed, at: after(60)), actions: ["queue"])
    let end = try await newest("queue", fixture).id
    await #expect(
      throws: StoreError.conflict(
        "Delivery \(old) is overtaken: delivery \(end) tells of the same alarm as it was later. Send that one.")
    ) { try await fixture.store.resend(old, at: after(70)) }
    try await fixture.record(.sample(of: name("a"), .failed, at: after(120)), actions: ["queue"])
    try await settle(fixture, at: 130)
    #expect(
      try await fixture.store.resendFailed(action: "queue", at: after(140))
        == ResentDeliveries(resent: 1, overtaken: 1))
    #expect(try await fixture.store.lease(at: after(140), limit: 9, seconds: 30).map(\.event.run.outcome) == [.failed])
  }
}
