import Domain
import Foundation
import Persistence
import TestSupport
import Testing

@Suite("What does not work is told once") struct ServiceOutageTests {
  private let folder: ServiceFolder

  init() throws { folder = try ServiceFolder() }

  private func types(_ receiver: TestReceiver) throws -> [String] {
    try receiver.requests.map { request in
      let json = try JSONSerialization.jsonObject(with: Data(request.body)) as? [String: Any]
      let type = json?["type"] as? String ?? ""
      return type.replacing("dev.malleable.checker.", with: "") + " " + (json?["subject"] as? String ?? "")
    }
  }

  @Test("A database that is down makes one alarm for all of its checkers, and one word when it is back")
  func dataSource() async throws {
    let server = try await FrozenServer()
    let receiver = try TestReceiver([.status(200)])
    let checkers = (1...4).map {
      "  - {name: c\($0), schedule: \"* * * * *\", "
        + "rules: [{check: row_count, dataset: users, must_be: \($0 == 4 ? 3 : 2)}]}"
    }
    let yaml = """
      version: 1
      namespace: shop
      data_sources:
        - {name: shop, driver: postgresql, uri: "\(server.uri)"}
        - {name: elsewhere, driver: sqlite, uri: EMPTY_DB}
      datasets:
        - {name: gone, data_source: shop, sql: SELECT * FROM vanished}
        - {name: fine, data_source: elsewhere, sql: SELECT 1 AS one}
      checkers:
        - {name: gone, rules: [{check: row_count, dataset: gone}]}
        - {name: fine, rules: [{check: row_count, dataset: fine}]}
      """
    try await folder.declare(
      yaml.replacing("datasets:", with: "datasets:\n  - {name: users, data_source: shop, sql: SELECT id FROM users}")
        + "\n" + checkers.joined(separator: "\n"),
      actions: [Action(name: "hook", channel: "webhook", settings: ["url": receiver.url])],
      due: Date(timeIntervalSince1970: 1_700_000_000))
    let service = try await folder.start()
    for checker in ["c1", "c2", "c3", "fine"] { try await service.state(of: "shop/\(checker)", says: "Green") }
    // A query's own error is its checker's alarm.
    try await service.state(of: "shop/gone", says: "Erroring")
    try await service.state(of: "shop/c4", says: "Red")
    try await wait(until: "the first events") {
      try Set(types(receiver)) == ["alarm.error.v1 checkers/shop/gone", "alarm.red.v1 checkers/shop/c4"]
    }
    try await server.stop()
    for checker in ["c1", "c2", "c3", "c4"] {
      try await service.runNow("shop/\(checker)")
      try await service.state(of: "shop/\(checker)", says: "Erroring")
    }
    try await wait(until: "the outage") { try types(receiver).last == "data_source.down.v1 data_sources/shop" }
    for page in ["/", "/alarms", "/on-call", "/data-sources/shop"] {
      #expect(try await service.site.get(page).body.contains("Data source shop cannot be reached"), "\(page)")
    }
    #expect(try await service.site.get("/data-sources").body.contains("Cannot be reached"))
    #expect(try await service.site.get("/api/v1/data-sources/shop").body.contains("\"down\":{"))
    try await server.start()
    // Nobody runs them by hand: they are due as soon as the database is reached again.
    for checker in ["c1", "c2", "c3"] { try await service.state(of: "shop/\(checker)", says: "Green", seconds: 120) }
    try await service.state(of: "shop/c4", says: "Red")
    try await wait(until: "the end of the outage") {
      try types(receiver).last == "data_source.up.v1 data_sources/shop"
    }
    #expect(!(try await service.site.get("/on-call").body.contains("cannot be reached")))
    #expect(try await service.stop() == 0)
    // What was red before the outage and is red after it is told no second time.
    #expect(receiver.requests.count == 4)
    let withheld = try await folder.use { store in
      try await store.deliveries(action: "hook", checker: nil, state: .withheld, limit: 99)
    }
    #expect(withheld.filter { $0.reason.contains("'shop' cannot be reached") }.count == 4)
    #expect(withheld.filter { $0.reason == "nobody was told of the trouble" }.count == 3)
  }

  @Test("An action whose receiver refuses everything is marked, told of by another, and clears itself")
  func action() async throws {
    let refusing = try TestReceiver([.status(404, body: "no_service"), .status(404), .status(200)])
    let other = try TestReceiver([.status(200)])
    let third = try TestReceiver([.status(200)])
    let yaml = """
      version: 1
      namespace: shop
      data_sources: [{name: elsewhere, driver: sqlite, uri: EMPTY_DB}]
      datasets: [{name: one, data_source: elsewhere, sql: SELECT 1 AS one}]
      checkers:
        - {name: a, actions: [pager], rules: [{check: row_count, dataset: one, must_be: 2}]}
        - {name: b, actions: [pager], rules: [{check: row_count, dataset: one, must_be: 2}]}
      """
    func hook(_ name: String, _ receiver: TestReceiver, fallback: String? = nil) -> Action {
      Action(name: name, channel: "webhook", settings: ["url": receiver.url], isDefault: false, fallback: fallback)
    }
    try await folder.declare(
      yaml, actions: [hook("spare", other), hook("third", third), hook("pager", refusing, fallback: "spare")])
    let service = try await folder.start()
    try await service.runNow("shop/a")
    try await service.runNow("shop/b")
    try await wait(until: "the word of the spare action") {
      try types(other) == ["action.down.v1 actions/pager"]
    }
    try await wait(until: "both given up") {
      try await service.site.get("/api/v1/deliveries?state=failed").body.matches(of: /"id":/).count == 2
    }
    let broken = try await service.site.get("/api/v1/actions/pager").body
    #expect(broken.contains("\"broken\"") && broken.contains("no_service"))
    #expect(try await service.site.get("/actions").body.contains("Cannot deliver any more"))
    #expect(try await service.site.get("/actions/pager").body.contains("Send all that failed again"))
    #expect(try await service.site.post("/actions/pager/resend").status == 303)
    try await wait(until: "the word that it is mended") {
      try types(other) == ["action.down.v1 actions/pager", "action.up.v1 actions/pager"]
    }
    try await wait(until: "everything delivered") {
      Set(try types(refusing)).count == 2 && refusing.requests.count == 4
    }
    #expect(!(try await service.site.get("/api/v1/actions/pager").body.contains("\"broken\"")))
    #expect(third.requests.isEmpty)
    #expect(try await service.stop() == 0)
    #expect(try await folder.use { try await $0.counts() } == [.delivered: 4])
  }
}

@Suite("The service tells a watcher that it is alive") struct ServiceHeartbeatTests {
  @Test(
    "By the command line or the settings, once the scheduler looks for work; a wrong address is refused at the start")
  func beats() async throws {
    let folder = try ServiceFolder()
    let (first, second) = (try TestReceiver([.status(200)]), try TestReceiver([.status(200)]))
    try await folder.use { store in try await store.set("heartbeat.url", "${WATCHER}/stored") }
    let environment = ["WATCHER": second.url]
    let service = try await folder.start(["--heartbeat-url", first.url + "/given"], environment: environment)
    try await wait(until: "a beat") { !first.requests.isEmpty }
    #expect(first.requests.first?.line == "POST /given HTTP/1.1")
    #expect(second.requests.isEmpty)
    #expect(try await service.stop() == 0)
    let again = try await folder.start(environment: environment)
    try await wait(until: "a beat to the address in the settings") { !second.requests.isEmpty }
    #expect(second.requests.first?.line == "POST /stored HTTP/1.1")
    let shown = try await again.site.get("/api/v1/settings/heartbeat").body
    #expect(shown.contains("\"is_set\":true") && !shown.contains("WATCHER"))
    #expect(try await again.stop() == 0)
    let refused = try await folder.refusal(["--heartbeat-url", "somewhere"])
    #expect(refused.exitStatus == 64)
    #expect(refused.errors.contains("--heartbeat-url"))
  }
}
