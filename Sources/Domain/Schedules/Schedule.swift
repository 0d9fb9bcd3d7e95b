package import Foundation

/// When a checker runs by itself.
package struct Schedule: Hashable, Codable, Sendable {
  package enum Rhythm: Hashable, Codable, Sendable {
    /// Five cron fields, or a nickname such as `@hourly`, as the user wrote them.
    case cron(CronExpression)
    /// Every so many minutes, 1 to 10,080, counted from midnight UTC of 1970-01-01.
    case everyMinutes(Int)
  }

  package var rhythm: Rhythm
  /// An IANA name, such as `Europe/Lisbon`.
  package var timeZone: String

  package init(_ rhythm: Rhythm, timeZone: String = "UTC") {
    self.rhythm = rhythm
    self.timeZone = timeZone
  }

  /// Minutes that `everyMinutes` takes: up to a week.
  package static let pauses = 1...10_080

  /// The first moment after `time` at which it is due; `nil` when none comes within forty years.
  ///
  /// Throws when there is no such time zone.
  package func next(after time: Date) throws(ScheduleError) -> Date? {
    switch rhythm {
    case .cron(let expression):
      return expression.next(after: time, in: try Self.zone(named: timeZone))
    case .everyMinutes(let minutes):
      let pause = Double(max(1, minutes) * 60)
      return Date(timeIntervalSince1970: ((time.timeIntervalSince1970 / pause).rounded(.down) + 1) * pause)
    }
  }

  /// Whether it can be due at all: the time zone exists and the pause is in range.
  package func validate() throws(ScheduleError) {
    _ = try Self.zone(named: timeZone)
    if case .everyMinutes(let minutes) = rhythm, !Self.pauses.contains(minutes) {
      throw ScheduleError(.text, Self.pauseProblem)
    }
  }

  static let pauseProblem = "a pause is 1 to 10,080 minutes, up to a week. For a longer one write a cron expression"

  /// The time zone called `name`, an IANA name.
  package static func zone(named name: String) throws(ScheduleError) -> TimeZone {
    // Foundation also takes `GMT+3` and abbreviations, which mean different things to different people.
    if name == "UTC" { return .gmt }
    if name.contains("/") || TimeZone.knownTimeZoneIdentifiers.contains(name), let zone = TimeZone(identifier: name) {
      return zone
    }
    if name.isEmpty { throw ScheduleError(.timeZone, "a time zone is needed, as in Europe/Lisbon or UTC") }
    let near = nearestZone(to: name).map { ". Is \($0) meant?" } ?? ". Write an IANA name, as in Europe/Lisbon"
    throw ScheduleError(.timeZone, "there is no time zone '\(name)'\(near)")
  }

  private static func nearestZone(to name: String) -> String? {
    let zones = TimeZone.knownTimeZoneIdentifiers + ["UTC"]
    let city = name.lowercased().replacing(" ", with: "_")
    return zones.first { $0.lowercased() == city }
      ?? zones.first { $0.lowercased().hasSuffix("/" + city) }
      ?? Spelling.nearest(to: name, among: zones)
  }
}

/// What is wrong with a schedule and how to mend it.
package struct ScheduleError: Error, Hashable, Sendable {
  package enum Part: Hashable, Sendable { case text, timeZone }

  /// The input at fault.
  package var part: Part
  package var message: String

  package init(_ part: Part, _ message: String) {
    self.part = part
    self.message = message
  }
}
