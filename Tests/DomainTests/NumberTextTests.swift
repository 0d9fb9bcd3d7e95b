import Domain
import Testing

@Suite("Numbers as people read them") struct NumberTextTests {
  @Test(
    "At most four digits after the point, and never a whole number that is none",
    arguments: [
      ("22.404085", "22.4041"), ("275.5500000000000000", "275.55"), ("-0.5", "-0.5"), ("12.0000", "12"),
      ("99.99999", "99.99999"), ("99.999961", "99.99996"), ("0.00001234", "0.00001"), ("0.1", "0.1"), ("7", "7"),
      ("1e-05", "1e-05"),
      ("9.99996", "9.99996"), ("3.14996", "3.15"), ("NaN", "NaN"),
    ]) func short(text: String, shown: String)
  {
    #expect(NumberText.short(text) == shown)
    #expect(Observation(.decimal(text)).text == shown)
  }

  @Test("Bounds are written as what was found beside them") func bounds() {
    #expect(
      Threshold.between(ExactDecimal(1), ExactDecimal(1000)).description(unit: " rows") == "between 1 and 1,000 rows")
    #expect(Threshold.lessThan(ExactDecimal(-1_234_567)).description() == "less than -1,234,567")
    #expect(Threshold.equal(ExactDecimal("1234.5")!).description() == "1,234.5")
    #expect(Observation(.decimal("1234.5000")).text == "1,234.5")
    #expect(Observation(.decimal("3.0000000000000000")).text == "3")
    #expect(Observation(.double(1e22)).text == "1e+22")
    #expect(Observation(.integer(-1_234_567)).text == "-1,234,567")
  }
}
