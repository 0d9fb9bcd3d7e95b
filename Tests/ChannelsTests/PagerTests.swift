import Domain
import Foundation
import TestSupport
import Testing

@testable import Channels

/// What pagers and chats are told, request by request.
@Suite struct PagerTests {
  private func bodies(_ key: String, _ events: [Event], _ settings: [String: String] = [:]) async throws
    -> [(line: String, json: [String: Any])]
  {
    let receiver = try TestReceiver([.status(200)])
    let kind = try #require(HTTPCase.all.first { $0.key == key })
    let channel = try kind.channel(receiver.url, settings)
    for event in events { try await channel.send(event) }
    return try receiver.requests.map { ($0.line, try object($0.body)) }
  }

  /// Red after an error.
  private var redAfterError: Event {
    var event = Event.sample()
    if case .alarm(var transition) = event.subject {
      transition.from = .error
      event.subject = .alarm(transition)
    }
    return event
  }

  @Test func aSilenceAboutToEndIsToldInChatsAndOpensNothingInPagers() async throws {
    let silence = Silence(
      id: 3, matchers: [], startsAt: sampleTime, endsAt: sampleTime + 3600, author: "ana", comment: "migration")
    let event = Event(ending: silence, open: [], at: sampleTime + 2700)
    for pager in ["pagerduty", "opsgenie"] { #expect(try await bodies(pager, [event]).isEmpty, "\(pager)") }
    let chat = try #require(try await bodies("slack", [event]).first)
    #expect("\(chat.json)".contains("Silence 3 by ana (migration) ends in 15m"))
    let json = try object(CloudEvent(event: event, includesRows: false).encoded)
    #expect(json["type"] as? String == "dev.malleable.checker.silence.ending.v1")
    #expect(json["subject"] as? String == "silences/3")
  }

  @Test func anErrorNeverClosesWhatRedHasOpened() async throws {
    let sent = try await bodies(
      "pagerduty", [.sample(), .sample(.errored), redAfterError, .sample(.passed), .sample(subject: .test)])
    let acts = sent.map { "\($0.json["event_action"] ?? "") \($0.json["dedup_key"] ?? "")" }
    #expect(
      acts == [
        "trigger malleable/shop/emails", "trigger malleable/shop/emails#error", "resolve malleable/shop/emails#error",
        "trigger malleable/shop/emails", "resolve malleable/shop/emails", "resolve malleable/shop/emails#error",
        "trigger malleable/shop/emails#test", "resolve malleable/shop/emails#test",
      ])
    #expect(sent.allSatisfy { $0.line == "POST /v2/enqueue HTTP/1.1" })
    let payload = try #require(sent[0].json["payload"] as? [String: Any])
    #expect(payload["severity"] as? String == "warning")
    #expect((payload["summary"] as? String)?.hasPrefix("Red: shop/emails: There should be") == true)
    #expect((sent[1].json["payload"] as? [String: Any])?["severity"] as? String == "error")
    let long = Checker.sample(String(repeating: "ж", count: 100) + "/" + String(repeating: "ж", count: 200))
    let key = try await bodies("pagerduty", [.sample(checker: long)])[0].json["dedup_key"] as? String
    #expect((key?.utf16.count ?? 999) <= 255)
  }

  @Test func whatOpenedBeforeItsCheckerWasRenamedIsClosedByTheSameKey() async throws {
    let known = QualifiedName("t/g.1", defaultNamespace: "")
    var event = Event.sample(.passed)
    event.knownAs = known
    let pager = try await bodies("pagerduty", [event])
    #expect(pager.first?.json["dedup_key"] as? String == "malleable/t/g.1")
    let alias = try await bodies("opsgenie", [event])
    #expect(alias.first?.line == "POST /v2/alerts/malleable%2Ft%2Fg.1/close?identifierType=alias HTTP/1.1")
    let envelope = try object(CloudEvent(event: event, includesRows: false).encoded)
    #expect(envelope["subject"] as? String == "checkers/t/g.1")
    #expect(envelope["source"] as? String == "/malleable/ns/t")
    let checker = (envelope["data"] as? [String: Any])?["checker"] as? [String: Any]
    #expect(checker?["name"] as? String == "emails", "the data has the name that it has now")
    #expect(RoutingKey.of(event) == "t.g_1.resolved")
  }

  @Test func opsgenieClosesByTheSameAlias() async throws {
    let sent = try await bodies("opsgenie", [.sample(), .sample(.passed)], ["responders": "shop, ops"])
    #expect(
      sent.map(\.line) == [
        "POST /v2/alerts HTTP/1.1", "POST /v2/alerts/malleable%2Fshop%2Femails/close?identifierType=alias HTTP/1.1",
        "POST /v2/alerts/malleable%2Fshop%2Femails%23error/close?identifierType=alias HTTP/1.1",
      ])
    #expect(sent[0].json["alias"] as? String == "malleable/shop/emails")
    #expect(sent[0].json["priority"] as? String == "P3")
    #expect((sent[0].json["message"] as? String)?.utf16.count ?? 999 <= 130)
    #expect((sent[0].json["responders"] as? [[String: String]])?.map { $0["name"] } == ["shop", "ops"])
  }

  @Test func alertsHaveLabelsThatNeverChange() async throws {
    let channel = try AlertmanagerChannel(
      settings: ["urls": "http://127.0.0.1:1", "labels": "team = payments"], environment: [:],
      links: Links(base: "https://c.example"))
    #expect(channel.resendInterval == 60)
    let now = sampleTime + 3600
    func alerts(_ event: Event) throws -> [[String: Any]] {
      try channel.alerts(for: event, now: now).map { try object($0.encoded) }
    }
    let red = try #require(try alerts(.sample()).first)
    #expect(
      red["labels"] as? [String: String] == [
        "alertname": "emails", "namespace": "shop", "checker": "shop/emails", "severity": "warning", "state": "red",
        "team": "payments",
      ])
    #expect(red["startsAt"] as? String == "2026-03-02T12:00:00Z")
    #expect(red["endsAt"] as? String == "2026-03-02T13:04:00Z")
    #expect(red["generatorURL"] as? String == "https://c.example/checkers/shop/emails")
    var other = Assertion.sample(.failed, observed: 99)
    other.message = "something else"
    let again = try #require(try alerts(.sample(assertions: [other])).first)
    #expect(again["labels"] as? [String: String] == red["labels"] as? [String: String])
    let resolved = try alerts(.sample(.passed))
    let ended = resolved.compactMap { $0["labels"] as? [String: String] }.map { "\($0["state"]!) \($0["severity"]!)" }
    #expect(
      Set(ended) == ["red info", "red warning", "red critical", "error info", "error warning", "error critical"])
    #expect(resolved.allSatisfy { $0["endsAt"] as? String == "2026-03-02T12:00:00Z" })
    // Whatever severity it had before: those alerts end.
    let others = try alerts(.sample()).dropFirst()
    #expect(others.map { ($0["labels"] as? [String: String])?["severity"] } == ["info", "critical"])
    #expect(others.allSatisfy { $0["endsAt"] as? String == "2026-03-02T12:00:00Z" })
  }

  @Test func allReplicasAreToldAndOneIsEnough() async throws {
    let good = try TestReceiver([.status(200)])
    let bad = try TestReceiver([.status(500)])
    let channel = try AlertmanagerChannel(
      settings: ["urls": "\(good.url), http://127.0.0.1:1\n\(bad.url)/"], environment: [:])
    try await channel.send(.sample())
    #expect(good.requests.map(\.line) == ["POST /api/v2/alerts HTTP/1.1"])
    #expect(bad.requests.map(\.line) == ["POST /api/v2/alerts HTTP/1.1"])
    let wrong = try TestReceiver([.status(400)])
    let none = try AlertmanagerChannel(settings: ["urls": "\(wrong.url), \(bad.url)"], environment: [:])
    let error = await #expect(throws: DeliveryError.self) { try await none.send(.sample()) }
    #expect(error?.isTransient == true)
  }

  @Test func slackGetsBlocksWithinAColour() async throws {
    let event = Event.sample(checker: .sample(owner: "<!channel> & co"))
    let json = try await bodies("slack", [event])[0].json
    #expect((json["text"] as? String)?.hasPrefix("🔴 Red: shop/emails: There should be less than 42") == true)
    let attachment = try #require((json["attachments"] as? [[String: Any]])?.first)
    #expect(attachment["color"] as? String == "#c0392b")
    let blocks = try #require(attachment["blocks"] as? [[String: Any]])
    #expect(blocks.map { $0["type"] as? String } == ["header", "section", "actions"])
    let fields = try #require(blocks[1]["fields"] as? [[String: String]])
    #expect(fields.contains { $0["text"] == "*Owner*\n&lt;!channel&gt; &amp; co" })
    for event in Event.monstrous {
      let json = try await bodies("slack", [event], ["include_rows": "true"])[0].json
      let blocks = (json["attachments"] as? [[String: Any]])?.first?["blocks"] as? [[String: Any]] ?? []
      let header = (blocks[0]["text"] as? [String: String])?["text"] ?? ""
      let text = (blocks[1]["text"] as? [String: String])?["text"] ?? ""
      #expect((1...150).contains(header.utf16.count) && (1...3000).contains(text.utf16.count))
      #expect((blocks[1]["fields"] as? [[String: String]] ?? []).allSatisfy { ($0["text"] ?? "").utf16.count <= 2000 })
    }
  }

  @Test func chatsKeepTheirLimits() async throws {
    for event in Event.monstrous {
      let telegram = try await bodies("telegram", [event], ["include_rows": "true"])[0].json
      #expect((telegram["text"] as? String)?.utf16.count ?? 9999 <= 4096)
      let ntfy = try await bodies("ntfy", [event], ["include_rows": "true"])[0].json
      #expect((ntfy["message"] as? String)?.utf8.count ?? 9999 <= 4096)
      let discord = try await bodies("discord", [event], ["include_rows": "true"])[0].json
      let embed = try #require((discord["embeds"] as? [[String: Any]])?.first)
      let fields = embed["fields"] as? [[String: Any]] ?? []
      let texts = [embed["title"], embed["description"]] + fields.flatMap { [$0["name"], $0["value"]] }
      #expect(texts.compactMap { ($0 as? String)?.utf16.count }.reduce(0, +) <= 5500)
      #expect(((discord["allowed_mentions"] as? [String: Any])?["parse"] as? [String])?.isEmpty == true)
    }
  }

  @Test func waitsThatStandInTheBodyAreKept() async throws {
    for (key, body) in [("telegram", #"{"parameters":{"retry_after":21}}"#), ("discord", #"{"retry_after": 21.0}"#)] {
      let receiver = try TestReceiver([.status(429, body: body)])
      let channel = try #require(HTTPCase.all.first { $0.key == key }).channel(receiver.url)
      let error = await #expect(throws: DeliveryError.self) { try await channel.send(.sample()) }
      guard case .transient(_, 21) = error else {
        Issue.record("\(String(describing: error))")
        return
      }
    }
  }

  @Test func aWebhookMaySayItInItsOwnWords() async throws {
    let receiver = try TestReceiver([.status(200)])
    let kind = try #require(HTTPCase.all.first { $0.key == "webhook" })
    let settings = [
      "template": #"{"text": "{{message}}", "data": {{{json}}}}"#, "headers": "X-Api-Key: ${TOKEN}\nX-Team: shop",
    ]
    try await kind.channel(receiver.url, settings).send(.sample())
    try await kind.channel(receiver.url, ["template": #"{"text": {{message}}}"#]).send(.sample())
    let (own, standard) = (receiver.requests[0], receiver.requests[1])
    #expect(own.headers["x-api-key"] == HTTPCase.token && own.headers["x-team"] == "shop")
    #expect(own.headers["content-type"] == "application/json")
    #expect((try object(own.body)["data"] as? [String: Any])?["state"] as? String == "red")
    #expect(standard.headers["content-type"] == CloudEvent.contentType)
    #expect(standard.headers["x-malleable-template-problem"]?.contains("no JSON") == true)
  }

  @Test func tokensComeBackWithTime() {
    var bucket = TokenBucket(perMinute: 60, at: 0)
    #expect((0..<5).map { _ in bucket.take(at: 0) } == [0, 0, 0, 0, 0])
    #expect(bucket.take(at: 0) == 1)
    #expect(bucket.take(at: 0.5) == 0.5)
    #expect(bucket.take(at: 1) == 0)
    var slow = TokenBucket(perMinute: 1, at: 100)
    #expect(slow.take(at: 100) == 0)
    #expect(slow.take(at: 130) == 30)
    // A clock that went back gives nothing away.
    #expect(slow.take(at: 90) == 30)
    #expect(slow.take(at: 160) == 0)
  }
}
