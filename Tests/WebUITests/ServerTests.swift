import Checking
import Domain
import Foundation
import Persistence
import TestSupport
import Testing
import WebUI

@Suite struct ServerTests {
  @Test func `Every page forbids foreign and inline code, and holds none`() async throws {
    let site = try await SiteFixture()
    try await site.addShop([.users, .rows])
    let run = try await site.service.runNow(Checker.users.id, trigger: .manual)
    let visitor = Visitor(site)
    let pages = [
      "/", "/checkers", "/checkers/shop/emails", "/checkers/shop/emails/versions", "/checkers/shop/emails/mute",
      "/checkers/shop/emails/delete", "/runs", "/runs/\(run.id)", "/alarms", "/alarms?view=muted",
      "/alarms?view=history", "/namespaces", "/namespaces/shop", "/search?q=emails", "/more",
    ]
    for page in pages {
      let answer = try await visitor.get(page)
      #expect(answer.status == 200, "\(page)")
      let policy = answer.header("content-security-policy") ?? ""
      #expect(policy.contains("default-src 'none'") && !policy.contains("unsafe"), "\(page)")
      #expect(answer.header("x-content-type-options") == "nosniff")
      #expect(!answer.body.contains(" style=\"") && !answer.body.contains(/<script>/), "\(page)")
      #expect(!answer.body.contains("{{"), "\(page)")
      #expect(answer.body.matches(of: /<h1/).count == 1, "\(page)")
    }
    await site.stop()
  }

  @Test func `A form without its token, or from another site, changes nothing`() async throws {
    let site = try await SiteFixture()
    try await site.addShop()
    let visitor = Visitor(site)
    let path = "/checkers/shop/emails/disable"
    #expect(try await visitor.post(path, fields: []).status == 403)
    #expect(try await visitor.post(path, fields: [("csrf", "made up")]).status == 403)
    let page = try await visitor.get("/checkers/shop/emails/mute").body
    let token = String(try #require(page.firstMatch(of: /name="csrf" value="([^"]*)"/)).1)
    for headers in [
      ["Sec-Fetch-Site": "cross-site"], ["Sec-Fetch-Site": "same-site"], ["Origin": "http://evil.example"],
    ] {
      #expect(try await visitor.post(path, fields: [("csrf", token)], headers: headers).status == 403)
    }
    #expect(try await Visitor(site).post(path, fields: [("csrf", token)]).status == 403, "another browser's token")
    #expect(try await site.store.checker(Checker.users.id)?.checker.isEnabled == true)
    #expect(try await visitor.post(path, fields: [("csrf", token)]).status == 303)
    #expect(try await site.store.checker(Checker.users.id)?.checker.isEnabled == false)
    await site.stop()
  }

  @Test func `A name of another site that leads here is refused`() async throws {
    let site = try await SiteFixture()
    let visitor = Visitor(site)
    #expect(try await visitor.get("/", headers: ["Host": "evil.example:\(site.port)"]).status == 421)
    #expect(try await visitor.get("/", headers: ["Host": "localhost:\(site.port)"]).status == 200)
    await site.stop()
  }

  @Test func `Errors are pages, and problem JSON under api`() async throws {
    let site = try await SiteFixture()
    let visitor = Visitor(site)
    let missing = try await visitor.get("/nope")
    #expect(missing.status == 404 && missing.body.contains("This page does not exist"))
    let api = try await visitor.get("/api/v1/nope")
    #expect(api.status == 404 && api.header("content-type") == "application/problem+json")
    #expect(api.body.contains("\"status\":404"))
    try await site.addShop()
    let method = try await visitor.post("/runs", [], from: "/checkers/shop/emails/mute")
    #expect(method.status == 405 && method.header("allow")?.contains("GET") == true)
    await site.stop()
  }

  @Test func `Who sends too large a body and asks for the end of the connection is told, and not left waiting`()
    async throws
  {
    let site = try await SiteFixture()
    let script = """
      import sys, urllib.error, urllib.request
      request = urllib.request.Request(sys.argv[1], data=b"x" * (13 << 20), headers={"Content-Type": "application/yaml"})
      try: urllib.request.urlopen(request, timeout=300)
      except urllib.error.HTTPError as error: sys.exit(0 if error.code == 413 else 1)
      """
    try await Command.run(
      "/usr/bin/env", "python3", "-c", script, "http://127.0.0.1:\(site.port)/api/v1/import")
    await site.stop()
  }

  @Test func `A body that is too large is refused`() async throws {
    let site = try await SiteFixture()
    let answer = try await Visitor(site).post("/login", fields: [("x", String(repeating: "a", count: 2 << 20))])
    #expect(answer.status == 413)
    await site.stop()
  }

  @Test func `Static files are found under their hash and nothing else is`() async throws {
    let site = try await SiteFixture()
    let visitor = Visitor(site)
    let page = try await visitor.get("/").body
    let css = String(try #require(page.firstMatch(of: /href="(\/static\/[0-9a-f]+-app\.css)"/)).1)
    let answer = try await visitor.get(css)
    #expect(answer.status == 200 && answer.header("cache-control")?.contains("immutable") == true)
    for path in ["/static/app.css", "/static/..%2f..%2fPackage.swift", "/static/%2e%2e/x"] {
      #expect(try await visitor.get(path).status == 404, "\(path)")
    }
    await site.stop()
  }

  @Test func `A port in use is said in words`() async throws {
    let site = try await SiteFixture()
    let second = try WebServer(
      service: site.service, access: site.access, settings: WebServerSettings(port: site.port, vendorFolder: ""))
    await #expect(throws: WebServerError.self) { try await second.run { _ in } }
    await site.stop()
  }
}
