import Domain
import Foundation
import Persistence
import TestSupport
import Testing

@Suite("Messages lead back to the service") struct ServiceLinkTests {
  private let folder: ServiceFolder

  init() throws { folder = try ServiceFolder() }

  private static let yaml = """
    version: 1
    namespace: shop
    data_sources:
      - {name: file, driver: sqlite, uri: EMPTY_DB}
    datasets:
      - {name: two, data_source: file, sql: SELECT 1 AS one UNION ALL SELECT 2}
    checkers:
      - {name: few, runbook: Look., rules: [{check: row_count, dataset: two, must_be_less_than: 1}]}
    """

  @Test("The address of the command line is kept, and stands in events and messages") func publicAddress() async throws
  {
    let receiver = try TestReceiver([.status(200)])
    let settings = ["url": receiver.url + "/hook", "template": "{\"page\": \"{{links.checker}}\"}"]
    try await folder.declare(Self.yaml, actions: [Action(name: "hook", channel: "webhook", settings: settings)])
    let first = try await folder.start(["--public-url", "https://checker.example.com/"])
    try await first.runNow("shop/few")
    try await wait(until: "the message", seconds: 60) { !receiver.requests.isEmpty }
    let body = String(decoding: receiver.requests[0].body, as: UTF8.self)
    #expect(body == #"{"page": "https://checker.example.com/checkers/shop/few"}"#)
    #expect(try await first.stop() == 0)
    let second = try await folder.start()
    let page = try await second.site.get("/settings/address").body
    #expect(page.contains(#"value="https://checker.example.com""#))
    #expect(try await second.stop() == 0)
    let id = QualifiedName(namespace: "shop", name: "few")
    let sent = try await folder.use { try await $0.deliveries(action: "hook", checker: id, limit: 1) }
    #expect(sent.first?.event.links?.acknowledge.hasPrefix("https://checker.example.com/act?t=") == true)
  }

  @Test("An address that is none keeps the service from starting, and says how to mend it") func refused() async throws
  {
    let refused = try await folder.refusal(["--public-url", "checker.example.com"])
    #expect(refused.exitStatus == 69)
    #expect(refused.errors.contains("--public-url: the address begins with http:// or https://"))
  }
}
