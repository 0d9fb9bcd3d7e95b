import Checking
import Domain
import Foundation
import Persistence
import TestSupport
import Testing

@testable import WebUI

@Suite struct SignedLinkTests {
  private static let base = "https://checker.example.com"

  /// A red alarm, of which an action was told; and what leads from the message to the service.
  private func told() async throws -> (SiteFixture, EventLinks) {
    let site = try await SiteFixture(password: "a long password")
    try await site.access.address.set(Self.base + "/")
    try await site.addShop()
    try await site.store.save(Action(name: "mail", channel: "email", settings: [:]), replacing: nil)
    _ = try await site.service.runNow(Checker.users.id, trigger: .manual)
    let sent = try await site.store.deliveries(action: "mail", checker: nil, limit: 1)
    return (site, try #require(sent.first?.event.links))
  }

  private func path(_ link: String) -> String { String(link.dropFirst(Self.base.count)) }

  private func token(_ link: String) -> String { String(link.split(separator: "=").last ?? "") }

  private func alarm(_ site: SiteFixture) async throws -> StoredChecker {
    try #require(try await site.store.checker(Checker.users.id))
  }

  @Test func `A link asks first, then acknowledges, and nobody has to sign in`() async throws {
    let (site, links) = try await told()
    let visitor = Visitor(site)
    #expect(links.checker == "https://checker.example.com/checkers/shop/emails")
    let page = try await visitor.get(path(links.acknowledge))
    #expect(page.status == 200 && page.body.contains("Acknowledge this alarm?"))
    #expect(page.header("referrer-policy") == "same-origin" && !page.body.contains("side-search"))
    #expect(try await alarm(site).alarm.acknowledgement == nil, "a scanner of mail does nothing")
    #expect(try await visitor.post("/act", fields: [("t", token(links.acknowledge))]).status == 403, "no form token")
    let done = try await visitor.post("/act", [("t", token(links.acknowledge))], from: path(links.acknowledge))
    #expect(done.status == 200 && done.body.contains("Nobody is reminded of shop/emails"))
    for link in ["/checkers/shop/emails", "/on-call"] { #expect(done.body.contains("href=\"\(link)\""), "\(link)") }
    #expect(try await alarm(site).alarm.acknowledgement?.author == "somebody with a link from a message")
    _ = try await visitor.post("/act", [("t", token(links.snooze))], from: path(links.snooze))
    let end = try #require(try await alarm(site).mute?.endsAt)
    #expect(abs(end.timeIntervalSinceNow - 3600) < 60)
    try await site.service.mute(Checker.users.id, reason: "holidays", until: nil, author: "ana")
    _ = try await visitor.post("/act", [("t", token(links.snooze))], from: path(links.snooze))
    #expect(try await alarm(site).mute?.endsAt == nil, "what lasts longer stays")
    #expect(try await visitor.get("/alarms").status == 303, "it opens nothing else")
    await site.stop()
  }

  @Test func `A link in a message about one row is of that row alone`() async throws {
    let site = try await SiteFixture(password: "a long password")
    try await site.access.address.set(Self.base)
    var checker = Checker.users
    checker.alarm = AlarmPolicy(perRow: ["name"])
    checker.body = .rules([Rule(check: "no_rows", dataset: "users")])
    try await site.addShop([checker])
    try await site.store.save(Action(name: "mail", channel: "email", settings: [:]), replacing: nil)
    _ = try await site.service.runNow(checker.id, trigger: .manual)
    let sent = try await site.store.deliveries(action: "mail", checker: nil, limit: 9)
    let event = try #require(sent.map(\.event).first { $0.row?.text == "name=bob" })
    let links = try #require(event.links)
    let visitor = Visitor(site)
    #expect(try await visitor.get(path(links.snooze)).body.contains("shop/emails, row name=bob"))
    let done = try await visitor.post("/act", [("t", token(links.snooze))], from: path(links.snooze))
    #expect(done.body.contains("Nobody is reminded of shop/emails, row name=bob for an hour."))
    _ = try await visitor.post("/act", [("t", token(links.acknowledge))], from: path(links.acknowledge))
    let rows = try await site.store.rowAlarms(of: checker.id)
    #expect(rows.count == 3)
    #expect(rows.filter { $0.alarm.acknowledgement != nil }.map(\.key.text) == ["name=bob"])
    #expect(try await alarm(site).mute == nil)
    await site.stop()
  }

  @Test func `A link that was changed, is of another secret, or of an alarm that is over does nothing`() async throws {
    let (site, links) = try await told()
    let visitor = Visitor(site)
    let token = token(links.snooze)
    let half = token.split(separator: ".").map(String.init)
    let others = [
      "", "x", "x.y", half[0], "\(half[0]).", "\(half[0]).\(String(half[1].reversed()))",
      "\(Secrets.base64url(Array("snooze:shop/rows:0:9999999999".utf8))).\(half[1])", "\(token).z",
    ]
    for other in others {
      let page = try await visitor.get(Link.query("/act", [("t", other)]))
      #expect(page.status == 403 && page.body.contains("This link does not work"), "\(other)")
      let post = try await visitor.post("/act", [("t", other)], from: path(links.snooze))
      #expect(post.status == 403, "\(other)")
    }
    try await site.access.links.renew()
    #expect(try await visitor.get(path(links.snooze)).status == 403)
    let newer = try #require(try await site.access.links.links(for: alarm(site)))
    #expect(try await visitor.get(path(newer.snooze)).status == 200)
    var healed = Checker.users
    healed.body = .rules([Rule(check: "row_count", dataset: "users", threshold: .greaterThan(ExactDecimal(0)))])
    _ = try await site.service.save(healed, replacing: healed.id, expectedVersion: nil, author: "ana")
    _ = try await site.service.runNow(healed.id, trigger: .manual)
    let over = try await visitor.get(path(newer.snooze))
    #expect(over.status == 410 && over.body.contains("This alarm is over"))
    #expect(try await alarm(site).mute == nil)
    await site.stop()
  }

  @Test func `A link works for seven days`() async throws {
    let clock = ManualClock(Date())
    let folder = try TemporaryFolder()
    let store = try SQLiteStore(folder: folder.path)
    let access = try await AccessControl(store: store, now: { clock.now })
    var stored = StoredChecker(
      checker: .users, version: 1, savedAt: clock.now, alarm: Alarm(since: clock.now), mute: nil, nextRunAt: nil,
      lastRun: nil)
    _ = stored.alarm.receive(.failed, run: "r", at: clock.now)
    #expect(access.links.links(for: stored) == nil, "the address is not known")
    try await access.address.set("http://10.0.0.7:8080")
    let link = try #require(access.links.links(for: stored)).acknowledge
    let token = String(try #require(link.split(separator: "=").last))
    clock.advance(by: 7 * 86_400 - 1)
    #expect(try access.links.order(token).deed == .acknowledge)
    clock.advance(by: 1)
    #expect(throws: SignedLinks.Refusal.expired) { try access.links.order(token) }
    let again = try await AccessControl(store: store, now: { clock.now - 60 })
    #expect(try again.links.order(token).checker == Checker.users.id, "the secret survives a restart")
    #expect(again.address.base == "http://10.0.0.7:8080")
  }

  @Test func `The address is set in the settings, checked, and taken away`() async throws {
    let site = try await SiteFixture()
    let visitor = Visitor(site)
    let form = "/settings/address"
    for wrong in [
      "checker", "ftp://x", "https://", "https://user:pw@x", "https://x/below", "https://x?y=1", "javascript:alert(1)",
    ] {
      let page = try await visitor.post(form, [("public_url", wrong)], from: form)
      #expect(page.status == 422 && page.body.contains("https://checker.example.com."), "\(wrong)")
    }
    #expect(site.access.address.base == nil)
    #expect(try await visitor.post(form, [("public_url", Self.base + "/")], from: form).status == 303)
    #expect(try await visitor.get(form).body.contains(#"value="https://checker.example.com""#))
    #expect(try await visitor.get("/", headers: ["Host": "checker.example.com"]).status == 200, "a proxy before it")
    #expect(try await visitor.get("/", headers: ["Host": "evil.example.com"]).status == 421)
    #expect(try await visitor.post("\(form)/renew", from: form).status == 303)
    _ = try await visitor.post(form, [("public_url", "")], from: form)
    #expect(site.access.address.base == nil)
    await site.stop()
  }
}
