package import Foundation

/// Run ids are ULIDs: 48 bits of milliseconds since 1970 and 80 random bits in Crockford's base 32, so that they sort
/// by time. Format: github.com/ulid/spec.
package enum RunID {
  package static func make(at time: Date) -> String {
    var generator = SystemRandomNumberGenerator()
    let milliseconds = UInt64(max(0, time.timeIntervalSince1970 * 1000))
    let high = UInt64.random(in: 0..<(1 << 40), using: &generator)
    let low = UInt64.random(in: 0..<(1 << 40), using: &generator)
    return digits(milliseconds, count: 10) + digits(high, count: 8) + digits(low, count: 8)
  }

  private static let alphabet = Array("0123456789ABCDEFGHJKMNPQRSTVWXYZ".utf8)

  private static func digits(_ value: UInt64, count: Int) -> String {
    let bytes = (0..<count).reversed().map { alphabet[Int(value >> UInt64($0 * 5) & 31)] }
    return String(decoding: bytes, as: UTF8.self)
  }
}
