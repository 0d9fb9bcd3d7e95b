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
}
