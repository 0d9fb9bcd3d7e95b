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
}
