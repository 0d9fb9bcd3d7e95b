import Checking
import Domain
import Foundation
import Persistence
import Testing
import WebUI

@Suite struct LibraryTests {
  @Test func `A library is written, changed, compared with what it was, and deleted`() async throws {
    let site = try await SiteFixture()
    let visitor = Visitor(site)
    let first = [("namespace", "shop"), ("name", "money.py"), ("source", "def cents(x):\r\n  return x * 100\r\n")]
    let made = try await visitor.post("/libraries/new", first, from: "/libraries/new")
    #expect(made.status == 303 && made.header("location") == "/libraries/shop/money.py")
    let script = Script(language: .python, source: "import money\nok(str(money.cents(1)))")
    let id = QualifiedName(namespace: "shop", name: "pays")
    let pays = Checker(id: id, body: .script(script))
    _ = try await site.store.save(
      pays, replacing: nil, expectedVersion: nil, author: "ana", at: Date(), nextRunAt: nil)
    let second = [("name", "other.py"), ("source", "def cents(x):\n  return round(x * 100)\n")]
    let page = "/libraries/shop/money.py"
    #expect(try await visitor.post(page, second, from: page).status == 303)
    let saved = try #require(try await site.store.library("money.py", namespace: "shop"))
    #expect(saved.version == 2 && saved.library.source.contains("round"))
    let now = try await visitor.get(page).body
    #expect(now.contains("2 lines changed") && now.contains("/checkers/shop/pays"))
    let old = try await visitor.get(page + "?version=1").body
    #expect(old.contains("Version 1 of 2.") && old.contains("return x * 100"))
    #expect(try await visitor.get("/libraries").body.contains("version 2 by administrator"))
    let refused = try await visitor.post(page + "/delete", from: page)
    #expect(refused.status == 409 && refused.body.contains("Change or delete first: shop/pays."))
    try await site.service.deleteChecker(id)
    #expect(try await visitor.post(page + "/delete", from: page).status == 303)
    #expect(try await visitor.get(page).status == 404)
    await site.stop()
  }

  @Test func `What cannot be a library is said beside its field, and keeps what was typed`() async throws {
    let site = try await SiteFixture()
    let visitor = Visitor(site)
    for (name, source, text) in [
      ("money.rb", "x", "a file of Python or JavaScript"), ("my money.py", "x", "letters, digits and"),
      ("money.py", "  \n", "There is no code yet"),
    ] {
      let fields = [("namespace", "shop"), ("name", name), ("source", source)]
      let answer = try await visitor.post("/libraries/new", fields, from: "/libraries/new")
      #expect(answer.status == 422 && answer.body.contains(text) && answer.body.contains(name), "\(name)")
    }
    let fields = [("namespace", "shop"), ("name", "money.py"), ("source", "x = 1")]
    #expect(try await visitor.post("/libraries/new", fields, from: "/libraries/new").status == 303)
    let again = try await visitor.post("/libraries/new", fields, from: "/libraries/new")
    #expect(again.status == 422 && again.body.contains("a library of that name already"))
    #expect(try await site.store.library("money.py", namespace: "shop")?.version == 1)
    await site.stop()
  }
}
