import Domain
import Testing

@testable import WebUI

@Suite struct FormDataTests {
  private func form(_ text: String) -> FormData { FormData(encoded: text.utf8) }

  @Test func `Names and values are decoded`() {
    let form = form("a%5B0%5D=x+y%21&b=1%0D%0A2&c&=d&broken=%zz%4")
    #expect(form["a[0]"] == "x y!")
    #expect(form["b"] == "1\n2")
    #expect(form["c"] == "" && form.has("c"))
    #expect(form["broken"] == "%zz%4")
    #expect(form["missing"] == "")
  }

  @Test func `Bytes that are not UTF-8 do no harm`() { #expect(form("a=%ff%fe")["a"] == "\u{FFFD}\u{FFFD}") }

  @Test func `Fields that repeat are all there, the last one counts`() {
    let form = form("on=0&on=1&tag=a&tag=b")
    #expect(form["on"] == "1")
    #expect(form.all("tag") == ["a", "b"])
  }

  @Test func `Items come by number, gaps and order do not matter`() {
    let items = form("rules[10].check=b&rules[2].check=a&rules[2].keys=x&rules[2].keys=y&rules[x].check=no&rules[=1")
      .items("rules")
    #expect(items.map(\.index) == [2, 10])
    #expect(items.map { $0.fields["check"] } == ["a", "b"])
    #expect(items[0].fields.all("keys") == ["x", "y"])
  }

  @Test func `A flood of items is cut`() {
    let text = (0..<3000).map { "r[\($0)]=1" }.joined(separator: "&")
    #expect(form(text).items("r").count == 1000)
  }

  @Test func `Values stand bare, or in quotes as in CSV or in SQL`() {
    let typed = #"PT, 'ES', "a, b", 'c, d', O'Brien, 'it''s', '', 12, '12', null, 'null'"#
    let read: [Scalar] = [
      .text("PT"), .text("ES"), .text("a, b"), .text("c, d"), .text("O'Brien"), .text("it's"), .text(""),
      .number(ExactDecimal(12)), .text("12"), .null, .text("null"),
    ]
    #expect(ValueText.list(typed) == read)
    #expect(ValueText.list(ValueText.text(read)) == read)
    let odd: [Scalar] = [.text("'x'"), .text("\"y\""), .text("'")]
    #expect(ValueText.list(ValueText.text(odd)) == odd)
    #expect(ValueText.list("'PT, ES") == nil)
  }
}
