import Domain
import Testing

@testable import WebUI

@Suite struct DrawingTests {
  @Test func `A timeline has one path per state that occurs`() {
    let svg = Timeline.svg([.passed, .passed, nil, .failed, .errored], range: .day, state: "Red")
    #expect(svg.matches(of: /<path/).count == 4)
    #expect(svg.contains(#"aria-label="Last 24 hours, now red""#))
    #expect(svg.contains(#"stroke-dasharray="27.872 13.728""#))
    // Two bars, as one line with a gap in it.
    #expect(svg.contains(#"<path class="ok" d="M0 14.5H69.472"/>"#))
    #expect(svg.contains(#"<path class="red" d="M124.800 10H152.672"/>"#))
    #expect(!Timeline.svg([.passed], range: .week, state: "Green").contains("class=\"red\""))
  }

  @Test func `A sparkline leaves gaps out and needs two values`() {
    #expect(Sparkline.points([1, nil, 3]) == "0.0,26.0 100.0,2.0")
    #expect(Sparkline.points([5, 5]) == "0.0,26.0 100.0,26.0")
    #expect(Sparkline.points([nil, 1, .nan]) == nil)
  }

  @Test func `A difference shows what went and what came`() {
    let difference = LineDifference(from: "a\nb\nc\n", to: "a\nx\nc\n")
    #expect(difference.lines.map { "\($0.css):\($0.text)" } == [":a", "del:b", "add:x", ":c"])
    #expect(difference.changes == 2)
  }

  @Test func `CSV quotes what needs it and tells null from empty`() {
    let text = CSV.text(
      columns: ["id", "a,b"], rows: [[.integer(1), .text("say \"hi\"\nthere")], [.null, .text("")]])
    #expect(text == "id,\"a,b\"\r\n1,\"say \"\"hi\"\"\nthere\"\r\n,\"\"\r\n")
  }

  @Test(arguments: ["//evil.example", "https://evil.example", "/\\evil", "x", "", "/a\n/b"])
  func `Sign-in goes on to this server only`(next: String) { #expect(SignInPages.safe(next) == "/") }

  @Test(
    arguments: [
      ("PT2H", "2:00:00"), ("P1DT2H3M4.5S", "1 day 2:03:04.5"), ("PT0S", "0:00:00"), ("P1Y2M", "1 year 2 months"),
      ("PT-2H-30M", "-2:30:00"), ("P-1DT2H", "-1 day 2:00:00"), ("PT7290.5S", "2:01:30.5"), ("PT2H-3M", nil),
      ("P", nil), ("PT", nil), ("P2", nil), ("PORT", nil),
    ] as [(String, String?)]) func `Intervals are shown as people write them`(text: String, shown: String?)
  {
    #expect(Words.interval(text) == shown)
    let sample = Sample(columns: ["took"], rows: [[.text(text)], [.null]], total: 2)
    #expect(DataGrid(sample, hit: nil, limit: 9).rows[0].cells[0].text == shown ?? text)
    let texts = Sample(columns: ["note"], rows: [[.text(text)], [.text("late")]], total: 2)
    #expect(DataGrid(texts, hit: nil, limit: 9).rows[0].cells[0].text == text, "a text that looks like one stays")
  }

  @Test func `A column without any value is not set as numbers`() throws {
    let sample = Sample(columns: ["id", "email"], rows: [[.integer(1), .null], [.null, .null]], total: 2)
    let assertion = Assertion(
      name: "a", check: "missing", dataset: "users", outcome: .failed, message: "", observed: nil, expected: "",
      sample: sample)
    let table = try #require(
      SampleTable(assertion, index: 0, run: "1", namespace: "shop", hit: nil, isOnlyOne: true))
    #expect(table.columns.map(\.css) == ["num", ""])
  }

  @Test func `Two columns of one name are suggested one rule`() {
    let id = ColumnDescription(name: "id", type: .integer)
    let found = Suggestion.all(for: [id, id], of: "users", beside: [])
    #expect(found.map(\.label) == ["id is unique", "id is not missing"])
  }

  @Test func `Raw HTML in a runbook is shown as text`() {
    let text = "Look:\n\n<script>alert(1)</script> [x](javascript:alert(1))\n\nand <b>there</b>\n\n```\ncode\n```\n"
    for html in [Markdown.html(text), RunbookDocument(text).parts.joined()] {
      #expect(html.contains("&lt;script&gt;alert(1)&lt;/script&gt; [x](javascript:alert(1))"), "\(html)")
      #expect(html.contains("and &lt;b&gt;there&lt;/b&gt;") && !html.contains("<script") && html.contains("code"))
    }
  }

  @Test func `Numbers have the same digits in message, table and chip`() {
    let found = Observation(.decimal("5800000000000001826.0000000058"), unit: "rows")
    let assertion = Assertion(
      name: "a", check: "metric", dataset: "t", outcome: .failed, message: "sum is \(found.text)", observed: found,
      expected: "5,800,000,000,000,001,826 rows")
    let row = AssertionRow(assertion, namespace: "shop", history: [])
    #expect(row.found == "5,800,000,000,000,001,826.00000001 rows" && row.expected == assertion.expected)
    #expect(RulePill(index: 0, assertion).text == row.found && assertion.message.hasSuffix(row.found))
    #expect(assertion.news == assertion.message)
  }

  @Test func `Warnings are told apart from what fails`() {
    func tally(_ outcomes: [Outcome]) -> String {
      outcomes.map {
        Assertion(name: "", check: "", dataset: "", outcome: $0, message: "", observed: nil, expected: "")
      }.tally("rule")
    }
    #expect(tally([.failed, .failed, .warned, .passed]) == "2 of 4 rules fail, 1 warns")
    #expect(tally([.warned, .warned, .passed]) == "2 of 3 rules warn")
    #expect(tally([.failed]) == "1 of 1 rule fails")
  }
}
