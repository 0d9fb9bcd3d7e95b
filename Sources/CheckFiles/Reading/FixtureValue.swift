import Domain
import Foundation

/// Whether a value of a fixture is one that a database could give for its type.
enum FixtureValue {
  static func fits(_ text: String, _ type: ColumnType) -> Bool {
    switch type {
    case .boolean: ["true", "false"].contains(text.lowercased())
    case .integer: Int64(text) != nil
    case .double: Double(text) != nil
    case .decimal: text == "NaN" || ExactDecimal(text) != nil
    case .date: isDate(text[...])
    case .time: isTime(text[...])
    case .timestamp: isTimestamp(text)
    case .uuid: UUID(uuidString: text) != nil
    case .json: (try? JSONSerialization.jsonObject(with: Data(text.utf8), options: .fragmentsAllowed)) != nil
    default: true
    }
  }

  /// `2026-11-28`, and a day that there is.
  private static func isDate(_ text: Substring) -> Bool {
    guard let match = text.wholeMatch(of: /(\d{4})-(\d\d)-(\d\d)/), let year = Int(match.1), let month = Int(match.2),
      let day = Int(match.3), (1...12).contains(month)
    else { return false }
    let isLeap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
    let days = [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][month - 1]
    return year > 0 && (1...days).contains(day)
  }

  /// `10:30`, `10:30:00.25`.
  private static func isTime(_ text: Substring) -> Bool {
    text.wholeMatch(of: /([01]\d|2[0-3]):[0-5]\d(:[0-5]\d(\.\d{1,6})?)?/) != nil
  }

  /// `2026-11-28 10:30:00`, with `T` or a zone as well.
  private static func isTimestamp(_ text: String) -> Bool {
    guard let match = text.wholeMatch(of: /(\S{10})(?:[ T]([0-9:.]+?)(Z|[+-]\d\d(:?\d\d)?)?)?/), isDate(match.1) else {
      return false
    }
    return match.2.map(isTime) ?? true
  }
}
