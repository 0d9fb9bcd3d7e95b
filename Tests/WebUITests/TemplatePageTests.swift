import Channels
import Checking
import Domain
import Foundation
import Persistence
import TestSupport
import Testing
import WebUI

@Suite struct TemplatePageTests {
  private let form = "/actions/new?channel=slack"

  private func site() async throws -> (SiteFixture, Visitor) {
    let site = try await SiteFixture(channels: ChannelCatalogue(environment: [:]))
    return (site, Visitor(site))
  }

  private func fields(_ template: String) -> [(String, String)] {
    [
      ("name", "chat"), ("channel", "slack"), ("s.url", "https://hooks.example.com/x"), ("s.template", template),
      ("notices", "red"), ("default", "true"), ("enabled", "true"),
    ]
  }

  @Test func `A template stands in the form with its default and what it makes of an event`() async throws {
    let (site, visitor) = try await site()
    let page = try await visitor.get(form).body
    #expect(page.contains("{{message}}") && page.contains("There should be less than 42 users in that state"))
    let preview = try await visitor.post("/actions/preview", fields("<b>{{checker}}</b> is red"), from: form).body
    #expect(preview.contains("&lt;b&gt;shop/emails&lt;/b&gt; is red") && !preview.contains("<html"))
    let wrong = try await visitor.post("/actions/preview", fields("a\n{{mesage}}"), from: form).body
    #expect(wrong.contains("Line 2: ") && wrong.contains("mesage"), "\(wrong)")
    await site.stop()
  }

  @Test func `A template of one's own is kept, refused when it is wrong, and reverted to the default`() async throws {
    let (site, visitor) = try await site()
    #expect(try await visitor.post("/actions/new", fields("{{#rows}}"), from: form).status == 422)
    #expect(try await visitor.post("/actions/new", fields("mine: {{checker}}"), from: form).status == 303)
    #expect(try await site.store.action("chat")?.settings["template"] == "mine: {{checker}}")
    let stored = try await visitor.get("/actions/chat").body
    #expect(stored.contains("mine: {{checker}}") && stored.contains("mine: shop/emails"))
    let revert = fields("mine: {{checker}}") + [("original", "chat"), ("do", "revert:template")]
    let page = try await visitor.post("/actions/chat", revert, from: "/actions/chat")
    #expect(page.status == 200 && !page.body.contains("mine: ") && page.body.contains("{{message}}"))
    let standard = try #require(
      site.service.channels.kinds.first { $0.key == "slack" }?.defaultTemplates["template"])
    // As a browser sends it.
    let saved = fields("\(standard)\n".replacing("\n", with: "\r\n")) + [("original", "chat")]
    #expect(try await visitor.post("/actions/chat", saved, from: "/actions/chat").status == 303)
    #expect(try await site.store.action("chat")?.settings["template"] == nil, "the default is not stored")
    await site.stop()
  }

  @Test func `Templates are tried on the newest event that the action was sent`() async throws {
    let (site, visitor) = try await site()
    try await site.addShop()
    _ = try await visitor.post("/actions/new", fields("found: {{message}}"), from: form)
    _ = try await site.service.runNow(Checker.users.id, trigger: .manual)
    let page = try await visitor.get("/actions/chat").body
    #expect(page.contains("found: Users without email") && page.contains(">the newest event</option>"))
    let sample = fields("found: {{message}}") + [("original", "chat"), ("preview_event", "sample")]
    let preview = try await visitor.post("/actions/preview", sample, from: "/actions/chat").body
    #expect(preview.contains("found: There should be less than 42 users"))
    await site.stop()
  }

  @Test func `An action's last delivery shows however many others there were since`() async throws {
    let (site, visitor) = try await site()
    try await site.addShop()
    for name in ["chat", "busy"] {
      let hook = ["url": "https://hooks.example.com/x"]
      try await site.store.save(Action(name: name, channel: "slack", settings: hook), replacing: nil)
    }
    let event = Event(
      id: "old", subject: .test, checker: .users, checkerVersion: 1, run: .sample(of: Checker.users.id),
      time: site.service.now())
    let outage = Outage(.dataSource("x"), since: site.service.now(), error: "gone")
    let old = NewDelivery(event: event, action: "chat", isWithheld: false)
    let others = (0..<60).map { _ in NewDelivery(event: event, action: "busy", isWithheld: false) }
    #expect(try await site.store.begin(outage, deliveries: [old] + others))
    #expect(try await !visitor.get("/actions").body.contains("Nothing sent yet"))
    await site.stop()
  }

  @Test func `Why an action cannot deliver stands on top of its page`() async throws {
    let (site, visitor) = try await site()
    _ = try await visitor.post("/actions/new", fields("x"), from: form)
    try await site.service.actionBroke("chat", error: "no_service", since: site.service.now())
    let page = try await visitor.get("/actions/chat").body
    #expect(page.contains("It cannot deliver any more, since") && page.contains("No_service."))
    await site.stop()
  }

  @Test func `A template that fails for an event is told in the delivery's line and in a test's answer`() async throws {
    let (site, visitor) = try await site()
    let receiver = try TestReceiver([.status(204)])
    let fields = [
      ("name", "hook"), ("channel", "webhook"), ("s.url", "http://127.0.0.1:\(receiver.port)/"),
      ("s.template", "{{owner}}"),
      ("s.content_type", "text/plain"), ("notices", "red"), ("default", "true"), ("enabled", "true"),
    ]
    let answer = try await visitor.post("/actions/test", fields, from: "/actions/new?channel=webhook").body
    #expect(answer.contains("Delivered, with the default words") && answer.contains("it makes an empty text"))
    await site.stop()
  }
}
