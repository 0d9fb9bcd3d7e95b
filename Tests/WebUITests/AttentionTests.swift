import Checking
import Domain
import Foundation
import Persistence
import Testing
import WebUI

@Suite struct AttentionTests {
  private let path = "/checkers/shop/emails"

  private func red() async throws -> (SiteFixture, Visitor) {
    let site = try await SiteFixture()
    try await site.addShop([.users, .rows])
    _ = try await site.service.runNow(Checker.users.id, trigger: .manual)
    return (site, Visitor(site))
  }

  private func alarm(_ site: SiteFixture) async throws -> Alarm {
    try #require(try await site.store.checker(Checker.users.id)).alarm
  }

  @Test func `An open alarm is acknowledged for a while with a comment, and that is taken back`() async throws {
    let (site, visitor) = try await red()
    let fields = [("for", "1h"), ("comment", "<b>on it</b>"), ("back", "/alarms")]
    let answer = try await visitor.post("\(path)/acknowledge", fields, from: path)
    #expect(answer.status == 303 && answer.header("location") == "/alarms")
    let acknowledgement = try #require(try await alarm(site).acknowledgement)
    let end = try #require(acknowledgement.expiresAt)
    #expect(abs(end.timeIntervalSince(acknowledgement.at) - 3600) < 1 && acknowledgement.author == "administrator")
    for page in ["/alarms", path] {
      let body = try await visitor.get(page).body
      #expect(body.contains("Administrator looks after it until"), "\(page)")
      #expect(body.contains("&lt;b&gt;on it&lt;/b&gt;") && !body.contains("<b>on it"), "\(page)")
      #expect(!body.contains("/emails/acknowledge\""), "\(page)")
    }
    #expect(try await visitor.post("\(path)/unacknowledge", from: path).status == 303)
    #expect(try await alarm(site).acknowledgement == nil)
    #expect(try await visitor.get("/alarms").body.contains("/emails/acknowledge\""))
    let history = try await visitor.get("\(path)/history").body
    #expect(history.contains("Administrator took the acknowledgement back") && history.contains("for 1h: &lt;b&gt;"))
    await site.stop()
  }

  @Test func `What is not open cannot be acknowledged, and a length must be one that is offered`() async throws {
    let (site, visitor) = try await red()
    #expect(try await visitor.post("/checkers/shop/rows/acknowledge", from: path).status == 409)
    #expect(try await visitor.post("\(path)/acknowledge", [("for", "99y")], from: path).status == 422)
    #expect(try await visitor.post("/checkers/shop/none/acknowledge", from: path).status == 404)
    #expect(try await visitor.post("\(path)/unacknowledge", from: path).status == 409)
    #expect(try await visitor.post("\(path)/acknowledge", fields: [("for", "1h")]).status == 403, "no form token")
    await site.stop()
  }

  @Test func `A form leads back to pages of this service only`() async throws {
    let (site, visitor) = try await red()
    for back in ["//evil.example", "https://evil.example/", "/\\evil.example"] {
      let answer = try await visitor.post("\(path)/mute", [("for", "1h"), ("back", back)], from: path)
      #expect(answer.header("location") == "/", "\(back)")
    }
    await site.stop()
  }

  @Test func `A comment stands in the history, escaped and with its lines; nothing is no comment`() async throws {
    let (site, visitor) = try await red()
    let text = "first line\nsecond <script>line</script>"
    #expect(try await visitor.post("\(path)/comments", [("text", text)], from: path).status == 303)
    let page = try await visitor.get(path).body
    #expect(page.contains("Administrator wrote"))
    #expect(page.contains("first line\nsecond &lt;script&gt;line&lt;/script&gt;"))
    #expect(try await visitor.post("\(path)/comments", [("text", "  ")], from: path).status == 422)
    let long = String(repeating: "x", count: CheckerService.longestComment + 1)
    #expect(try await visitor.post("\(path)/comments", [("text", long)], from: path).status == 422)
    await site.stop()
  }

  @Test func `A snooze from the alarms lasts until tomorrow morning and is in the history`() async throws {
    let (site, visitor) = try await red()
    let answer = try await visitor.post(
      "\(path)/mute", [("for", "tomorrow"), ("reason", "deploy"), ("back", "/alarms?view=open")], from: path)
    #expect(answer.header("location") == "/alarms?view=open")
    let end = try #require(try await site.store.checker(Checker.users.id)?.mute?.endsAt)
    #expect(Words.full(end).hasSuffix("08:00:00 UTC") && end > Date() && end < Date(timeIntervalSinceNow: 32 * 3600))
    _ = try await visitor.post("\(path)/unmute", from: path)
    let history = try await visitor.get("\(path)/history").body
    #expect(history.contains("Administrator muted it") && history.contains("Administrator unmuted it"))
    #expect(history.contains(": deploy"))
    await site.stop()
  }

  @Test func `The history tells what was sent, what was withheld and why, edits, and that nobody hears`() async throws {
    let (site, visitor) = try await red()
    #expect(try await visitor.get("\(path)/history").body.contains("Nobody was told: no action hears of it"))
    for name in ["pager", "chat", "mail"] {
      try await site.store.save(Action(name: name, channel: "webhook", settings: [:]), replacing: nil)
    }
    // Green, and red once more, now that somebody hears of it.
    var changed = Checker.users
    var rules = changed.body.rules
    rules[0].threshold = .lessThan(ExactDecimal(1_000_000))
    changed.body = .rules(rules)
    for (version, checker) in [(1, changed), (2, .users)] {
      _ = try await site.service.save(checker, replacing: changed.id, expectedVersion: version, author: "bob")
      _ = try await site.service.runNow(changed.id, trigger: .manual)
    }
    _ = try await visitor.post("\(path)/acknowledge", from: path)
    // The red is being sent; what waits behind it is withheld when the silence begins.
    #expect(try await site.store.lease(at: Date(timeIntervalSinceNow: 60), limit: 9, seconds: 600).count == 3)
    _ = try await site.service.save(
      Silence(
        matchers: [AlarmMatcher(.namespace, ["shop"])], startsAt: Date(timeIntervalSinceNow: -60), endsAt: nil,
        author: "cid", comment: "migration"))
    _ = try await visitor.post("\(path)/unacknowledge", from: path)
    _ = try await visitor.post("\(path)/acknowledge", from: path)
    let history = try await visitor.get("\(path)/history").body
    #expect(history.contains("Bob saved version 2") && history.contains("\(path)/versions?version=2"))
    #expect(
      history.contains("Waits for chat, mail and pager") && history.contains("Withheld from chat, mail and pager"))
    #expect(history.contains("Silence 1 by cid: migration"))
    let short = try await visitor.get("\(path)/history?only=people").body
    #expect(short.contains("Turned red") && short.contains("Bob saved version 2") && !short.contains("Waits for"))
    let deliveries = try await visitor.get("/actions").body
    #expect(deliveries.contains("Withheld") && !deliveries.contains("Send again"), "it was withheld on purpose")
    let withheld = try #require(history.firstRange(of: "Withheld from chat, mail and pager"))
    let sent = try #require(history.firstRange(of: "Waits for chat, mail and pager"))
    let turned = try #require(history.firstRange(of: "Turned red"))
    #expect(history.ranges(of: "Waits for").count == 1, "one line for all that heard of the same")
    #expect(withheld.lowerBound < sent.lowerBound && sent.lowerBound < turned.lowerBound, "newest first")
    await site.stop()
  }

  @Test func `Alarms are grouped by what a link chooses, the worst group first`() async throws {
    let (site, visitor) = try await red()
    var other = Checker.users
    other.id.name = "mails"
    (other.owner, other.severity) = ("", .info)
    _ = try await site.service.save(other, replacing: nil, expectedVersion: nil, author: "ana")
    _ = try await site.service.runNow(other.id, trigger: .manual)
    for (by, titles) in [
      ("owner", ["Ana", "Nobody&#39;s"]), ("severity", ["Critical", "Info"]), ("namespace", ["shop"]),
      ("data_source", ["shop"]),
    ] {
      let page = try await visitor.get("/alarms?by=\(by)").body
      let found = page.matches(of: /<h2>([^<]*) <span class="faint">/).map { String($0.1) }
      #expect(found == titles, "\(by)")
      #expect(page.contains(#"href="/alarms?view=muted&amp;by=\#(by)""#), "the other views keep it")
    }
    #expect(!(try await visitor.get("/alarms?by=nonsense").body.contains("<h2>Ana")))
    await site.stop()
  }

  @Test func `On call, one tap acknowledges, snoozes for an hour, or leads to the runbook`() async throws {
    let (site, visitor) = try await red()
    let page = try await visitor.get("/on-call").body
    #expect(page.contains("1 alarm that nobody looks after.") && page.contains("/checkers/shop/emails#runbook"))
    let answer = try await visitor.post(
      "\(path)/acknowledge", [("for", "open"), ("back", "/on-call")], from: "/on-call")
    #expect(answer.header("location") == "/on-call")
    let after = try await visitor.get("/on-call").body
    #expect(after.contains("All quiet") && after.contains("Administrator looks after it"))
    _ = try await visitor.post("\(path)/mute", [("for", "1h"), ("back", "/on-call")], from: "/on-call")
    let muted = try await visitor.get("/on-call").body
    let section = try #require(muted.range(of: "Looked after, or nobody is told"))
    #expect(muted[section.upperBound...].contains("shop/emails") && muted.contains("All quiet"))
    #expect(muted.contains("Unmute emails"), "it is taken back where it was done")
    await site.stop()
  }

  @Test func `On call tells alarms and other troubles apart, as the lines and the navigation count them`() async throws
  {
    let (site, visitor) = try await red()
    try await site.store.save(Action(name: "gone", channel: "webhook", settings: [:]), replacing: nil)
    try await site.service.actionBroke("gone", error: "404", since: Date())
    _ = try await site.store.begin(Outage(.dataSource("shop"), since: Date(), error: "refused"), deliveries: [])
    func sub(_ text: String) async throws {
      let page = try await visitor.get("/on-call").body
      let found = page.firstMatch(of: /<p class="sub" id="sub" data-live>([^<]*)</).map { String($0.1) }
      #expect(found == text)
      #expect(page.contains(#"<span class="count hot">1</span>"#) != text.contains("muted"))
    }
    let others = "1 data source cannot be reached, 1 action cannot deliver."
    try await sub("1 alarm that nobody looks after. \(others)")
    _ = try await visitor.post("\(path)/acknowledge", from: path)
    try await sub("No alarm waits for you, 1 looked after or silent. \(others)")
    _ = try await visitor.post("\(path)/mute", [("for", "1h")], from: path)
    try await sub("No alarm waits for you, 1 muted. \(others)")
    await site.stop()
  }

  @Test func `The page of what is red and muted says both, and what is wrong`() async throws {
    let (site, visitor) = try await red()
    _ = try await visitor.post("\(path)/mute", [("for", "1h"), ("reason", "deploy")], from: path)
    let page = try await visitor.get(path).body
    let state = String(try #require(page.firstMatch(of: /<div class="banner[^>]*id="state".*?<\/div>/)).0)
    #expect(state.contains("banner red") && state.contains("Red for") && state.contains("Users without email"))
    #expect(
      state.contains("Muted until") && state.contains("deploy. It runs and sends nothing. Muted by administrator."))
    let heading = String(try #require(page.firstMatch(of: /<h1>.*?<\/h1>/)).0)
    #expect(heading.contains(#"aria-label="Red""#) && heading.contains(#"aria-label="Muted""#))
    _ = try await site.service.mute(Checker.rows.id, reason: "", until: nil, author: "ana")
    let green = try await visitor.get("/checkers/shop/rows").body
    #expect(green.contains("Muted until somebody unmutes it.") && !green.contains("Never run."))
    await site.stop()
  }

  @Test func `How long trouble lasted is the same wherever it is told`() {
    func after(_ seconds: Double, from: Alarm.State) -> String {
      let end = Date(timeIntervalSince1970: 1_700_000_000)
      let transition = AlarmTransition(
        sequence: 2, from: from, to: .green, isWarning: false, wasWarning: false, at: end, previousSince: end - seconds,
        runID: "", notice: .resolved)
      return transition.timeBefore
    }
    #expect(after(5400, from: .red) == "1h 30m")
    #expect(AlarmNotice.Reason.resolved(afterSeconds: 5400).text == "resolved after 1h 30m")
    #expect(after(300, from: .recovering) == "5m of recovering")
  }
}
