import Domain
import Foundation
import Persistence
import TestSupport
import Testing

@Suite("The service's alarms reach the queue") struct ServiceAlarmTests {
  private let folder: ServiceFolder

  init() throws { folder = try ServiceFolder() }

  private static func yaml(_ uri: String) -> String {
    """
    version: 1
    namespace: shop
    data_sources:
      - {name: shop, driver: postgresql, uri: "\(uri)"}
    datasets:
      - {name: without_email, data_source: shop, sql: SELECT username FROM users WHERE email IS NULL}
    checkers:
      - name: emails
        schedule: "0 0 29 2 *"
        severity: critical
        runbook: Ask the sign-up team.
        rules:
          - {check: row_count, dataset: without_email, must_be_less_than: 1, message: Everybody has an address}
      - name: quiet
        schedule: "0 0 29 2 *"
        rules:
          - {check: row_count, dataset: without_email, must_be_less_than: 1}
    """
  }

  @Test("Red once however many runs agree, then resolved, then error; a muted alarm is withheld")
  func alarms() async throws {
    let database = try await PostgreSQLDatabase(
      "CREATE TABLE users (username text, email text); INSERT INTO users VALUES ('ana', 'a@x.org'), ('ben', NULL)")
    let names = ["alarms", "succeeded", "failed"].map { "\($0)-\(database.name)" }
    let queues = try QueueReader(TestBroker.shared(), names: names, exchange: names[0])
    let settings = [
      "url": try TestBroker.shared().uri, "exchange": names[0], "every_run": "true", "succeeded_queue": names[1],
      "failed_queue": names[2],
    ]
    let action = Action(name: "queue", channel: "rabbitmq", settings: settings)
    try await folder.declare(Self.yaml(database.uri), actions: [action], due: Date(timeIntervalSince1970: 1_700_000_000))
    try await folder.use { store in
      let mute = Mute(reason: "A move of the data", author: "ana", startedAt: Date(), endsAt: nil)
      try await store.mute(QualifiedName(namespace: "shop", name: "quiet"), mute)
    }
    let service = try await folder.start()
    let red = try await service.state(of: "shop/emails", says: "Red")
    #expect(red.contains("Everybody has an address (found 1 rows)"))
    for _ in 0..<3 { try await service.runNow("shop/emails") }
    try await database.run("UPDATE users SET email = 'b@x.org'")
    try await service.runNow("shop/emails")
    try await service.state(of: "shop/emails", says: "Green")
    try await database.run("DROP TABLE users")
    try await service.runNow("shop/emails")
    try await service.runNow("shop/quiet")
    try await service.state(of: "shop/emails", says: "users")
    try await service.state(of: "shop/quiet", says: "Muted")
    try await queues.read(names[2], until: 7)
    try await queues.read(names[0], until: 3)
    #expect(try await service.stop() == 0)

    try expectEvents(queues.messages(names[0]))
    try expectRunMessages(succeeded: queues.messages(names[1]), failed: queues.messages(names[2]))
    try await expectWithheld()
  }

  private func expectEvents(_ messages: [TestQueue.Message]) throws {
    let events = try messages.map { try CloudEventObject($0) }
    #expect(events.map(\.type) == ["red", "resolved", "error"].map { "dev.malleable.checker.alarm.\($0).v1" })
    #expect(messages.map(\.routingKey) == ["shop.emails.red", "shop.emails.resolved", "shop.emails.error"])
    #expect(events.map(\.sequence) == ["1", "2", "3"])
    #expect(events.map(\.subject) == Array(repeating: "checkers/shop/emails", count: 3))
    #expect(events.map(\.state) == ["red", "green", "error"])
    #expect(messages.allSatisfy { $0.isPersistent })
    #expect(messages.allSatisfy { $0.contentType.hasPrefix("application/cloudevents+json") })
    #expect(Set(events.map(\.id)).count == 3)
    #expect(events.map(\.id) == messages.map(\.id))
    #expect(events[0].text.contains("Everybody has an address (found 1 rows)"))
    // Failing rows stay where they are unless somebody asks for them.
    #expect(!events[0].text.contains("ben"))
  }

  private func expectRunMessages(succeeded: [TestQueue.Message], failed: [TestQueue.Message]) throws {
    let good = try succeeded.map { try LegacyMessage($0) }
    let bad = try failed.map { try LegacyMessage($0) }
    #expect(good.map(\.id) == ["shop/emails"])
    #expect(good.map(\.result) == ["succeeded"])
    #expect(bad.count { $0.id == "shop/emails" } == 5)
    #expect(bad.count { $0.id == "shop/quiet" } == 2)
    #expect(bad.allSatisfy { $0.result == "failed" })
    #expect((good + bad).allSatisfy { $0.keys == ["dataset", "error", "id", "result", "rule"] })
  }

  private func expectWithheld() async throws {
    let id = QualifiedName(namespace: "shop", name: "quiet")
    let deliveries = try await folder.use { try await $0.deliveries(action: nil, checker: id, limit: 100) }
    let alarms = deliveries.filter {
      if case .alarm = $0.event.subject { true } else { false }
    }
    #expect(alarms.map(\.state) == [.withheld, .withheld])
    // What happened is remembered all the same.
    let transitions = try await folder.use { try await $0.transitions(of: id, limit: 9) }
    #expect(transitions.map(\.transition.to) == [.error, .red])
  }
}
