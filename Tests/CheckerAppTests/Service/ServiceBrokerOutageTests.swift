import Domain
import Foundation
import Persistence
import TestSupport
import Testing

@Suite("The service without its broker") struct ServiceBrokerOutageTests {
  private static let checkers = (1...12).map { "c\($0)" }
  private static let rounds = 6

  private static func yaml(_ uri: String) -> String {
    let lines = checkers.map {
      "  - {name: \($0), rules: [{check: no_rows, dataset: bad}]}"
    }
    return """
      version: 1
      namespace: shop
      data_sources:
        - {name: shop, driver: postgresql, uri: "\(uri)"}
      datasets:
        - {name: bad, data_source: shop, sql: SELECT id FROM orders WHERE is_bad}
      checkers:
      \(lines.joined(separator: "\n"))
      """
  }

  @Test("A broker killed under load and started again gets every event, in order for each checker")
  func killedBroker() async throws {
    let folder = try ServiceFolder()
    let database = try await PostgreSQLDatabase(
      "CREATE TABLE orders (id int, is_bad boolean); INSERT INTO orders VALUES (1, true)")
    let broker = try await blocking { try TestBroker.own() }
    let queues = try QueueReader(broker, names: ["pager"], exchange: "malleable.alarms")
    let settings = ["url": broker.uri, "every_run": "true"]
    try await folder.declare(
      Self.yaml(database.uri), actions: [Action(name: "queue", channel: "rabbitmq", settings: settings)])
    let service = try await folder.start()
    for round in 1...Self.rounds {
      if round == 3 {
        try await blocking {
          try broker.settleDefinitions()
          try broker.control("kill")
        }
      }
      try await runAll(service)
      try await database.run("UPDATE orders SET is_bad = NOT is_bad")
    }
    try await blocking { try broker.control("start") }
    let total = Self.checkers.count * Self.rounds
    let after = try QueueReader(broker, names: ["pager", "succeeded", "failed"], exchange: "malleable.alarms")
    // What was confirmed before the kill is in the queue still.
    // Waits between tries grow to a minute.
    var waiting = ""
    do {
      try await wait(until: "all \(total) events, and a message for each run", seconds: 420) {
        let runs = try after.messages("succeeded") + after.messages("failed")
        let events = Set(try after.messages("pager").map(\.id))
        let told = Set(runs.map(\.id))
        if events.count >= total && told.count >= total { return true }
        waiting = "\(events.count) events and \(told.count) messages came"
        for state in ["waiting", "failed", "withheld"] {
          waiting += "; \(state): " + (try await service.site.get("/api/v1/deliveries?state=\(state)&limit=3").body)
        }
        return false
      }
    } catch { throw ProgramError("\(error): \(waiting)") }
    #expect(try await service.stop() == 0)
    try expectInOrder(after.messages("pager"))
    let legacy = try after.messages("succeeded") + after.messages("failed")
    #expect(Set(legacy.map(\.id)).count == total)
    withExtendedLifetime(queues) {}
    try await expectAllDelivered(folder)
  }

  private func runAll(_ service: RunningService) async throws {
    try await withThrowingTaskGroup(of: Void.self) { group in
      for checker in Self.checkers { group.addTask { try await service.runNow("shop/\(checker)") } }
      try await group.waitForAll()
    }
  }

  private func expectInOrder(_ messages: [TestQueue.Message]) throws {
    var seen = Set<String>()
    let events = try messages.filter { seen.insert($0.id).inserted }.map { try CloudEventObject($0) }
    for checker in Self.checkers {
      let own = events.filter { $0.subject == "checkers/shop/\(checker)" }
      #expect(own.map(\.sequence) == (1...Self.rounds).map(String.init), "\(checker)")
      #expect(own.map(\.state) == (1...Self.rounds).map { $0 % 2 == 1 ? "red" : "green" }, "\(checker)")
    }
  }

  private func expectAllDelivered(_ folder: ServiceFolder) async throws {
    let counts = try await folder.use { try await $0.counts() }
    #expect(counts == [.delivered: 2 * Self.checkers.count * Self.rounds])
  }
}
