import Domain
import Testing

@Suite struct ExactDecimalTests {
  private func number(_ text: String) throws -> ExactDecimal { try #require(ExactDecimal(text), "\(text)") }

  @Test(arguments: [
    ("0", "0"), ("-0", "0"), ("007", "7"), ("1.500", "1.5"), (".5", "0.5"), ("5.", "5"), ("+3", "3"),
    ("-0.05", "-0.05"),
    ("12.5e3", "12500"), ("125E-3", "0.125"), ("1e300", "1e300"), ("0.000", "0"),
    ("123456789012345678901234567890.123456789", "123456789012345678901234567890.123456789"), ("1e100000", "1e100000"),
  ])
  func readsAndWritesEveryDigit(_ text: String, _ written: String) throws {
    let value = try number(text)
    #expect(value.description == written)
    #expect(try number(value.description) == value)
  }

  @Test(arguments: [
    "", "-", ".", "e5", "1e", "1e100001", "NaN", "Infinity", "1,5", "1 ", " 1", "0x10", "1e5x", "--1", "٣",
  ])
  func refusesWhatIsNoNumber(_ text: String) {
    #expect(ExactDecimal(text) == nil)
  }

  @Test func comparesWhatBinaryNumbersCannot() throws {
    #expect(try number("0.1") == number("0.10"))
    #expect(try number("9007199254740993") > number("9007199254740992"))
    #expect(try number("0.30000000000000004") > number("0.3"))
    let ordered = [
      "-1e300", "-12.5", "-12", "-0.001", "0", "1e-300", "0.5", "0.51", "9", "10", "10.01", "99", "100", "1e300",
    ]
    let values = try ordered.map(number)
    for (i, left) in values.enumerated() {
      for (j, right) in values.enumerated() {
        #expect((left < right) == (i < j), "\(left) < \(right)")
        #expect((left == right) == (i == j))
      }
    }
  }

  @Test(arguments: [
    ("1.5", "-2", "-3"), ("0", "5", "0"),
    ("99999999999999999999", "99999999999999999999", "9999999999999999999800000000000000000001"),
    ("0.01", "0.01", "0.0001"), ("1e200", "1e200", "1e400"),
  ])
  func multipliesExactly(_ left: String, _ right: String, _ product: String) throws {
    #expect(try number(left).multiplied(by: number(right)) == number(product))
  }

  @Test func whole64BitNumbersComeBack() throws {
    #expect(ExactDecimal(Int64.min).int64 == .min)
    #expect(ExactDecimal(Int64.max).int64 == .max)
    #expect(try number("9223372036854775808").int64 == nil)
    #expect(try number("1.5").int64 == nil)
    #expect(try number("1e3").int64 == 1000)
    #expect(ExactDecimal(Double.nan) == nil)
    #expect(ExactDecimal(-Double.infinity) == nil)
    #expect(ExactDecimal(0.1)?.description == "0.1")
    #expect(try number("0.1").double == 0.1)
  }
}

@Suite struct ThresholdTests {
  private func number(_ text: String) throws -> ExactDecimal { try #require(ExactDecimal(text)) }

  @Test(arguments: [
    ("must_be", ["5"], ["5"], ["4.999999999999999999", "6"]), ("must_not_be", ["5"], ["4"], ["5.0"]),
    ("must_be_less_than", ["5"], ["4.9"], ["5", "6"]), ("must_be_less_than_or_equal", ["5"], ["5"], ["5.1"]),
    ("must_be_greater_than", ["5"], ["5.1"], ["5"]), ("must_be_greater_than_or_equal", ["5"], ["5"], ["4.9"]),
    ("must_be_between", ["1", "5"], ["1", "3", "5"], ["0.9", "5.1"]),
    ("must_be_not_between", ["1", "5"], ["0.9", "5.1"], ["1", "3", "5"]),
  ])
  func holdsWhereItSays(_ key: String, _ bounds: [String], _ good: [String], _ bad: [String]) throws {
    let threshold = try #require(Threshold(key: key, bounds: try bounds.map(number)))
    #expect(threshold.key == key)
    for value in good { #expect(threshold.holds(for: try number(value)), "\(key) \(value)") }
    for value in bad { #expect(!threshold.holds(for: try number(value)), "\(key) \(value)") }
  }

  @Test func sharesAreComparedWithoutDividing() throws {
    // 1 of 3 is below 33.34% and above 33.33%; as binary numbers, 0.29 * 100 is not 29.
    let third = (part: try number("100"), whole: try number("3"))
    #expect(Threshold.lessThan(try number("33.34")).holds(for: third.part, of: third.whole))
    #expect(Threshold.greaterThan(try number("33.33")).holds(for: third.part, of: third.whole))
    #expect(Threshold.equal(try number("29")).holds(for: try number("2900"), of: try number("100")))
  }

  @Test func everyKeyNeedsItsCountOfBounds() throws {
    let one = [try number("1")]
    for key in Threshold.keys {
      let takesTwo = key.contains("between")
      #expect((Threshold(key: key, bounds: one) == nil) == takesTwo)
      #expect((Threshold(key: key, bounds: one + one) == nil) == !takesTwo)
      #expect(Threshold(key: key, bounds: []) == nil)
    }
    #expect(Threshold(key: "must_be_big", bounds: one) == nil)
  }
}
