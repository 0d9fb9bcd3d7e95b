import Domain
import Foundation
import TestSupport
import Testing

@testable import Channels

/// What is told of an alarm of one row.
@Suite struct RowEventTests {
  private func event(_ country: String?) -> Event {
    var event = Event.sample()
    let key = RowKey([.init("country", country), .init("tenant", "4")])
    (event.row, event.rowID) = (key, key.digest)
    return event
  }

  private func data(_ event: Event, _ policy: RowPolicy = RowPolicy(includesRows: false)) throws -> [String: Any] {
    try object(CloudEvent(event: policy.applied(to: event), includesRows: false).encoded)
  }

  @Test func anEventCarriesItsRowAndASubjectOfItsOwn() throws {
    let envelope = try data(event("PT"))
    let row = (envelope["data"] as? [String: Any])?["row"] as? [String: Any]
    #expect(row?["country"] as? String == "PT" && row?["tenant"] as? String == "4")
    #expect(try data(event("PT"))["subject"] as? String != data(event("ES"))["subject"] as? String)
    #expect((envelope["subject"] as? String)?.hasPrefix("checkers/shop/emails/rows/") == true)
    let null = (try data(event(nil))["data"] as? [String: Any])?["row"] as? [String: Any]
    #expect(null?["country"] is NSNull)
    #expect((try data(.sample())["data"] as? [String: Any])?["row"] == nil)
  }

  @Test func eachRowHasAKeyOfItsOwnForPagers() {
    let keys = [event("PT"), event("ES"), .sample()].map { Situation.key($0, .problem) }
    #expect(Set(keys).count == 3)
    #expect(keys[2] == "malleable/shop/emails")
  }

  @Test func aColumnThatNeverLeavesIsHiddenAndTheRowsAreStillToldApart() throws {
    let policy = RowPolicy(includesRows: true, redactedColumns: ["country"])
    let text = String(decoding: try JSONSerialization.data(withJSONObject: data(event("PT"), policy)), as: UTF8.self)
    #expect(!text.contains("\"PT\"") && text.contains("\"4\""))
    #expect(
      Situation.key(policy.applied(to: event("PT")), .problem)
        != Situation.key(policy.applied(to: event("ES")), .problem))
  }

  @Test func titlesAndMessagesNameTheRow() throws {
    let text = "{{row}}|{{#row_values}}{{column}}:{{cell}};{{/row_values}}|{{message}}"
    let reader = try SettingsReader(
      ["template": text], declared: [TemplateSlot.title("").setting, TemplateSlot.body("", .plain).setting],
      environment: [:])
    let templates = try Templates([.title(TemplateSlot.defaultTitle), .body("", .plain)], reader, isLenient: false)
    let message = Message(event(nil), templates, links: Links())
    #expect(message.title.contains("shop/emails (country=NULL, tenant=4)"))
    #expect(message.text.hasPrefix("country=NULL, tenant=4|country:NULL;tenant:4;|country=NULL, tenant=4: "))
    #expect(!Message(.sample(), templates, links: Links()).title.contains("("))
  }
}
