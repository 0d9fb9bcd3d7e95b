import Domain
import Foundation

/// How long nobody is to be told, as forms and links of messages offer it.
struct PauseLength: Sendable {
  /// What the form sends.
  var key: String
  var text: String
  /// `nil`: open-ended.
  var end: @Sendable (Date) -> Date?

  private static func hours(_ count: Double, _ key: String, _ text: String) -> PauseLength {
    PauseLength(key: key, text: text) { $0.addingTimeInterval(count * 3600) }
  }

  private static let tomorrow = PauseLength(key: "tomorrow", text: "Until tomorrow, 08:00 UTC", end: morning)

  static let snoozes = [
    hours(1, "1h", "For 1 hour"), hours(4, "4h", "For 4 hours"), tomorrow, hours(24, "24h", "For 24 hours"),
    hours(168, "7d", "For 7 days"), PauseLength(key: "open", text: "Until I unmute it") { _ in nil },
  ]

  static let acknowledgements = [
    PauseLength(key: "open", text: "Until it is resolved") { _ in nil }, hours(1, "1h", "For 1 hour"),
    hours(4, "4h", "For 4 hours"), tomorrow,
  ]

  /// 08:00 UTC of the next day.
  private static func morning(after time: Date) -> Date? {
    let days = (time.timeIntervalSince1970 / 86_400).rounded(.down)
    return Date(timeIntervalSince1970: (days + 1) * 86_400 + 8 * 3600)
  }

  /// For a form: without what only code needs.
  struct Choice: Sendable {
    var value: String
    var text: String
    var isChosen = false
  }

  static func choices(_ lengths: [PauseLength], chosen: String = "") -> [Choice] {
    lengths.map { Choice(value: $0.key, text: $0.text, isChosen: $0.key == chosen) }
  }
}
