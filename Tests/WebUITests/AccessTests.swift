import Checking
import Domain
import Foundation
import Persistence
import Synchronization
import Testing
import WebUI

@Suite struct AccessTests {
  @Test func `Another address needs a password`() async throws {
    let site = try await SiteFixture()
    let open = WebServerSettings(host: "0.0.0.0")
    let problem = try await site.access.problem(listeningOn: open)
    #expect(problem?.contains("CHECKER_ADMIN_PASSWORD") == true)
    try await site.access.setPassword("correct horse")
    #expect(try await site.access.problem(listeningOn: open) == nil)
    await site.stop()
  }

  @Test func `With a password nothing shows before signing in`() async throws {
    let site = try await SiteFixture(password: "correct horse")
    try await site.addShop()
    let visitor = Visitor(site)
    for path in ["/", "/checkers/shop/emails", "/runs", "/events", "/nope"] {
      let answer = try await visitor.get(path)
      #expect(answer.status == 303 && answer.header("location")?.hasPrefix("/login") == true, "\(path)")
      #expect(!answer.body.contains("emails"))
    }
    #expect(try await visitor.get("/api/v1/nothing").status == 401)
    let health = try await visitor.get("/api/v1/health")
    #expect(health.status == 200 && health.body == #"{"status":"ok"}"#)
    let wrong = try await visitor.post("/login", [("password", "wrong")], from: "/login")
    #expect(wrong.status == 422 && wrong.body.contains("This is not the password."))
    let right = try await visitor.post(
      "/login", [("password", "correct horse"), ("next", "/checkers/shop/emails")], from: "/login")
    #expect(right.status == 303 && right.header("location") == "/checkers/shop/emails")
    #expect(right.header("set-cookie")?.contains("HttpOnly") == true)
    #expect(try await visitor.get("/checkers/shop/emails").status == 200)
    _ = try await visitor.post("/logout", from: "/more")
    #expect(try await visitor.get("/").status == 303)
    await site.stop()
  }

  @Test func `Many wrong tries have to wait`() async throws {
    let clock = Mutex(Date(timeIntervalSince1970: 1_800_000_000))
    let site = try await SiteFixture(password: "correct horse", accessClock: { clock.withLock { $0 } })
    let visitor = Visitor(site)
    func trySigningIn(_ password: String) async throws -> Visitor.Answer {
      try await visitor.post("/login", [("password", password)], from: "/login")
    }
    for _ in 0..<3 { #expect(try await trySigningIn("wrong").status == 422) }
    let early = try await trySigningIn("correct horse")
    #expect(early.status == 429 && early.header("retry-after") == "1")
    clock.withLock { $0 += 1 }
    #expect(try await trySigningIn("wrong").status == 422)
    let later = try await trySigningIn("correct horse")
    #expect(later.status == 429 && later.header("retry-after") == "2", "each wrong try makes the wait longer")
    clock.withLock { $0 += 2 }
    #expect(try await trySigningIn("correct horse").status == 303)
    await site.stop()
  }

  @Test func `Passwords, sessions and tokens are kept as hashes`() async throws {
    let site = try await SiteFixture(password: "correct horse")
    let visitor = Visitor(site)
    _ = try await visitor.post("/login", [("password", "correct horse")], from: "/login")
    let token = try await site.access.addToken(named: "ci")
    let kept = try await site.store.settings(prefix: "").map { "\($0)=\($1)" }.joined()
    #expect(kept.contains("$argon2id$") && !kept.contains("correct horse") && !kept.contains(token))
    await site.stop()
  }

  @Test func `A token opens the service until it is deleted`() async throws {
    let site = try await SiteFixture(password: "correct horse")
    try await site.addShop()
    let token = try await site.access.addToken(named: "ci")
    let visitor = Visitor(site)
    let header = ["Authorization": "Bearer \(token)"]
    #expect(try await visitor.get("/checkers", headers: header).status == 200)
    #expect(try await visitor.get("/checkers", headers: ["Authorization": "Bearer nope"]).status == 303)
    let known = try await site.access.tokens()
    #expect(known.map(\.name) == ["ci"])
    try await site.access.deleteToken(known[0].id)
    #expect(try await visitor.get("/checkers", headers: header).status == 303)
    await site.stop()
  }

  @Test func `A short password is refused, a new one signs everybody out`() async throws {
    let site = try await SiteFixture(password: "correct horse")
    await #expect(throws: WebProblem.self) { try await site.access.setPassword("short") }
    let visitor = Visitor(site)
    _ = try await visitor.post("/login", [("password", "correct horse")], from: "/login")
    #expect(try await visitor.get("/runs").status == 200)
    try await site.access.ensurePassword("correct horse")
    #expect(try await visitor.get("/runs").status == 200)
    try await site.access.ensurePassword("battery staple")
    #expect(try await visitor.get("/runs").status == 303)
    await site.stop()
  }
}
