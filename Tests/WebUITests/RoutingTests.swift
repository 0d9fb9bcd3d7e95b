import Checking
import Domain
import Foundation
import HTTPTypes
import Persistence
import Testing

@testable import WebUI

@Suite struct RoutingTests {
  private static let text = """
    routes:
      - match: [namespace=shop, severity=critical]
        actions: [pager]
      - match: "tag=<b>"
        actions: [chat]
    """

  private func site() async throws -> (SiteFixture, Visitor) {
    let site = try await SiteFixture()
    try await site.addShop([.users, .rows])
    for name in ["pager", "chat"] {
      try await site.store.save(
        Action(name: name, channel: "webhook", settings: [:], isDefault: name == "chat"), replacing: nil)
    }
    return (site, Visitor(site))
  }

  @Test func `A tree is saved, shown, and says where an alarm would go and why`() async throws {
    let (site, visitor) = try await site()
    #expect(try await visitor.post("/routing", [("text", Self.text)], from: "/routing").status == 303)
    let page = try await visitor.get("/routing?checker=shop/emails").body
    #expect(page.contains("An alarm of shop/emails would go to") && page.contains(#"href="/actions/pager""#))
    #expect(page.contains("all of it holds") && page.contains("not looked at: 1 took it"))
    #expect(page.contains("tag=&lt;b&gt;") && !page.contains("tag=<b>"))
    let other = try await visitor.get("/routing?checker=shop/rows").body
    #expect(other.contains("severity=critical does not hold") && other.contains("it takes every checker"))
    _ = try await site.service.runNow(Checker.users.id, trigger: .manual)
    let sent = try await site.store.deliveries(action: nil, checker: Checker.users.id, limit: 10)
    #expect(sent.map(\.action) == ["pager"] && sent.first?.reason.contains("route 1") == true)
    await site.stop()
  }

  @Test func `A route whose child takes the alarm is not shown as the one that takes it`() async throws {
    let (site, visitor) = try await site()
    let text = """
      routes:
        - actions: [chat]
          routes: [{match: severity=critical, actions: [pager]}]
      """
    #expect(try await visitor.post("/routing", [("text", text)], from: "/routing").status == 303)
    let page = try await visitor.get("/routing?checker=shop/emails").body
    #expect(page.contains("fits every alarm: one below it takes it"))
    #expect(page.ranges(of: " taken\"").count == 1 && page.contains(#"<li class="d1 taken">"#))
    let explained = try await site.service.explainRouting(Checker.users.id)
    #expect(explained.steps.map(\.isTaken) == [false, true])
    await site.stop()
  }

  @Test func `A text that cannot be used is refused with its line, and kept`() async throws {
    let (site, visitor) = try await site()
    for (text, problem) in [
      ("routes:\n  - mach: x", "Line 2, column 5: routes[0].mach: there is no key"),
      ("routes:\n  - actions: [pagre]", "There is no action &#39;pagre&#39;; did you mean &#39;pager&#39;?"),
      ("routes:\n  - match: tag=x", "Route 1 sends to nobody: name actions in it, or in one above it."),
    ] {
      let answer = try await visitor.post("/routing", [("text", text)], from: "/routing")
      #expect(answer.status == 422 && answer.body.contains(problem), "\(text)")
      #expect(answer.body.contains(text.replacing("'", with: "&#39;")))
    }
    #expect(try await site.service.routingTree() == RoutingTree())
    #expect(try await visitor.get("/routing?checker=shop/none").body.contains("There is no checker"))
    await site.stop()
  }

  @Test func `An action that the tree names is not deleted, and may be renamed`() async throws {
    let site = try await APIFixture()
    let hook = #"{"name": "pager", "channel": "webhook", "settings": {"url": "http://127.0.0.1:1/"}}"#
    _ = try await site.call(.post, "/actions", hook)
    let tree = #"{"routes": [{"match": ["severity=critical"], "actions": ["pager"], "group_by": ["namespace"]}]}"#
    #expect(try await site.call(.put, "/routing", tree).status == 200)
    #expect(try await site.call(.delete, "/actions/pager").status == 409)
    let renamed = hook.replacing(#""pager""#, with: #""duty""#)
    #expect(try await site.call(.put, "/actions/pager", renamed).status == 200)
    let read = try await site.call(.get, "/routing")
    #expect(read.text.contains(#""actions":["duty"]"#), "\(read.text)")
    #expect(try await site.call(.put, "/routing", read.text).status == 200, "as it was answered")
    try await site.fill()
    let explained = try await site.call(.get, "/routing/explain?checker=shop/emails")
    #expect(explained.text.contains(#""group":"namespace=shop""#), "\(explained.text)")
    #expect(try await site.call(.put, "/routing", #"{"routes": [{"match": "x"}]}"#).errors.count == 1)
    #expect(try await site.call(.put, "/routing", #"{"routes": []}"#).status == 200)
    #expect(try await site.call(.delete, "/actions/duty").status == 204)
    #expect(try await site.call(.get, "/routing/explain").status == 422)
  }

  @Test func `Earlier routings are kept with their authors, looked at, and restored`() async throws {
    let (site, visitor) = try await site()
    #expect(try await visitor.get("/routing/versions").status == 404)
    for (index, action) in ["pager", "chat", "chat"].enumerated() {
      let text = "routes:\n  - actions: [\(action)]"
      #expect(try await visitor.post("/routing", [("text", text)], from: "/routing").status == 303, "\(index)")
    }
    let versions = try await site.service.routingVersions()
    #expect(versions.map(\.version) == [2, 1], "what is the same is no new version")
    #expect(try await visitor.get("/routing").body.contains(#"href="/routing/versions""#))
    let page = try await visitor.get("/routing/versions?version=1").body
    #expect(page.contains("actions: [pager]") && page.contains(versions[0].author))
    #expect(try await visitor.get("/routing/versions?version=9").status == 404)
    let path = "/routing/versions"
    #expect(try await visitor.post("\(path)/1/restore", [], from: "\(path)?version=1").status == 303)
    #expect(try await site.service.routingTree() == RoutingTree(routes: [.init(actions: ["pager"])]))
    try await site.service.save(RoutingTree(), author: "ana")
    try await site.service.deleteAction("pager")
    #expect(try await visitor.post("\(path)/1/restore", [], from: "\(path)?version=1").status == 422)
    await site.stop()
  }
}
