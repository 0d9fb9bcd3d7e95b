import Domain
import Foundation
import TestSupport
import Testing

@testable import Channels

@Suite struct CloudEventTests {
  @Test func anAlarmIsACloudEventWithJSONDataThatIsNoString() throws {
    let json = try object(CloudEvent(event: .sample(), includesRows: false).encoded)
    #expect(json["specversion"] as? String == "1.0")
    #expect(json["id"] as? String == "run-1-red")
    #expect(json["source"] as? String == "/malleable/ns/shop")
    #expect(json["type"] as? String == "dev.malleable.checker.alarm.red.v1")
    #expect(json["subject"] as? String == "checkers/shop/emails")
    #expect(json["time"] as? String == "2026-03-02T12:00:00.250Z")
    #expect(json["datacontenttype"] as? String == "application/json")
    #expect(json["sequence"] as? String == "2")
    let data = try #require(json["data"] as? [String: Any])
    #expect(data["previous"] as? String == "green")
    #expect(data["state"] as? String == "red")
    #expect(data["severity"] as? String == "warning")
    #expect(data["value"] as? Int == 7)
    #expect(data["threshold"] as? String == "less than 42 rows")
    #expect(data["messages"] as? [String] == ["There should be less than 42 users in that state (found 7 rows)"])
    #expect(data["run_id"] as? String == "run-1")
    #expect(data["since"] as? String == "2026-03-02T12:00:00.250Z")
    let checker = try #require(data["checker"] as? [String: Any])
    #expect(checker["name"] as? String == "emails")
    #expect(checker["version"] as? Int == 7)
    #expect(data["truncated"] == nil)
  }

  @Test func rowsStayAtHomeUnlessAskedFor() throws {
    func sample(_ includesRows: Bool) throws -> [String: Any] {
      let json = try object(CloudEvent(event: .sample(), includesRows: includesRows).encoded)
      return try #require((json["data"] as? [String: Any])?["sample"] as? [String: Any])
    }
    let without = try sample(false)
    #expect(without["rows"] == nil)
    #expect(without["total"] as? Int == 3)
    #expect(without["redacted"] as? Bool == true)
    let rows = try #require(try sample(true)["rows"] as? [[Any]])
    #expect(rows.first?.first as? Int == 1)
    #expect(rows.first?.last is NSNull)
  }

  @Test(arguments: [
    (Outcome.errored, "error", "error"), (.passed, "resolved", "green"), (.warned, "red", "red"),
  ])
  func eachTransitionHasItsType(_ outcome: Outcome, _ type: String, _ state: String) throws {
    let json = try object(CloudEvent(event: .sample(outcome), includesRows: false).encoded)
    #expect(json["type"] as? String == "dev.malleable.checker.alarm.\(type).v1")
    let data = try #require(json["data"] as? [String: Any])
    #expect(data["state"] as? String == state)
    #expect(data["warning"] as? Bool == (outcome == .warned))
  }

  @Test func aRunThatEndedHasItsOwnType() throws {
    let json = try object(CloudEvent(event: .sample(subject: .runFinished), includesRows: false).encoded)
    #expect(json["type"] as? String == "dev.malleable.checker.run.finished.v1")
    #expect(json["sequence"] == nil)
  }

  @Test func theSameEventIsTheSameBytes() {
    let event = Event.sample()
    let first = CloudEvent(event: event, includesRows: true).encoded
    for _ in 0..<20 { #expect(CloudEvent(event: event, includesRows: true).encoded == first) }
    #expect(String(decoding: first, as: UTF8.self).hasPrefix(#"{"data":{"assertions":[{"#))
  }

  @Test func tooManyRowsAreCutAndSaidSo() throws {
    var assertion = Assertion.sample(.failed)
    assertion.sample = Sample(
      columns: ["text"], rows: (0..<1000).map { _ in [.text(String(repeating: "é", count: 200))] }, total: 5000)
    let bytes = CloudEvent(event: .sample(assertions: [assertion]), includesRows: true).encoded
    #expect(bytes.count <= 64 << 10)
    let data = try #require(try object(bytes)["data"] as? [String: Any])
    #expect(data["truncated"] as? [String] == ["sample.rows"])
    let sample = try #require(data["sample"] as? [String: Any])
    #expect((sample["rows"] as? [[Any]])?.isEmpty == false)
    #expect(sample["total"] as? Int == 5000)
  }

  @Test func longTextsAreCutAndSaidSo() throws {
    var checker = Checker.sample(
      description: String(repeating: "d", count: 50_000), tags: [String](repeating: "t", count: 999))
    checker.runbook = String(repeating: "\u{1}", count: 200_000)
    let assertions = (0..<300).map { number in
      var assertion = Assertion.sample(.failed, name: String(repeating: "n", count: 3000))
      assertion.message = "\(number)" + String(repeating: "é", count: 9000)
      assertion.sample = Sample(columns: (0..<5000).map { "column \($0)" }, rows: [], total: 1)
      return assertion
    }
    let bytes = CloudEvent(event: .sample(checker: checker, assertions: assertions), includesRows: false).encoded
    #expect(bytes.count <= 64 << 10)
    let data = try #require(try object(bytes)["data"] as? [String: Any])
    #expect((data["truncated"] as? [String])?.contains("messages") == true)
    #expect((data["messages"] as? [String])?.first?.hasSuffix("…") == true)
  }

  @Test(arguments: [
    (Cell.double(.nan), "\"NaN\""), (.decimal("12345678901234567890.5"), "12345678901234567890.5"),
    (.decimal("Infinity"), "\"Infinity\""), (.double(0.1), "0.1"), (.null, "null"), (.boolean(true), "true"),
    (.binary([0, 255]), #""\\x00ff""#), (.text("a\"\\\n\u{1}\u{2028}é"), "\"a\\\"\\\\\\n\\u0001\u{2028}é\""),
  ])
  func cellsAreWrittenAsJSON(_ cell: Cell, _ text: String) throws {
    #expect(String(decoding: JSON(cell).encoded, as: UTF8.self) == text)
    _ = try JSONSerialization.jsonObject(with: Data(JSON(cell).encoded), options: .fragmentsAllowed)
  }

  @Test func routingKeysAreThreeWordsThatFit() {
    let plain = RoutingKey.of(.sample())
    #expect(plain == "shop.emails.red")
    let checker = Checker.sample("a.b/c.d")
    #expect(RoutingKey.of(.sample(.errored, checker: checker)) == "a_b.c_d.error")
    let long = Checker.sample(String(repeating: "ж", count: 100) + "/" + String(repeating: "ж", count: 100))
    let key = RoutingKey.of(.sample(.passed, checker: long))
    #expect(key.utf8.count <= 255)
    #expect(key.hasSuffix(".resolved"))
  }

  @Test func aRunMessageHasTheFiveKeysOfTheFirstVersion() throws {
    let failed = try object(RunMessage(event: .sample(subject: .runFinished), includesRows: true).encoded)
    #expect(Set(failed.keys) == ["id", "result", "error", "rule", "dataset"])
    #expect(failed["id"] as? String == "shop/emails")
    #expect(failed["result"] as? String == "failed")
    #expect(failed["error"] as? String == "There should be less than 42 users in that state (found 7 rows)")
    #expect(failed["rule"] as? [String] == ["users has rows"])
    #expect((failed["dataset"] as? [String: [[Any]]])?["shop/users"]?.count == 1)
    let passed = try object(RunMessage(event: .sample(.passed, subject: .runFinished), includesRows: false).encoded)
    #expect(passed["result"] as? String == "succeeded")
    #expect(passed["error"] is NSNull)
    #expect((passed["dataset"] as? [String: [[Any]]])?["shop/users"]?.isEmpty == true)
    let errored = try object(RunMessage(event: .sample(.errored, subject: .runFinished), includesRows: false).encoded)
    #expect(errored["result"] as? String == "failed")
    #expect(errored["error"] as? String == "the table users is gone")
  }
}
