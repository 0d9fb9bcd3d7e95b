/// Whole numbers of any size as DuckDB hands over its BIGNUM: a header of three bytes, then the magnitude with its most
/// significant byte first. The header's first bit is set for what is not negative; a negative number has all its bits
/// flipped, those of the header too.
enum BigNumber {
  /// As Arrow names what has no type of its own; the vendor's name for it is in the metadata beside it.
  static func isMeant(extensionName: String?, metadata: String?) -> Bool {
    guard extensionName == "arrow.opaque", let metadata = metadata?.lowercased() else { return false }
    return metadata.contains("\"bignum\"") || metadata.contains("\"varint\"")
  }

  /// Longer ones take long to be divided, and nobody reads them.
  private static let maximumBytes = 4_096

  /// `-170141183460469231731687303715884105728`; `nil` for what is no such number.
  static func text(_ bytes: UnsafeRawBufferPointer) -> String? {
    guard (4...maximumBytes).contains(bytes.count) else { return nil }
    let isNegative = bytes[0] & 0x80 == 0
    let flip: UInt8 = isNegative ? 0xFF : 0
    let digits = digits(bytes.dropFirst(3).map { $0 ^ flip })
    return isNegative && digits != "0" ? "-" + digits : digits
  }

  /// Nine decimal digits at a time, each by one division of the whole.
  private static func digits(_ magnitude: [UInt8]) -> String {
    let base: UInt64 = 1_000_000_000
    var words: [UInt32] = []
    var rest = magnitude[...]
    while !rest.isEmpty {
      words.insert(rest.suffix(4).reduce(0) { $0 << 8 | UInt32($1) }, at: 0)
      rest = rest.dropLast(4)
    }
    var groups: [UInt64] = []
    while let first = words.firstIndex(where: { $0 != 0 }) {
      words.removeFirst(first)
      var remainder: UInt64 = 0
      for index in words.indices {
        let value = remainder << 32 | UInt64(words[index])
        words[index] = UInt32(value / base)
        remainder = value % base
      }
      groups.append(remainder)
    }
    guard let highest = groups.last else { return "0" }
    return groups.dropLast().reversed().reduce("\(highest)") { text, group in
      let digits = String(group)
      return text + String(repeating: "0", count: 9 - digits.count) + digits
    }
  }
}
