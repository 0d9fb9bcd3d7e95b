/// A decimal number of any size, compared exactly: databases count in integers and `numeric`, users write `0.1`.
///
/// The value is `± digits × 10^exponent`, digits without leading or trailing zeros (zero has none).
package struct ExactDecimal: Hashable, Sendable {
  private let isNegative: Bool
  /// Most significant first, each 0...9.
  private let digits: [UInt8]
  private let exponent: Int

  private init(isNegative: Bool, digits: [UInt8], exponent: Int) {
    var digits = digits[...]
    var exponent = exponent
    while digits.first == 0 { digits.removeFirst() }
    while digits.last == 0 {
      digits.removeLast()
      exponent += 1
    }
    self.digits = Array(digits)
    self.isNegative = isNegative && !digits.isEmpty
    self.exponent = digits.isEmpty ? 0 : exponent
  }

  /// How many digits tell it from its neighbours: 3 of 0.0120 are two.
  package var significantDigits: Int { digits.count }

  package init(_ value: some BinaryInteger) {
    let text = String(value.magnitude)
    self.init(isNegative: value < 0, digits: text.utf8.map { $0 - 48 }, exponent: 0)
  }

  /// Reads `-12.5e3`; `nil` for anything else, also for NaN, infinities and exponents beyond ±100,000.
  package init?(_ text: String) {
    var rest = text.utf8[...]
    var isNegative = false
    if let sign = rest.first, sign == 0x2D || sign == 0x2B {
      isNegative = sign == 0x2D
      rest.removeFirst()
    }
    var digits: [UInt8] = []
    var exponent = 0
    var seenDigit = false
    var seenPoint = false
    scan: while let byte = rest.first {
      switch byte {
      case 0x30...0x39:
        digits.append(byte - 48)
        if seenPoint { exponent -= 1 }
        seenDigit = true
      case 0x2E where !seenPoint: seenPoint = true
      default: break scan
      }
      rest.removeFirst()
    }
    guard seenDigit else { return nil }
    if let mark = rest.first, mark == 0x65 || mark == 0x45 {
      guard let power = Int(String(rest.dropFirst()) ?? ""), abs(power) <= 100_000 else { return nil }
      exponent += power
      rest = rest.suffix(0)
    }
    guard rest.isEmpty else { return nil }
    self.init(isNegative: isNegative, digits: digits, exponent: exponent)
  }

  /// The shortest decimal that reads back as `value`; `nil` for NaN and infinities.
  package init?(_ value: Double) {
    guard value.isFinite else { return nil }
    self.init("\(value)")
  }

  package var isZero: Bool { digits.isEmpty }

  /// The value when it is a whole number that fits, else `nil`.
  package var int64: Int64? {
    guard exponent >= 0, digits.count + exponent <= 19 else { return nil }
    return Int64(description)
  }

  /// The nearest binary number, for charts; infinite when out of range.
  package var double: Double {
    Double("\(isNegative ? "-" : "")0\(digits.map(String.init).joined())e\(exponent)") ?? .nan
  }

  /// `self × factor`, exactly.
  package func multiplied(by factor: Self) -> Self {
    guard !digits.isEmpty, !factor.digits.isEmpty else { return Self(0) }
    var product = [Int](repeating: 0, count: digits.count + factor.digits.count)
    for (i, a) in digits.enumerated().reversed() {
      for (j, b) in factor.digits.enumerated().reversed() {
        product[i + j + 1] += Int(a) * Int(b)
      }
    }
    for index in product.indices.dropFirst().reversed() {
      product[index - 1] += product[index] / 10
      product[index] %= 10
    }
    return Self(
      isNegative: isNegative != factor.isNegative, digits: product.map { UInt8($0) },
      exponent: exponent + factor.exponent)
  }
}

extension ExactDecimal: Comparable {
  package static func < (left: Self, right: Self) -> Bool {
    if left.isNegative != right.isNegative { return left.isNegative }
    let smaller = left.isNegative ? magnitudeIsLess(right, left) : magnitudeIsLess(left, right)
    return smaller
  }

  private static func magnitudeIsLess(_ left: Self, _ right: Self) -> Bool {
    if left.digits.isEmpty || right.digits.isEmpty { return left.digits.isEmpty && !right.digits.isEmpty }
    let leftTop = left.digits.count + left.exponent
    let rightTop = right.digits.count + right.exponent
    if leftTop != rightTop { return leftTop < rightTop }
    return left.digits.lexicographicallyPrecedes(right.digits)
  }
}

extension ExactDecimal: CustomStringConvertible {
  /// Plain digits without an exponent, `-0.05`, unless that needs more than 60 zeros: then `1e300`.
  package var description: String {
    guard !digits.isEmpty else { return "0" }
    let sign = isNegative ? "-" : ""
    let text = String(decoding: digits.map { $0 + 48 }, as: UTF8.self)
    if exponent > 60 || exponent < -60 - digits.count { return "\(sign)\(text)e\(exponent)" }
    if exponent >= 0 { return sign + text + String(repeating: "0", count: exponent) }
    let point = digits.count + exponent
    if point <= 0 { return sign + "0." + String(repeating: "0", count: -point) + text }
    let split = text.index(text.startIndex, offsetBy: point)
    return "\(sign)\(text[..<split]).\(text[split...])"
  }
}

extension ExactDecimal: Codable {
  package init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    let text = try container.decode(String.self)
    guard let value = Self(text) else {
      throw DecodingError.dataCorruptedError(in: container, debugDescription: "not a decimal number: \(text)")
    }
    self = value
  }

  package func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(description)
  }
}
