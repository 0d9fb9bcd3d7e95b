package import Foundation

/// How numbers, times and durations are written on pages. All functions are pure; times are UTC.
package enum Words {
  /// `1,204`.
  package static func number(_ value: Int) -> String {
    var digits = String(value.magnitude)
    var groups: [String] = []
    while digits.count > 3 {
      groups.insert(String(digits.suffix(3)), at: 0)
      digits = String(digits.dropLast(3))
    }
    return (value < 0 ? "-" : "") + ([digits] + groups).joined(separator: ",")
  }

  /// `1 checker`, `1,204 checkers`.
  package static func count(_ value: Int, _ one: String, _ many: String? = nil) -> String {
    "\(number(value)) \(value == 1 ? one : many ?? one + "s")"
  }

  /// A number as the database or the user wrote it, with thousands: `1204.50` → `1,204.50`. Other text stays.
  package static func number(_ text: String) -> String {
    let sign = text.hasPrefix("-") ? "-" : ""
    let parts = text.dropFirst(sign.count).split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
    guard let whole = parts.first, !whole.isEmpty, whole.count < 18, whole.allSatisfy({ $0.isASCII && $0.isNumber }),
      let value = Int(whole), parts.count == 1 || parts[1].allSatisfy({ $0.isASCII && $0.isNumber })
    else { return text }
    return sign + number(value) + (parts.count > 1 ? ".\(parts[1])" : "")
  }

  /// `0.4 ms`, `231 ms`, `10.0 s`, `4 min 10 s`, `1 h 4 min`, `2 d 3 h`.
  package static func duration(_ milliseconds: Double) -> String {
    let milliseconds = max(0, milliseconds)
    if milliseconds < 10 { return "\(tenths(milliseconds)) ms" }
    if milliseconds < 999.5 { return "\(Int(milliseconds.rounded())) ms" }
    if milliseconds < 59_950 { return "\(tenths(milliseconds / 1000)) s" }
    let seconds = Int(min(milliseconds / 1000, 1e12).rounded())
    if seconds < 3600 { return pair(seconds / 60, "min", seconds % 60, "s") }
    if seconds < 86400 { return pair(seconds / 3600, "h", seconds % 3600 / 60, "min") }
    return pair(seconds / 86400, "d", seconds % 86400 / 3600, "h")
  }

  /// `for 42 min`, of a state that lasts.
  package static func lasting(since: Date, now: Date) -> String { "for \(span(now.timeIntervalSince(since)))" }

  /// `2 min ago`; from 30 days on the date.
  package static func ago(_ time: Date, now: Date) -> String {
    let seconds = now.timeIntervalSince(time)
    if seconds < 1 { return "just now" }
    if seconds >= 30 * 86400 { return day(time) }
    return "\(span(seconds)) ago"
  }

  /// `in 4 min`, `overdue by 3 min`.
  package static func due(_ time: Date, now: Date) -> String {
    let seconds = time.timeIntervalSince(now)
    if seconds < -60 { return "overdue by \(span(-seconds))" }
    return seconds < 1 ? "now" : "in \(span(seconds))"
  }

  /// One unit: `12 s`, `42 min`, `6 h`, `3 d`.
  package static func span(_ seconds: Double) -> String {
    let seconds = Int(max(0, min(seconds, 1e12)))
    if seconds < 60 { return "\(seconds) s" }
    if seconds < 3600 { return "\(seconds / 60) min" }
    if seconds < 86400 { return "\(seconds / 3600) h" }
    return "\(number(seconds / 86400)) d"
  }

  /// `2026-11-24 04:17:03 UTC`.
  package static func full(_ time: Date) -> String {
    iso(time).replacing("T", with: " ").replacing("Z", with: " UTC")
  }

  /// `2026-11-24T04:17:03Z`, for `<time datetime>`.
  package static func iso(_ time: Date) -> String { time.formatted(.iso8601) }

  /// `24 Nov 2026`.
  package static func day(_ time: Date) -> String {
    let parts = iso(time).prefix(10).split(separator: "-")
    guard parts.count == 3, let month = Int(parts[1]), (1...12).contains(month), let day = Int(parts[2]) else {
      return String(iso(time).prefix(10))
    }
    return "\(day) \(months[month - 1]) \(parts[0])"
  }

  /// `24 Nov 04:17`.
  package static func moment(_ time: Date) -> String {
    "\(day(time).dropLast(5)) \(iso(time).dropFirst(11).prefix(5))"
  }

  /// `24 Nov 2026 04:17`.
  package static func date(_ time: Date) -> String { "\(day(time)) \(iso(time).dropFirst(11).prefix(5))" }

  private static let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]

  private static func tenths(_ value: Double) -> String {
    let tenths = Int((value * 10).rounded())
    return "\(tenths / 10).\(tenths % 10)"
  }

  private static func pair(_ large: Int, _ largeUnit: String, _ small: Int, _ smallUnit: String) -> String {
    small == 0 ? "\(large) \(largeUnit)" : "\(large) \(largeUnit) \(small) \(smallUnit)"
  }
}

/// A time for `{{#when}}{{>time}}{{/when}}`: a short text, with the exact time behind it.
package struct TimeText: Sendable, Hashable {
  package var text: String
  package var iso: String
  package var full: String

  package init(_ text: String, _ time: Date) {
    self.text = text
    iso = Words.iso(time)
    full = Words.full(time)
  }

  /// `2 min ago`.
  package static func ago(_ time: Date, now: Date) -> TimeText { TimeText(Words.ago(time, now: now), time) }
  /// `for 42 min`.
  package static func lasting(since: Date, now: Date) -> TimeText {
    TimeText(Words.lasting(since: since, now: now), since)
  }
  /// `in 4 min`.
  package static func due(_ time: Date, now: Date) -> TimeText { TimeText(Words.due(time, now: now), time) }
}
