package import Foundation

/// Moments as people and programs write them. Format: ISO 8601, as RFC 3339 narrows it.
package enum MomentText {
  /// The moment that `text` names: `2026-11-25T09:00:00Z`, also with a space for the `T`, a fraction of a second, an
  /// offset such as `+01:00`; without seconds or time too, and without a zone in UTC, unless it must be whole.
  /// `nil` when it is none, as on the 30th of February.
  package static func read(_ text: String, isWhole: Bool = false) -> Date? {
    let pattern =
      /(\d{4}-\d\d-\d\d)(?:[ Tt]((?:[01]\d|2[0-3]):[0-5]\d)(:[0-5]\d(?:\.\d{1,9})?)?([Zz]|[+-]\d\d:?\d\d)?)?/
    guard let match = text.wholeMatch(of: pattern), isDay(match.1) else { return nil }
    if isWhole, match.3 == nil || match.4 == nil { return nil }
    let zone = match.4.map { $0.uppercased() } ?? "Z"
    let normal = "\(match.1)T\(match.2 ?? "00:00")\(match.3 ?? ":00")\(zone)"
    let hasFraction = match.3?.contains(".") ?? false
    return try? Date.ISO8601FormatStyle(includingFractionalSeconds: hasFraction).parse(normal)
  }

  /// The moment in UTC as `read` takes it.
  package static func write(_ time: Date) -> String {
    let isWhole = time.timeIntervalSince1970.rounded() == time.timeIntervalSince1970
    return time.formatted(Date.ISO8601FormatStyle(includingFractionalSeconds: !isWhole))
  }

  /// The parser takes the 30th of February for the 2nd of March.
  private static func isDay(_ text: Substring) -> Bool {
    guard let day = try? Date.ISO8601FormatStyle().parse("\(text)T00:00:00Z") else { return false }
    return day.formatted(Date.ISO8601FormatStyle()).hasPrefix(text)
  }
}
