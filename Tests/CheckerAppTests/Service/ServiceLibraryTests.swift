import Foundation
import TestSupport
import Testing

@Suite("Libraries in the service") struct ServiceLibraryTests {
  private let file = """
    version: 1
    namespace: shop
    libraries:
      - {name: money.py, source: "def cents(x): return x * 100"}
      - {name: prices.py, source: "from money import cents\\nprice = cents(2)"}
    checkers:
      - name: pays
        script: {language: python, source: "import prices\\nCheckerCase().assertEqual(prices.price, 200, 'two')"}
        fixtures:
          - {name: two, expect: passed, datasets: {}}
    """

  @Test("A library that does not parse, or breaks a fixture of a script, is saved by no page, call or import")
  func saving() async throws {
    let folder = try ServiceFolder()
    let service = try await folder.start()
    let imported = try await service.site.post("/import", ["text": file], formAt: "/import")
    #expect(imported.status == 200, "\(Site.text(of: imported.body))")

    let page = "/libraries/shop/money.py"
    let syntax = try await service.site.post(page, ["source": "def cents(x: return x"], formAt: page)
    #expect(syntax.status == 422)
    #expect(Site.text(of: syntax.body).contains("ine 1: SyntaxError"), "\(Site.text(of: syntax.body))")
    let wrong = try await service.site.post(page, ["source": "def cents(x): return x * 10"], formAt: page)
    #expect(wrong.status == 422)
    let words = "checker shop/pays, which imports it: the fixture 'two' must be passed, and is failed"
    #expect(Site.text(of: wrong.body).lowercased().contains(words), "\(Site.text(of: wrong.body))")
    let call = try await service.site.call("PUT", page, ["source": "def cents(x): return None"])
    #expect(call.status == 422 && call.body.contains("the fixture 'two' must be passed"), "\(call.body)")
    let changed = file.replacing("x * 100", with: "x * 10")
    let second = try await service.site.post("/import", ["text": changed], formAt: "/import")
    #expect(second.status == 422)
    #expect(
      Site.text(of: second.body).contains("Line 4, column 30: library money.py: checker shop/pays"),
      "\(Site.text(of: second.body))")
    #expect(try await service.site.call("GET", page).body.contains("x * 100"))
    // Both together are one change.
    let both = changed.replacing("prices.price, 200", with: "prices.price, 20")
    #expect(try await service.site.post("/import", ["text": both], formAt: "/import").status == 200)
    #expect(try await service.stop() == 0)
  }

  @Test("A library that a script imports, also by another library, is not deleted") func deleting() async throws {
    let folder = try ServiceFolder()
    let service = try await folder.start()
    #expect(try await service.site.post("/import", ["text": file], formAt: "/import").status == 200)
    let refused = try await service.site.call("DELETE", "/libraries/shop/money.py")
    #expect(refused.status == 409 && refused.body.contains("shop/pays"), "\(refused.body)")
    #expect(try await service.site.call("DELETE", "/checkers/shop/pays").status == 204)
    #expect(try await service.site.call("DELETE", "/libraries/shop/money.py").status == 204)
    #expect(try await service.stop() == 0)
  }
}
