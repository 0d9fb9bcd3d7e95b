import Domain
import Foundation
import Persistence
import TestSupport
import Testing

@Suite("Imports in the service") struct ServiceImportTests {
  private let folder: ServiceFolder

  init() throws { folder = try ServiceFolder() }

  private static let head = """
    version: 1
    namespace: shop
    data_sources:
      - {name: shop, driver: sqlite, uri: ./shop.db}
    datasets:
      - {name: u, data_source: shop, sql: SELECT 1 AS x}
    libraries:
      - {name: limits.py, source: "def most(): return 1"}
    checkers:
      - name: aa
        script:
          language: python
          source: |
            from limits import most
            CheckerCase().assertLessThan(datasets['u'], max(most(), 6), 'few')

    """

  private static let wrong = """
      - name: bb
        script:
          language: python
          source: |
            def broken(:
      - name: cc
        script: {language: python, source: "CheckerCase().assertLessThan(datasets['u'], 5, 'few')"}
        fixtures:
          - {name: none, expect: failed, datasets: {u: {columns: [x], rows: []}}}
      - name: dd
        actions: [nosuch]
        rules: [{check: no_rows, dataset: u}]

    """

  @Test("A file with mistakes leaves nothing behind, and tells all of them with checker and place")
  func allOrNothing() async throws {
    let service = try await folder.start()
    let refused = try await service.site.post("/import", ["text": Self.head + Self.wrong], formAt: "/import")
    #expect(refused.status == 422)
    let text = Site.text(of: refused.body)
    #expect(text.contains("Nothing was imported. 3 things to mend"))
    for words in [
      "line 18", "checker shop/bb", "checker shop/cc: the fixture 'none' must be failed, and is passed",
      "line 26", "checker shop/dd: there is no action 'nosuch'",
    ] {
      #expect(text.localizedCaseInsensitiveContains(words), "\(words)")
    }
    #expect(try await service.stop() == 0)
    try await folder.use { (store: SQLiteStore) async throws -> Void in
      #expect(try await store.checkers().isEmpty)
      #expect(try await store.datasets().isEmpty)
      #expect(try await store.dataSources().isEmpty)
      #expect(try await store.libraries(namespace: nil).isEmpty)
    }
  }

  @Test("The same file imported several times at once is imported once; what an export says changes nothing")
  func together() async throws {
    let service = try await folder.start()
    let site = service.site
    // All have the cookie of one browser.
    _ = try await site.get("/import")
    let statuses = try await withThrowingTaskGroup(of: Int.self) { group in
      for _ in 0..<4 {
        group.addTask { try await site.post("/import", ["text": Self.head], formAt: "/import").status }
      }
      return try await group.reduce(into: []) { $0.append($1) }
    }
    #expect(statuses == [200, 200, 200, 200])
    let exported = try await site.get("/export.yaml").body
    let again = try await site.post("/import", ["text": exported], formAt: "/import")
    #expect(Site.text(of: again.body).contains("Everything was the same already"))
    #expect(try await service.stop() == 0)
    try await folder.use { (store: SQLiteStore) async throws -> Void in
      #expect(try await store.checkers().map(\.version) == [1])
      #expect(try await store.versions(ofLibrary: "limits.py", namespace: "shop").count == 1)
    }
  }

  private static let secrets = ["s3cret-one", "s3cret-two", "s3cret-three", "s3cret-four"]

  private static let whole = """
    version: 1
    namespace: shop
    data_sources:
      - {name: shop, driver: postgresql, uri: "postgresql://ro:s3cret-one@127.0.0.1:1/shop"}
      - {name: named, driver: postgresql, uri: "postgresql://ro:${NAMED}@127.0.0.1:1/shop"}
    datasets:
      - {name: u, data_source: shop, sql: SELECT 1 AS x}
      - {name: v, data_source: named, sql: SELECT 1 AS x}
    libraries:
      - {name: limits.py, source: "def most(): return 1"}
    checkers:
      - name: code
        actions: [shop]
        script:
          language: python
          source: |
            from limits import most
            CheckerCase().assertLessThan(datasets['u'], max(most(), 6), 'few')
        fixtures:
          - {name: none, expect: passed, datasets: {u: {columns: [x], rows: []}}}
      - name: compiled
        module: {file_name: no.wat, base64: MODULE}
      - {name: plain, rules: [{check: no_rows, dataset: v}]}
    actions:
      - {name: shop, channel: webhook, fallback: chat, default: false, settings:
          {url: "http://me:s3cret-two@127.0.0.1:1/x", secret: s3cret-three}}
      - {name: chat, channel: slack, default: false, settings: {url: "http://127.0.0.1:1/services/s3cret-four"}}

    """
    .replacing(
      "MODULE",
      with: Data(
        """
        (module (import "checker" "fail" (func $fail (param i32 i32))) (memory (export "memory") 2)
          (data (i32.const 0) "no") (func (export "check") (call $fail (i32.const 0) (i32.const 2))))
        """.utf8
      ).base64EncodedString())

  @Test("An export has everything but secrets, and says which variables stand for them; with these it comes back whole")
  func secrets() async throws {
    let first = try await folder.start(environment: ["NAMED": "x"])
    #expect(try await first.site.post("/import", ["text": Self.whole], formAt: "/import").status == 200)
    let exported = try await first.site.get("/export.yaml").body
    for path in [
      "/export.yaml", "/namespaces/shop.yaml", "/checkers/shop/code.yaml", "/api/v1/export?namespace=shop",
      "/api/v1/checkers/shop/code.yaml",
    ] {
      let text = try await first.site.get(path).body
      #expect(text.contains("${SHOP_PASSWORD}") && text.contains("name: limits.py"), "\(path)")
      #expect(text.contains("# There are no secrets in this file"), "\(path)")
      #expect(text.contains("#   SHOP_PASSWORD    uri of data source shop\n"), "\(path)")
      #expect(text.contains("secret: \"${SHOP_SECRET}\"") && text.contains("${CHAT_URL}"), "\(path): the fallback too")
      for secret in Self.secrets { #expect(!text.contains(secret), "\(path)") }
    }
    #expect(exported.contains("me:${SHOP_PASSWORD_2}@"), "two secrets never share a name")
    // Where it came from, the stored secrets stay.
    let same = try await first.site.post("/import", ["text": exported], formAt: "/import")
    #expect(Site.text(of: same.body).contains("Everything was the same already"))
    #expect(try await first.stop() == 0)

    let elsewhere = try ServiceFolder()
    let bare = try await elsewhere.start(environment: ["NAMED": "x"])
    let refused = try await bare.site.post("/import", ["text": exported], formAt: "/import")
    #expect(refused.status == 422)
    let words = Site.text(of: refused.body)
    let line = try #require(exported.split(separator: "\n").firstIndex { $0.contains("ro:${SHOP_PASSWORD}") }) + 1
    #expect(words.localizedCaseInsensitiveContains("line \(line), column"), "\(words)")
    #expect(words.contains("set SHOP_PASSWORD in the environment") && words.contains("no variable 'CHAT_URL'"))
    #expect(!(try await bare.site.get("/data-sources").body.contains("/data-sources/shop")))
    #expect(try await bare.stop() == 0)

    let variables = [
      "NAMED": "x", "SHOP_PASSWORD": "a", "SHOP_PASSWORD_2": "b", "SHOP_SECRET": "c",
      "CHAT_URL": "http://127.0.0.1:1/y",
    ]
    let second = try await elsewhere.start(environment: variables)
    #expect(try await second.site.post("/import", ["text": exported], formAt: "/import").status == 200)
    #expect(try await second.site.get("/export.yaml").body == exported)
    #expect(try await second.stop() == 0)
  }

  private static let routed = """
    version: 1
    actions:
      - {name: pager, channel: webhook, settings: {url: "http://127.0.0.1:1/"}}
    routing:
      routes:
        - match: [severity=critical]
          actions: [pager]
          routes:
            - match: [tag=night]
        - match: []
          actions: [pager]

    """

  @Test("A file's routing replaces the tree with the rest of the file or not at all, and comes back in an export")
  func routing() async throws {
    let service = try await folder.start()
    let site = service.site
    let wrong = Self.routed.replacing("match: [tag=night]", with: "{match: [tag=night], actions: [pagre]}")
      .replacing("- match: []\n      actions: [pager]", with: "- match: []")
    let refused = try await site.post("/import", ["text": wrong], formAt: "/import")
    #expect(refused.status == 422)
    let words = Site.text(of: refused.body)
    #expect(words.contains("Nothing was imported. 2 things to mend"))
    #expect(
      words.localizedCaseInsensitiveContains("line 9, column 41: there is no action 'pagre'; did you mean 'pager'?"))
    #expect(words.localizedCaseInsensitiveContains("line 10, column 7: route 2 sends to nobody"))
    #expect(try await site.get("/api/v1/actions/pager").status == 404, "nor was the action")

    let added = try await site.post("/import", ["text": Self.routed], formAt: "/import")
    #expect(Site.text(of: added.body).contains("Added routing"))
    let exported = try await site.get("/export.yaml").body
    #expect(exported.contains("routing:\n  routes:\n"))
    let again = try await site.post("/import", ["text": exported], formAt: "/import")
    #expect(Site.text(of: again.body).contains("Everything was the same already"))
    // A file that does not speak of routing leaves it; one that does replaces it.
    _ = try await site.post("/import", ["text": "version: 1\n"], formAt: "/import")
    #expect(try await site.get("/export.yaml").body == exported)
    let taken = try await site.post("/import", ["text": "version: 1\nrouting: {}\n"], formAt: "/import")
    #expect(Site.text(of: taken.body).contains("Changed routing"))
    #expect(!(try await site.get("/export.yaml").body.contains("routing")))
    #expect(try await service.stop() == 0)
  }
}
