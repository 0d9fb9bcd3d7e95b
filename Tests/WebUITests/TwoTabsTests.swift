import Channels
import Checking
import Domain
import Foundation
import HTTPTypes
import Persistence
import Testing

@testable import WebUI

/// What somebody has open in two tabs: the one saved second must not undo the first without a word.
@Suite struct TwoTabsTests {
  /// What the form on a page says it was made from.
  private func read(_ body: String) throws -> (String, String) {
    ("read", String(try #require(body.firstMatch(of: /name="read" value="([^"]*)"/)).1))
  }

  /// Saves `first` and `second` as two tabs do that were opened together, and `second` once more.
  private func save(
    _ first: [(String, String)], _ second: [(String, String)], at path: String, _ kind: String, _ visitor: Visitor,
    keeps: () async throws -> Bool
  ) async throws {
    let opened = try read(try await visitor.get(path).body)
    #expect(try await visitor.post(path, first + [opened], from: path).status == 303)
    let refused = try await visitor.post(path, second + [opened], from: path)
    #expect(refused.status == 409 && refused.body.contains("The \(kind) was saved by somebody else"), "\(refused.body)")
    #expect(try await keeps(), "the first is kept")
    #expect(try await visitor.post(path, second + [try read(refused.body)], from: path).status == 303)
  }

  @Test func `An action`() async throws {
    let site = try await SiteFixture(channels: ChannelCatalogue(environment: [:]))
    let action = Action(
      name: "hook", channel: "webhook", settings: ["url": "http://127.0.0.1:1/a", "secret": "0123456789abcdef"])
    try await site.service.save(action, replacing: nil)
    func fields(_ url: String) -> [(String, String)] {
      [
        ("name", "hook"), ("channel", "webhook"), ("s.url", url), ("s.secret", "***"), ("notices", "red"),
        ("default", "true"), ("enabled", "true"), ("do", "save"),
      ]
    }
    try await save(
      fields("http://127.0.0.1:1/b"), fields("http://127.0.0.1:1/c"), at: "/actions/hook", "action", Visitor(site)
    ) {
      try await site.store.action("hook")?.settings["url"] == "http://127.0.0.1:1/b"
    }
    let saved = try await site.store.action("hook")
    #expect(saved?.settings["url"] == "http://127.0.0.1:1/c" && saved?.settings["secret"] == "0123456789abcdef")
    await site.stop()
  }

  @Test func `A library`() async throws {
    let site = try await SiteFixture()
    let visitor = Visitor(site)
    let new = [("namespace", "shop"), ("name", "money.py"), ("source", "x = 0\n")]
    #expect(try await visitor.post("/libraries/new", new, from: "/libraries/new").status == 303)
    try await save(
      [("source", "x = 1\n")], [("source", "x = 2\n")], at: "/libraries/shop/money.py", "library", visitor
    ) {
      try await site.store.library("money.py", namespace: "shop")?.library.source == "x = 1\n"
    }
    let saved = try await site.store.library("money.py", namespace: "shop")
    #expect(saved?.library.source == "x = 2\n" && saved?.version == 3)
    await site.stop()
  }

  @Test func `The routing`() async throws {
    let site = try await SiteFixture()
    for name in ["pager", "chat", "mail"] {
      try await site.store.save(Action(name: name, channel: "webhook", settings: [:]), replacing: nil)
    }
    func fields(_ action: String) -> [(String, String)] { [("text", "routes: [{actions: [\(action)]}]")] }
    // Also where nobody has saved one yet.
    try await save(fields("pager"), fields("chat"), at: "/routing", "routing", Visitor(site)) {
      try await site.service.routingTree().actions == ["pager"]
    }
    try await save(fields("mail"), fields("pager"), at: "/routing", "routing", Visitor(site)) {
      try await site.service.routingTree().actions == ["mail"]
    }
    #expect(try await site.service.routingTree().actions == ["pager"])
    await site.stop()
  }

  @Test func `Through the API`() async throws {
    let fixture = try await APIFixture()
    let hook = #"{"name": "hook", "channel": "webhook", "settings": {"url": "http://127.0.0.1:1/N"}}"#
    _ = try await fixture.call(.post, "/actions", hook)
    _ = try await fixture.call(.put, "/libraries/shop/money.py", #"{"source": "x = 0"}"#)
    let bodies = [
      "/actions/hook": hook, "/libraries/shop/money.py": #"{"source": "x = N"}"#,
      "/routing": #"{"routes": [{"match": ["namespace=N"], "actions": ["hook"]}]}"#,
    ]
    for (path, body) in bodies {
      let tag = try #require(try await fixture.call(.get, path).headers[.eTag], "\(path)")
      func put(_ text: String, _ tag: String?) async throws -> APIFixture.Answer {
        let headers: [HTTPField.Name: String] = tag.map { [.ifMatch: $0] } ?? [:]
        return try await fixture.call(.put, path, body.replacing("N", with: text), headers: headers)
      }
      let first = try await put("1", tag)
      #expect(first.status == 200 && first.headers[.eTag] != tag, "\(path): \(first.text)")
      #expect(try await put("2", tag).status == 412, "\(path)")
      let now = try await fixture.call(.get, path)
      #expect(now.headers[.eTag] == first.headers[.eTag] && now.text.contains("1"), "\(path)")
      #expect(try await put("2", first.headers[.eTag]).status == 200, "\(path)")
      #expect(try await put("3", nil).status == 200, "\(path)")
    }
  }
}
