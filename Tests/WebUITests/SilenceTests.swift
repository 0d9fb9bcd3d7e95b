import Checking
import Domain
import Foundation
import Persistence
import Testing
import WebUI

@Suite struct SilenceTests {
  private func red() async throws -> (SiteFixture, Visitor) {
    let site = try await SiteFixture()
    try await site.addShop([.users, .rows])
    try await site.store.save(Action(name: "pager", channel: "webhook", settings: [:]), replacing: nil)
    _ = try await site.service.runNow(Checker.users.id, trigger: .manual)
    return (site, Visitor(site))
  }

  @Test func `A silence is made, shows what it hides, and ends`() async throws {
    let (site, visitor) = try await red()
    let fields = [
      ("namespace", "sh*"), ("severity", "critical, warning"), ("more", "tag!=noisy\n\nchecker!=shop/rows"),
      ("for", "4h"), ("comment", "<i>migration</i>"),
    ]
    #expect(try await visitor.post("/silences/new", fields, from: "/silences/new").status == 303)
    let silence = try #require(try await site.store.silences(notEndedAt: nil).first)
    #expect(
      silence.matchers.map(\.text) == [
        "namespace=sh*", "severity=critical,warning", "tag!=noisy", "checker!=shop/rows",
      ])
    let list = try await visitor.get("/silences").body
    #expect(list.contains("Active") && list.contains("hides 1 open alarm") && list.contains("shop/emails</a>"))
    #expect(list.contains("&lt;i&gt;migration") && !list.contains("<i>migration"))
    for page in ["/alarms", "/checkers/shop/emails"] {
      #expect(try await visitor.get(page).body.contains("Nobody is told: silence 1 by administrator"), "\(page)")
    }
    let form = try await visitor.get("/silences/1").body
    #expect(form.contains(#"value="sh*""#) && form.contains("tag!=noisy\nchecker!=shop/rows"))
    #expect(try await visitor.post("/silences/1/end", from: "/silences").status == 303)
    let ended = try await visitor.get("/silences").body
    #expect(ended.contains("Ended in the last 7 days") && !ended.contains("End now"))
    #expect(!(try await visitor.get("/alarms").body.contains("Nobody is told")))
    await site.stop()
  }

  @Test func `A silence about to end while something is open stands on top of both pages`() async throws {
    let (site, visitor) = try await red()
    let now = Date()
    func silence(_ matcher: String) throws -> Silence {
      Silence(
        matchers: [try AlarmMatcher.parse(matcher)], startsAt: now - 7200, endsAt: now + 600, author: "ana",
        comment: "migration")
    }
    _ = try await site.store.save(try silence("checker=shop/rows"))
    let words = "by ana (migration) ends in"
    #expect(!(try await visitor.get("/silences").body.contains(words)))
    _ = try await site.store.save(try silence("namespace=shop"))
    for page in ["/silences", "/alarms"] {
      let body = try await visitor.get(page).body
      #expect(body.contains("Silence 2 \(words)") && body.contains("1 alarm that it hides is open."), "\(page)")
      #expect(body.contains(#"href="/silences/2">Extend</a>"#) && !body.contains("Silence 1 \(words)"), "\(page)")
    }
    await site.stop()
  }

  @Test func `What cannot be used is said beside its field, and nothing is lost`() async throws {
    let (site, visitor) = try await red()
    let fields = [
      ("namespace", "shop"), ("severity", "fatal"), ("more", "tgas=x"), ("for", "until"), ("until", "soon"),
      ("hours", "at night"), ("comment", ""),
    ]
    let page = try await visitor.post("/silences/new", fields, from: "/silences/new")
    #expect(page.status == 422)
    for text in [
      "There is no severity 'fatal'; there are info, warning and critical.", "There is no 'tgas'; did you mean 'tag'?",
      "Write a time as in 2026-11-24 18:00 (UTC).", "'at night' has no hours.", #"value="shop""#,
    ] { #expect(page.body.contains(text.replacing("'", with: "&#39;")), "\(text)") }
    let nothing = try await visitor.post("/silences/new", [("for", "1h"), ("comment", "x")], from: "/silences/new")
    #expect(nothing.status == 422 && nothing.body.contains("A silence matches something"))
    let bare = [("checker", "emails"), ("for", "1h"), ("comment", "x")]
    let beside = try await visitor.post("/silences/new", bare, from: "/silences/new").body
    let field = try #require(beside.firstRange(of: #"name="checker""#))
    let next = try #require(beside.firstRange(of: #"name="tag""#))
    #expect(beside[field.upperBound..<next.lowerBound].contains("has no namespace"), "it stands beside its field")
    let backwards = [("namespace", "x"), ("for", "until"), ("until", "2020-01-01T00:00"), ("comment", "x")]
    let page2 = try await visitor.post("/silences/new", backwards, from: "/silences/new")
    #expect(page2.body.contains("The end comes after the start."))
    #expect(try await site.store.silences(notEndedAt: nil).isEmpty)
    for path in ["/silences/9", "/silences/x"] { #expect(try await visitor.get(path).status == 404) }
    await site.stop()
  }

  @Test func `From an alarm the form is filled, with what else could be silenced`() async throws {
    let (site, visitor) = try await red()
    let link = "/silences/new?checker=shop%2Femails&amp;like=shop%2Femails"
    #expect(try await visitor.get("/alarms").body.contains(link))
    let page = try await visitor.get(link.replacing("&amp;", with: "&")).body
    #expect(page.contains(#"value="shop/emails""#) && page.contains("of which 1 have an open alarm"))
    #expect(page.contains("Tag people") && page.contains("Owner Ana"))
    await site.stop()
  }

  @Test func `Quiet hours come back, and a silence to come says when it starts`() async throws {
    let (site, visitor) = try await red()
    let hours = [("namespace", "*"), ("for", "open"), ("hours", "mon-sun 00:00-24:00"), ("comment", "always")]
    _ = try await visitor.post("/silences/new", hours, from: "/silences/new")
    let later = [("tag", "people"), ("starts", "2099-01-01T10:00"), ("for", "1h"), ("comment", "later")]
    _ = try await visitor.post("/silences/new", later, from: "/silences/new")
    let list = try await visitor.get("/silences").body
    #expect(list.contains("at 00:00-24:00") && list.contains("Until somebody ends it"))
    #expect(list.contains("Upcoming") && list.contains("Starts in"))
    let starts = try #require(try await site.store.silence(2))
    #expect(starts.endsAt == starts.startsAt + 3600)
    await site.stop()
  }
}
