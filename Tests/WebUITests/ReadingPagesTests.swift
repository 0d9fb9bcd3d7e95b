import Checking
import Domain
import Foundation
import Persistence
import TestSupport
import Testing
import WebUI

@Suite struct ReadingPagesTests {
  private func shop() async throws -> (SiteFixture, Visitor) {
    let site = try await SiteFixture()
    try await site.addShop([.users, .rows])
    return (site, Visitor(site))
  }

  @Test func `Without checkers the overview says what to do first`() async throws {
    let site = try await SiteFixture()
    let answer = try await Visitor(site).get("/")
    #expect(answer.status == 200 && answer.body.contains("/data-sources"))
    await site.stop()
  }

  @Test func `Run now shows what was found, red first on the overview`() async throws {
    let (site, visitor) = try await shop()
    for name in ["rows", "emails"] {
      let answer = try await visitor.post("/checkers/shop/\(name)/run", from: "/checkers/shop/\(name)")
      #expect(answer.status == 303 && answer.header("location") == "/checkers/shop/\(name)")
    }
    let page = try await visitor.get("/checkers/shop/emails").body
    #expect(page.contains("1 of 1 failed") && page.contains("Users without email"))
    #expect(page.contains(">bob<") && page.contains("<span class=\"null\">null</span>"))
    let overview = try await visitor.get("/").body
    let red = try #require(overview.firstRange(of: "Needs attention"))
    let row = try #require(overview.firstRange(of: "/checkers/shop/emails\""))
    let green = try #require(overview.firstRange(of: "/checkers/shop/rows\""))
    #expect(red.lowerBound < row.lowerBound && row.lowerBound < green.lowerBound)
    #expect(overview.contains(#"<span class="count hot">1</span>"#))
    await site.stop()
  }

  @Test func `A filter leaves the others out, and htmx gets rows alone`() async throws {
    let (site, visitor) = try await shop()
    _ = try await site.service.runNow(Checker.users.id, trigger: .manual)
    for path in ["/?q=without+email", "/?state=red", "/?tag=people", "/?owner=Ana", "/checkers?q=emails"] {
      let page = try await visitor.get(path).body
      #expect(page.contains("/checkers/shop/emails\"") && !page.contains("/checkers/shop/rows\""), "\(path)")
    }
    #expect(try await visitor.get("/?q=nothing-like-this").body.contains("No checker matches this filter"))
    let rows = try await visitor.get("/overview/rows?state=red&range=7d", headers: ["HX-Request": "true"])
    #expect(!rows.body.contains("<html") && rows.body.contains("/checkers/shop/emails\""))
    #expect(rows.header("hx-push-url") == "/?state=red&range=7d")
    #expect(try await visitor.get("/overview/rows?state=red").header("location") == "/?state=red")
    await site.stop()
  }

  @Test func `Muting needs a length, has an end and a reason, and comes off again`() async throws {
    let (site, visitor) = try await shop()
    let form = "/checkers/shop/emails/mute"
    #expect(try await visitor.post(form, [("for", "until"), ("until", "")], from: form).status == 422)
    #expect(try await visitor.post(form, [("for", "until"), ("until", "2020-01-01T10:00")], from: form).status == 422)
    #expect(try await visitor.post(form, [("for", "4h"), ("reason", "<i>deploy</i>")], from: form).status == 303)
    let mute = try #require(try await site.store.checker(Checker.users.id)?.mute)
    #expect(mute.reason == "<i>deploy</i>" && mute.endsAt.map { $0 > Date() } == true)
    let page = try await visitor.get("/checkers/shop/emails").body
    #expect(page.contains("&lt;i&gt;deploy&lt;/i&gt;") && !page.contains("<i>deploy"))
    _ = try await visitor.post("/checkers/shop/emails/unmute", from: "/checkers/shop/emails")
    #expect(try await site.store.checker(Checker.users.id)?.mute == nil)
    await site.stop()
  }

  @Test func `A runbook is rendered without what could run`() async throws {
    let (site, visitor) = try await shop()
    let page = try await visitor.get("/checkers/shop/emails").body
    #expect(page.contains("<strong>sign-up</strong>"))
    #expect(!page.contains("<script>alert") && !page.contains("javascript:"))
    await site.stop()
  }

  @Test func `A run shows its assertions, its rows as CSV, and its neighbours`() async throws {
    let (site, visitor) = try await shop()
    let first = try await site.service.runNow(Checker.users.id, trigger: .manual)
    let second = try await site.service.runNow(Checker.users.id, trigger: .api)
    let page = try await visitor.get("/runs/\(first.id)").body
    #expect(page.contains("1 failed") && page.contains("/runs/\(second.id)\" aria-label=\"Next run\""))
    let csv = try await visitor.get("/runs/\(first.id)/rows/0.csv")
    #expect(csv.body == "id,name,email\r\n2,bob,\r\n")
    #expect(csv.header("content-disposition")?.contains("attachment") == true)
    for path in ["/runs/nope", "/runs/\(first.id)/rows/9.csv", "/runs/\(first.id)/rows/x"] {
      #expect(try await visitor.get(path).status == 404, "\(path)")
    }
    await site.stop()
  }

  @Test func `Long lists come by pages`() async throws {
    let (site, visitor) = try await shop()
    var ids: [String] = []
    for _ in 0..<52 { ids.append(try await site.service.runNow(Checker.rows.id, trigger: .manual).id) }
    let newest = try await visitor.get("/runs").body
    let older = String(try #require(newest.firstMatch(of: /href="(\/runs\?before=[^"]*)">Older/)).1)
    let rest = try await visitor.get(older.replacing("&amp;", with: "&")).body
    #expect(rest.contains(ids[0]) && rest.contains(ids[1]) && !rest.contains(ids[2]))
    #expect(try await visitor.get("/runs?outcome=failed").body.contains("No runs here"))
    await site.stop()
  }

  @Test func `Versions show the difference and go back`() async throws {
    let (site, visitor) = try await shop()
    var changed = Checker.users
    changed.description = "Nearly everybody."
    _ = try await site.service.save(changed, replacing: changed.id, expectedVersion: 1, author: "bob")
    let path = "/checkers/shop/emails/versions"
    let page = try await visitor.get(path).body
    #expect(
      page.contains("Version 2 against 1") && page.contains("class=\"del\"") && page.contains("Nearly everybody."))
    #expect(try await visitor.post("\(path)/1/restore", from: "\(path)?version=1").status == 303)
    let restored = try #require(try await site.store.checker(changed.id))
    #expect(restored.version == 3 && restored.checker.description == Checker.users.description)
    #expect(try await visitor.get("\(path)?version=9").status == 404)
    await site.stop()
  }

  @Test func `Delete asks first and takes everything along`() async throws {
    let (site, visitor) = try await shop()
    #expect(try await visitor.get("/checkers/shop/emails/delete").body.contains("This cannot be taken back."))
    #expect(try await visitor.post("/checkers/shop/emails/delete", from: "/checkers/shop/emails/delete").status == 303)
    #expect(try await visitor.get("/checkers").body.contains("Deleted shop/emails."), "said once")
    #expect(!(try await visitor.get("/checkers").body.contains("Deleted shop/emails.")))
    #expect(try await visitor.get("/checkers/shop/emails").status == 404)
    await site.stop()
  }

  @Test func `Alarms and the namespace show the red one; export is a check file`() async throws {
    let (site, visitor) = try await shop()
    _ = try await site.service.runNow(Checker.users.id, trigger: .manual)
    #expect(try await visitor.get("/alarms").body.contains("Users without email"))
    #expect(try await visitor.get("/alarms?view=history").body.contains("Turned red"))
    #expect(try await visitor.get("/namespaces/shop").body.contains("/checkers/shop/emails\""))
    #expect(try await visitor.get("/namespaces/nope").status == 404)
    #expect(try await visitor.get("/checkers/shop/emails.yaml").body.contains("name: emails"))
    #expect(try await visitor.get("/namespaces/shop.yaml").body.contains("SELECT 1 AS id"))
    await site.stop()
  }

  @Test func `Open pages hear of a run`() async throws {
    let (site, _) = try await shop()
    let url = try #require(URL(string: "http://127.0.0.1:\(site.port)/events"))
    let process = Process()
    let pipe = Pipe()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = ["curl", "-sN", "--max-time", "20", url.absoluteString]
    process.standardOutput = pipe
    try process.run()
    let output = pipe.fileHandleForReading
    let read = { @Sendable (before: String, end: String) in
      var heard = before
      while !heard.contains(end) {
        let data = output.availableData
        if data.isEmpty { break }
        heard += String(decoding: data, as: UTF8.self)
      }
      return heard
    }
    // The first bytes say that the page listens.
    let first = try await Command.aside { read("", "retry:") }
    _ = try await site.service.runNow(Checker.users.id, trigger: .manual)
    let heard = try await Command.aside { read(first, "event: alarm") }
    #expect(heard.contains("event: run\ndata: /checkers/shop/emails\n\n") && heard.contains("event: alarm"))
    await site.stop()
    process.waitUntilExit()
    #expect(process.terminationStatus == 0, "the stream ends with the service")
  }
}
