import Foundation

/// The header `Retry-After`: seconds, or a date.
enum RetryAfter {
  /// The longest wait that a receiver may ask for, in seconds.
  static let limit: Double = 3600

  /// Seconds from `now`, 0 to `limit`; `nil` for text that is neither a number of seconds nor an HTTP date.
  static func seconds(_ text: String, now: Date) -> Double? {
    let text = text.trimmingASCIISpace
    if !text.isEmpty, text.utf8.allSatisfy({ (0x30...0x39).contains($0) }) {
      return min(Double(text) ?? limit, limit)
    }
    guard let date = date(text) else { return nil }
    return min(max(0, date.timeIntervalSince(now)), limit)
  }

  /// RFC 9110's preferred form: `Sun, 06 Nov 1994 08:49:37 GMT`.
  private static func date(_ text: String) -> Date? {
    let formatter = DateFormatter()
    formatter.locale = Locale(identifier: "en_US_POSIX")
    formatter.timeZone = .gmt
    formatter.dateFormat = "EEE, dd MMM yyyy HH:mm:ss 'GMT'"
    return formatter.date(from: text)
  }
}
