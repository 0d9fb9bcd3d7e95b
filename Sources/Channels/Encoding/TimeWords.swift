import Foundation

/// Times as people read them.
enum TimeWords {
  /// `2026-03-02 12:00 UTC`
  static func moment(_ date: Date) -> String {
    let format = Date.ISO8601FormatStyle().year().month().day().dateSeparator(.dash).dateTimeSeparator(.space)
      .time(includingFractionalSeconds: false).timeSeparator(.colon)
    return String(date.formatted(format).prefix(16)) + " UTC"
  }

  /// RFC 3339 in whole seconds: `2026-03-02T12:00:00Z`
  static func rfc3339(_ date: Date) -> String { date.formatted(Date.ISO8601FormatStyle()) }

  /// The two greatest units: `3 s`, `12 min`, `2 h 5 min`, `4 d 1 h`.
  static func duration(_ seconds: Double) -> String {
    guard seconds.isFinite, seconds >= 1 else { return "less than a second" }
    let whole = Int(min(seconds, 1e12))
    let parts = [(whole / 86_400, "d"), (whole / 3600 % 24, "h"), (whole / 60 % 60, "min"), (whole % 60, "s")]
    guard let first = parts.firstIndex(where: { $0.0 > 0 }) else { return "less than a second" }
    // Seconds say nothing beside hours, nor minutes beside days.
    let shown = parts[first...].prefix(first == 2 ? 1 : 2).filter { $0.0 > 0 }
    return shown.map { "\($0.0) \($0.1)" }.joined(separator: " ")
  }
}
