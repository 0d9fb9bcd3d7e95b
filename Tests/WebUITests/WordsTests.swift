import Foundation
import TestSupport
import Testing

@testable import WebUI

@Suite struct WordsTests {
  @Test(arguments: [
    (0, "0"), (999, "999"), (1204, "1,204"), (-1_234_567, "-1,234,567"), (Int.min, "-9,223,372,036,854,775,808"),
  ]) func `Numbers have commas`(value: Int, text: String) { #expect(Words.number(value) == text) }

  @Test(arguments: [
    ("1204.50", "1,204.50"), ("-1204", "-1,204"), ("NaN", "NaN"), ("12 rows", "12 rows"), ("", ""),
    ("123456789012345678901", "123456789012345678901"), ("1.", "1."),
  ]) func `Numbers as the database wrote them`(value: String, text: String) { #expect(Words.number(value) == text) }

  @Test(
    arguments: [
      (0.42, "0.4 ms"), (231.4, "231 ms"), (999.7, "1.0 s"), (10_000, "10.0 s"), (59_990, "1 min"),
      (250_000, "4 min 10 s"), (3_840_000, "1 h 4 min"), (183_600_000, "2 d 3 h"), (-5, "0.0 ms"),
    ] as [(Double, String)]) func `Durations`(milliseconds: Double, text: String)
  { #expect(Words.duration(milliseconds) == text) }

  @Test(
    arguments: [
      (0.5, "just now"), (12, "12 s ago"), (130, "2 min ago"), (7200, "2 h ago"), (3 * 86400, "3 d ago"),
      (40 * 86400, "21 Jan 2026"),
    ] as [(Double, String)]) func `How long ago`(seconds: Double, text: String)
  {
    #expect(Words.ago(sampleTime.addingTimeInterval(-seconds), now: sampleTime) == text)
  }

  @Test(arguments: [(240.0, "in 4 min"), (0.2, "now"), (-30, "now"), (-180, "overdue by 3 min")] as [(Double, String)])
  func `When it is due`(seconds: Double, text: String) {
    #expect(Words.due(sampleTime.addingTimeInterval(seconds), now: sampleTime) == text)
  }

  @Test func `Exact times are UTC`() {
    #expect(Words.full(sampleTime) == "2026-03-02 12:00:00 UTC")
    #expect(Words.iso(sampleTime) == "2026-03-02T12:00:00Z")
    #expect(Words.moment(sampleTime) == "2 Mar 12:00")
    #expect(Words.lasting(since: sampleTime, now: sampleTime.addingTimeInterval(2520)) == "for 42 min")
  }
}
