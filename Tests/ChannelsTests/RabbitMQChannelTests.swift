import Domain
import Foundation
import TestSupport
import Testing

@testable import Channels

@Suite struct RabbitMQChannelTests {
  private func channel(_ broker: TestBroker, _ settings: [String: String]) throws -> RabbitMQChannel {
    try RabbitMQChannel(settings: ["url": broker.uri].merging(settings) { $1 }, environment: [:])
  }

  private func failure(_ channel: RabbitMQChannel) async -> String {
    let error = await #expect(throws: DeliveryError.self) { try await channel.send(.sample()) }
    guard case .transient(let text, nil) = error else {
      Issue.record("\(String(describing: error))")
      return ""
    }
    return text
  }

  @Test func anAlarmReachesTheQueueThatIsBound() async throws {
    let broker = try TestBroker.shared()
    let exchange = "x-" + UUID().uuidString
    let queue = try TestQueue(broker)
    try queue.bind(to: exchange, key: "shop.*.red")
    let channel = try channel(broker, ["exchange": exchange])
    let event = Event.sample()
    try await channel.send(event)
    let message = try #require(try queue.next())
    #expect(message.body == CloudEvent(event: event, includesRows: false).encoded)
    #expect(message.id == event.id)
    #expect(message.contentType == "application/cloudevents+json; charset=utf-8")
    #expect(message.isPersistent)
    #expect(message.routingKey == "shop.emails.red")
    #expect(message.exchange == exchange)
    await channel.close()
    try await channel.send(event)
    #expect(try queue.next() != nil)
  }

  @Test func theExchangeIsMadeAndAnEventThatNoQueueTakesWaits() async throws {
    let broker = try TestBroker.shared()
    let exchange = "x-" + UUID().uuidString
    let channel = try channel(broker, ["exchange": exchange])
    let text = await failure(channel)
    #expect(text.contains("'shop.emails.red'") && text.contains("'\(exchange)'"))
    let queue = try TestQueue(broker)
    try queue.bind(to: exchange, key: "#")
    try await channel.send(.sample())
    #expect(try queue.next() != nil)
    #expect(try queue.next() == nil)
  }

  @Test func aQueueThatTheActionNamesIsMadeAndBound() async throws {
    let broker = try TestBroker.shared()
    let (exchange, name) = ("x-" + UUID().uuidString, "q-" + UUID().uuidString)
    for round in 1...2 {
      let channel = try channel(broker, ["exchange": exchange, "queue": name])
      try await channel.send(.sample(id: "\(round)a"))
      try await channel.send(.sample(id: "\(round)b"))
      await channel.close()
    }
    let queue = try TestQueue(broker, name: name)
    for id in ["1a", "1b", "2a", "2b"] { #expect(try queue.next()?.id == id) }
    #expect(try queue.next() == nil)
  }

  @Test func aQueueThatIsDeletedIsMadeAgain() async throws {
    let broker = try TestBroker.shared()
    let name = "q-" + UUID().uuidString
    let channel = try channel(broker, ["exchange": "x-" + UUID().uuidString, "queue": name])
    try await channel.send(.sample(id: "before"))
    try TestQueue(broker, name: name).delete()
    try await channel.send(.sample(id: "after"))
    #expect(try TestQueue(broker, name: name).next()?.id == "after")
    await channel.close()
  }

  @Test func unroutableEventsAreDroppedWhereThatIsWanted() async throws {
    let channel = try channel(try .shared(), ["exchange": "x-" + UUID().uuidString, "unroutable": "drop"])
    try await channel.send(.sample())
    try await channel.send(.sample())
  }

  @Test func everyRunGoesToTheQueuesOfTheFirstVersion() async throws {
    let broker = try TestBroker.shared()
    let names = (succeeded: "s-" + UUID().uuidString, failed: "f-" + UUID().uuidString)
    let channel = try channel(
      broker, ["every_run": "true", "succeeded_queue": names.succeeded, "failed_queue": names.failed])
    try await channel.send(.sample(.passed, subject: .runFinished, id: "a"))
    try await channel.send(.sample(.failed, subject: .runFinished, id: "b"))
    try await channel.send(.sample(.errored, subject: .runFinished, id: "c"))
    let succeeded = try TestQueue(broker, name: names.succeeded)
    let failed = try TestQueue(broker, name: names.failed)
    let passed = try #require(try succeeded.next())
    #expect(try object(passed.body)["result"] as? String == "succeeded")
    #expect(passed.isPersistent)
    #expect(try succeeded.next() == nil)
    #expect(try failed.next()?.id == "b")
    #expect(try failed.next()?.id == "c")
  }

  @Test func thousandsOfEventsUseOneConnection() async throws {
    let broker = try TestBroker.shared()
    let exchange = "x-" + UUID().uuidString
    let queue = try TestQueue(broker)
    try queue.bind(to: exchange, key: "#")
    let channel = try channel(broker, ["exchange": exchange])
    for number in 0..<2000 { try await channel.send(.sample(id: "\(number)")) }
    for number in 0..<2000 { #expect(try queue.next()?.id == "\(number)") }
  }

  @Test func aWrongPasswordIsSaidWithoutThePassword() async throws {
    let uri = try TestBroker.shared().uri.replacing("guest:guest", with: "guest:not-the-password")
    let channel = try RabbitMQChannel(settings: ["url": uri], environment: [:])
    let text = await failure(channel)
    #expect(text.contains("access refused"))
    #expect(!text.contains("not-the-password"))
  }

  @Test func aVirtualHostThatIsNotThereIsSaid() async throws {
    let channel = try RabbitMQChannel(settings: ["url": try TestBroker.shared().uri + "nowhere"], environment: [:])
    #expect(await failure(channel).contains("nowhere"))
  }

  @Test func aBrokerThatIsNotThereIsNamed() async throws {
    let channel = try RabbitMQChannel(settings: ["url": "amqp://guest:guest@127.0.0.1:1"], environment: [:])
    #expect(await failure(channel).contains("127.0.0.1:1: cannot connect: connection refused"))
  }

  @Test func somethingThatIsNoBrokerIsGivenUpOn() async throws {
    let receiver = try TestReceiver([.hangUp])
    let settings = try RabbitMQSettings(["url": "amqp://127.0.0.1:\(receiver.port)"], environment: [:])
    let session = RabbitMQSession(settings)
    let message = RabbitMQMessage(id: "1", route: .queue("q"), contentType: "text/plain", body: [1], time: sampleTime)
    let error = await #expect(throws: DeliveryError.self) { try await session.publish(message, seconds: 1) }
    #expect(error == .transient("no answer within 1 s", retryAfterSeconds: nil))
    // The cut socket has freed the queue: this would wait for the handshake's ten seconds otherwise.
    await session.close()
  }

  @Test func aBrokerThatRestartsIsFoundAgain() async throws {
    let broker = try TestBroker.own()
    let queue = "q-" + UUID().uuidString
    let channel = try channel(broker, ["every_run": "true", "failed_queue": queue])
    try await channel.send(.sample(subject: .runFinished, id: "1"))
    try broker.close(connectionsWith: "maintenance")
    try await channel.send(.sample(subject: .runFinished, id: "2"))
    try broker.control("stop")
    let text = await failure(channel)
    #expect(text.contains("127.0.0.1"))
    let port = try TestReceiver([]).port
    let certificate = try broker.offerTLS(port: port)
    try broker.control("start")
    try await channel.send(.sample(subject: .runFinished, id: "3"))
    let reader = try TestQueue(broker, name: queue)
    for id in ["1", "2", "3"] { #expect(try reader.next()?.id == id) }
    await channel.close()
    try await checkTLS(at: port, certificate)
  }

  /// Certificates are checked, and one of one's own can be named.
  private func checkTLS(at port: UInt16, _ certificate: String) async throws {
    func channel(_ settings: [String: String], host: String = "localhost") throws -> RabbitMQChannel {
      let all = ["url": "amqps://guest:guest@\(host):\(port)", "unroutable": "drop"].merging(settings) { $1 }
      return try RabbitMQChannel(settings: all, environment: [:])
    }
    try await channel(["ca_file": certificate]).send(.sample())
    try await channel(["verify": "false"]).send(.sample())
    #expect(await failure(try channel([:])).contains("certificate cannot be verified"))
    let byAddress = try channel(["ca_file": certificate], host: "127.0.0.1")
    #expect(await failure(byAddress).contains("another host name"))
    #expect(await failure(try channel(["ca_file": "/nowhere.pem"])).contains("'/nowhere.pem' cannot be read"))
    let webhook = try WebhookChannel(settings: ["url": "https://127.0.0.1:\(port)/"], environment: [:])
    let error = await #expect(throws: DeliveryError.self) { try await webhook.send(.sample()) }
    guard case .transient(let text, nil) = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(text.contains("certificate cannot be verified"))
  }
}
