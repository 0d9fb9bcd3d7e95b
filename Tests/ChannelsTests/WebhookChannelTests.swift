import Domain
import Foundation
import TestSupport
import Testing

@testable import Channels

@Suite struct WebhookChannelTests {
  private func channel(_ receiver: TestReceiver, _ more: [String: String] = [:]) throws -> WebhookChannel {
    try WebhookChannel(
      settings: ["url": receiver.url + "/hook/${TOKEN}", "secret": "${KEY}"].merging(more) { $1 },
      environment: ["TOKEN": "tok-98765", "KEY": "key-of-mine"])
  }

  private func failure(_ answer: TestReceiver.Answer) async throws -> DeliveryError? {
    let receiver = try TestReceiver([answer])
    let channel = try channel(receiver)
    return await #expect(throws: DeliveryError.self) { try await channel.send(.sample()) }
  }

  @Test func postsTheEventSigned() async throws {
    let receiver = try TestReceiver([.status(204)])
    let channel = try channel(receiver)
    let event = Event.sample()
    try await channel.send(event)
    let request = try #require(receiver.requests.first)
    #expect(request.line == "POST /hook/tok-98765 HTTP/1.1")
    #expect(request.body == CloudEvent(event: event, includesRows: false).encoded)
    #expect(request.headers["content-type"] == "application/cloudevents+json; charset=utf-8")
    #expect(request.headers["x-malleable-event-id"] == "run-1-red")
    let timestamp = try #require(request.headers["x-malleable-timestamp"])
    #expect(abs(Date().timeIntervalSince1970 - (Double(timestamp) ?? 0)) < 60)
    let expected = Signature.header(secret: "key-of-mine", timestamp: timestamp, body: request.body)
    #expect(request.headers["x-malleable-signature"] == expected)
    try await channel.send(event)
    #expect(receiver.connectionCount == 1)
    await channel.close()
    try await channel.send(event)
    #expect(receiver.requests.count == 3)
  }

  /// printf '1700000000.{"a":1}' | openssl dgst -sha256 -hmac 'it is a secret'
  @Test func theSignatureIsWhatOpenSSLComputes() {
    let header = Signature.header(secret: "it is a secret", timestamp: "1700000000", body: Array(#"{"a":1}"#.utf8))
    #expect(header == "sha256=e13ca661150ed628f4ae657a91356a99ce1d89519ed99c20a90f567c6f061275")
  }

  @Test func withoutASecretNothingIsSigned() async throws {
    let receiver = try TestReceiver([.status(200)])
    let channel = try channel(receiver, ["secret": ""])
    try await channel.send(.sample())
    #expect(receiver.requests.first?.headers["x-malleable-signature"] == nil)
  }

  @Test func tooManyRequestsWaitAsLongAsTheReceiverSays() async throws {
    let error = try await failure(.status(429, ["Retry-After": "17"], body: "slow down"))
    guard case .transient(let text, let seconds) = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(seconds == 17)
    #expect(text.hasSuffix("answered 429: slow down"))
  }

  @Test(arguments: [408, 425, 500, 502, 503, 504])
  func whatMayPassIsTriedAgain(_ status: Int) async throws {
    let error = try await failure(.status(status))
    guard case .transient(_, nil) = error else {
      Issue.record("\(String(describing: error))")
      return
    }
  }

  @Test(arguments: [301, 302, 400, 401, 403, 404, 410, 413])
  func whatNeedsMendingIsNot(_ status: Int) async throws {
    let error = try await failure(.status(status, ["Location": "http://127.0.0.1:1/elsewhere"]))
    guard let text = error?.finalText else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(text.contains("answered \(status)"))
    #expect(text.contains("Redirects") == (status < 400))
  }

  @Test func answersAreShownShortAndWithoutSecrets() async throws {
    let body = "no\nroute /hook/tok-98765 for key-of-mine " + String(repeating: "x", count: 1000)
    let error = try await failure(.status(400, body: body))
    guard let text = error?.finalText else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(text.contains("no route ••• for •••"))
    #expect(text.count < 300)
    #expect(!text.contains("tok-98765") && !text.contains("key-of-mine"))
  }

  @Test func anEndlessAnswerIsNotRead() async throws {
    let receiver = try TestReceiver([.status(200, body: String(repeating: "x", count: 10 << 20))])
    try await channel(receiver).send(.sample())
    #expect(receiver.requests.count == 1)
  }

  @Test func troubleOnTheWayIsTriedAgain() async throws {
    for (answer, part) in [(TestReceiver.Answer.hangUp, "closed"), (.status(500), "500")] {
      let error = try await failure(answer)
      guard case .transient(let text, _) = error else {
        Issue.record("\(String(describing: error))")
        return
      }
      #expect(text.contains(part) && text.contains("127.0.0.1") && !text.contains("tok-98765"))
    }
    let closed = try WebhookChannel(settings: ["url": "http://127.0.0.1:1/secret-path"], environment: [:])
    let error = await #expect(throws: DeliveryError.self) { try await closed.send(.sample()) }
    #expect(error == .transient("http://127.0.0.1:1: cannot connect: connection refused", retryAfterSeconds: nil))
  }

  @Test func aReceiverThatSaysNothingIsGivenUpOn() throws {
    let receiver = try TestReceiver([.silence])
    let client = try HTTPClient(totalSeconds: 1)
    let error = #expect(throws: HTTPFailure.self) {
      try client.send(HTTPRequest(url: receiver.url, headers: [], body: [1], caFile: ""))
    }
    #expect(error?.message == "no answer in time")
  }

  @Test(
    arguments: [
      ("0", 0.0), ("120", 120), ("999999999999", 3600), ("Mon, 02 Mar 2026 12:02:00 GMT", 120),
      ("Mon, 02 Mar 2026 11:00:00 GMT", 0), ("Tue, 03 Mar 2026 12:00:00 GMT", 3600), ("-5", nil), ("soon", nil),
      ("", nil),
    ] as [(String, Double?)])
  func retryAfterIsReadAndBounded(_ text: String, _ seconds: Double?) {
    #expect(RetryAfter.seconds(text, now: sampleTime) == seconds)
  }
}
