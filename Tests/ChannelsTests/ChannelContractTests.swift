import Domain
import Foundation
import TestSupport
import Testing

@testable import Channels

/// A channel that posts, and how to lead it to a receiver of the test's own.
struct HTTPCase: Sendable, CustomTestStringConvertible {
  static let token = "tok-0123456789"

  var key: String
  /// `URL` stands for the receiver's address.
  var settings: [String: String]
  /// What the service takes in one request, in bytes.
  var maximumBytes: Int

  var testDescription: String { key }

  func channel(_ url: String, _ more: [String: String] = [:], lenient: Bool = false) throws -> any Channel {
    let filled = settings.mapValues { $0.replacing("URL", with: url) }.merging(more) { $1 }
    let catalogue = ChannelCatalogue(
      environment: ["TOKEN": Self.token], links: Links(base: "https://checker.example.com/"))
    let action = Action(name: "a", channel: key, settings: filled)
    return lenient ? try catalogue.makeToSend(action) : try catalogue.make(action)
  }

  static let all: [HTTPCase] = [
    HTTPCase(key: "webhook", settings: ["url": "URL/hook/${TOKEN}", "secret": "${TOKEN}"], maximumBytes: 64 << 10),
    HTTPCase(key: "slack", settings: ["url": "URL/services/T0/B0/${TOKEN}"], maximumBytes: 40_000),
    HTTPCase(key: "pagerduty", settings: ["url": "URL", "routing_key": "${TOKEN}"], maximumBytes: 512_000),
    HTTPCase(key: "alertmanager", settings: ["urls": "URL", "token": "${TOKEN}"], maximumBytes: 64 << 10),
    HTTPCase(key: "teams", settings: ["url": "URL/workflows/${TOKEN}?sig=${TOKEN}"], maximumBytes: 28 << 10),
    HTTPCase(key: "discord", settings: ["url": "URL/api/webhooks/1/${TOKEN}"], maximumBytes: 64 << 10),
    HTTPCase(
      key: "telegram", settings: ["url": "URL", "token": "${TOKEN}", "chat_id": "-100"], maximumBytes: 64 << 10),
    HTTPCase(key: "ntfy", settings: ["url": "URL", "token": "${TOKEN}", "topic": "alarms"], maximumBytes: 12 << 10),
    HTTPCase(key: "opsgenie", settings: ["url": "URL", "api_key": "${TOKEN}"], maximumBytes: 128 << 10),
  ]
}

/// What every channel that posts must do, whatever it posts.
@Suite struct ChannelContractTests {
  private func failure(_ channel: any Channel) async -> DeliveryError? {
    let error = await #expect(throws: DeliveryError.self) { try await channel.send(.sample()) }
    if let error { #expect(!"\(error)".contains(HTTPCase.token)) }
    return error
  }

  private func isTransient(_ error: DeliveryError?) -> Bool {
    if case .transient = error { true } else { false }
  }

  @Test(arguments: HTTPCase.all) func anyAnswerOf2xxIsADelivery(_ kind: HTTPCase) async throws {
    for status in [200, 202, 204] {
      let receiver = try TestReceiver([.status(status)])
      let channel = try kind.channel(receiver.url)
      try await channel.send(.sample())
      #expect(!receiver.requests.isEmpty)
      await channel.close()
    }
  }

  @Test(arguments: HTTPCase.all) func tooManyRequestsWaitAsLongAsTheReceiverSays(_ kind: HTTPCase) async throws {
    let receiver = try TestReceiver([.status(429, ["Retry-After": "17"], body: "slow down \(HTTPCase.token)")])
    guard case .transient(let text, let seconds) = await failure(try kind.channel(receiver.url)) else {
      Issue.record("not tried again")
      return
    }
    #expect(seconds == 17)
    #expect(text.contains("127.0.0.1:\(receiver.port) answered 429: slow down •••"))
  }

  @Test(arguments: HTTPCase.all, [500, 502, 503]) func whatMayPassIsTriedAgain(_ kind: HTTPCase, _ status: Int)
    async throws
  {
    let receiver = try TestReceiver([.status(status, body: "{\"error\": \"\(HTTPCase.token)\"}")])
    #expect(isTransient(await failure(try kind.channel(receiver.url))))
  }

  @Test(arguments: HTTPCase.all) func troubleOnTheWayIsTriedAgain(_ kind: HTTPCase) async throws {
    let receiver = try TestReceiver([.hangUp])
    #expect(isTransient(await failure(try kind.channel(receiver.url))))
    guard case .transient(let text, nil) = await failure(try kind.channel("http://127.0.0.1:1")) else {
      Issue.record("not tried again")
      return
    }
    #expect(text == "http://127.0.0.1:1: cannot connect: connection refused")
  }

  @Test(arguments: HTTPCase.all, [400, 403, 404, 410]) func whatNeedsMendingIsNot(_ kind: HTTPCase, _ status: Int)
    async throws
  {
    let receiver = try TestReceiver([.status(status, body: "no \(HTTPCase.token)")])
    guard let text = await failure(try kind.channel(receiver.url))?.finalText else {
      Issue.record("tried again")
      return
    }
    #expect(text.contains("answered \(status): no •••"))
  }

  @Test(arguments: HTTPCase.all) func noInputMakesABodyThatIsTooLongOrNoJSON(_ kind: HTTPCase) async throws {
    let receiver = try TestReceiver([.status(200)])
    let channel = try kind.channel(receiver.url, ["include_rows": "true", "max_per_minute": "0"])
    for event in Event.monstrous { try await channel.send(event) }
    #expect(receiver.requests.count >= Event.monstrous.count)
    for request in receiver.requests {
      #expect(request.body.count <= kind.maximumBytes, "\(request.body.count) bytes")
      #expect(throws: Never.self) { try JSONSerialization.jsonObject(with: Data(request.body)) }
    }
  }

  @Test(arguments: HTTPCase.all) func rowsLeaveOnlyWhereAskedForAndHiddenColumnsNever(_ kind: HTTPCase) async throws {
    var assertion = Assertion.sample(.failed)
    assertion.sample = Sample(
      columns: ["id", "Email"], rows: [[.text("row-4711"), .text("ana@example.com")]], total: 1)
    let receiver = try TestReceiver([.status(200)])
    func body(_ settings: [String: String]) async throws -> String {
      try await kind.channel(receiver.url, settings).send(.sample(assertions: [assertion]))
      return String(decoding: receiver.requests.last?.body ?? [], as: UTF8.self)
    }
    let without = try await body([:])
    #expect(!without.contains("row-4711") && !without.contains("ana@example.com"))
    let with = try await body(["include_rows": "true", "redact_columns": "phone, email"])
    #expect(with.contains("row-4711") && !with.contains("ana@example.com"))
  }

  @Test(arguments: HTTPCase.all) func messagesLeadToThePages(_ kind: HTTPCase) async throws {
    let receiver = try TestReceiver([.status(200)])
    try await kind.channel(receiver.url).send(.sample())
    let body = String(decoding: receiver.requests.last?.body ?? [], as: UTF8.self)
    #expect(body.contains("https://checker.example.com/checkers/shop/emails"))
  }

  @Test(arguments: HTTPCase.all) func aTemplateThatIsNotValidIsRefusedWhenSavedAndReplacedWhenSent(_ kind: HTTPCase)
    async throws
  {
    let receiver = try TestReceiver([.status(200)])
    let broken = ["template": "All well?\n{{#rows}}{{nothing}}"]
    let error = #expect(throws: ChannelSettingsError.self) { try kind.channel(receiver.url, broken) }
    #expect(error?.key == "template")
    #expect(error?.message.contains("line 2: there is no {{nothing}} here") == true, "\(error?.message ?? "")")
    try await kind.channel(receiver.url, broken, lenient: true).send(.sample())
    let request = try #require(receiver.requests.last)
    let body = String(decoding: request.body, as: UTF8.self)
    #expect(body.contains("There should be less than 42 users in that state"))
    #expect((body + request.headers.values.joined()).contains("line 2"))
  }

  @Test(arguments: HTTPCase.all) func ratesAreKept(_ kind: HTTPCase) async throws {
    let receiver = try TestReceiver([.status(200)])
    let channel = try kind.channel(receiver.url, ["max_per_minute": "1"])
    try await channel.send(.sample())
    let count = receiver.requests.count
    guard case .transient(let text, let seconds?) = await failure(channel) else {
      Issue.record("sent at once")
      return
    }
    #expect(text.contains("max_per_minute"))
    #expect(seconds > 4 && seconds <= 60)
    #expect(receiver.requests.count == count)
  }
}
