import Domain
import Foundation
import TestSupport
import Testing

@Suite("An alarm per row reaches the queue") struct ServiceRowTests {
  private let folder: ServiceFolder

  init() throws { folder = try ServiceFolder() }

  private static func yaml(_ uri: String) -> String {
    """
    version: 1
    namespace: shop
    data_sources:
      - {name: shop, driver: postgresql, uri: "\(uri)"}
    datasets:
      - {name: offices, data_source: shop, sql: "SELECT country, email FROM offices"}
    checkers:
      - name: offices
        schedule: "0 0 29 2 *"
        rules:
          - {check: missing, dataset: offices, column: email, message: Each office has an address}
        alarm: {per_row: [country]}
    """
  }

  @Test("Two countries are red, one is green again, one vanishes; the service is killed between")
  func rows() async throws {
    let database = try await PostgreSQLDatabase(
      """
      CREATE TABLE offices (country text, email text);
      INSERT INTO offices VALUES ('PT', NULL), ('ES', NULL), ('FR', 'fr@x.org')
      """)
    let queue = "rows-\(database.name)"
    let queues = try QueueReader(TestBroker.shared(), names: [queue], exchange: queue)
    let action = Action(
      name: "queue", channel: "rabbitmq", settings: ["url": try TestBroker.shared().uri, "exchange": queue])
    try await folder.declare(
      Self.yaml(database.uri), actions: [action], due: Date(timeIntervalSince1970: 1_700_000_000))

    let first = try await folder.start()
    try await first.state(of: "shop/offices", says: "Red")
    let page = try await first.site.get("/checkers/shop/offices").body
    #expect(page.contains("country=PT") && page.contains("country=ES") && !page.contains("country=FR"))
    try await queues.read(queue, until: 2)
    first.program.signal(SIGKILL)
    #expect(try await first.program.end() == 128 + SIGKILL)

    try await database.run("UPDATE offices SET email = 'es@x.org' WHERE country = 'ES'")
    let second = try await folder.start()
    try await second.runNow("shop/offices")
    try await queues.read(queue, until: 3)
    second.program.signal(SIGKILL)
    #expect(try await second.program.end() == 128 + SIGKILL)

    try await database.run("DELETE FROM offices WHERE country = 'PT'")
    let third = try await folder.start()
    try await third.runNow("shop/offices")
    try await third.state(of: "shop/offices", says: "Green")
    try await queues.read(queue, until: 4)
    #expect(try await third.stop() == 0)
    try expectEvents(queues.messages(queue))
  }

  private func expectEvents(_ messages: [TestQueue.Message]) throws {
    var seen = Set<String>()
    var told: [String] = []
    for message in messages {
      let event = try CloudEventObject(message)
      // A kill between sending and noting it sends again, under the same id.
      guard seen.insert(event.id).inserted else { continue }
      let country = try #require(event.text.firstMatch(of: /"row":\{"country":"(\w+)"\}/)).1
      let reason = event.text.contains("its row is gone") ? " gone" : ""
      told.append("\(country) \(event.type.split(separator: ".")[4])\(reason)")
      #expect(event.subject.hasPrefix("checkers/shop/offices/rows/"))
    }
    #expect(Set(told.prefix(2)) == ["PT red", "ES red"])
    #expect(told.dropFirst(2) == ["ES resolved", "PT resolved gone"])
  }
}
