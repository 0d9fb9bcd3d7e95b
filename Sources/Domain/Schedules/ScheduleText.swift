extension Schedule {
  /// As written in a file: `*/5 * * * *`, `every 15 minutes`.
  package var text: String {
    switch rhythm {
    case .cron(let expression): expression.text
    case .everyMinutes(1): "every minute"
    case .everyMinutes(60): "every hour"
    case .everyMinutes(let minutes) where minutes % 60 == 0: "every \(minutes / 60) hours"
    case .everyMinutes(let minutes): "every \(minutes) minutes"
    }
  }

  /// Reads what `text` writes: five cron fields, a nickname, or `every 15 minutes`, `every 2 hours`, `every day`.
  package static func parse(text: String, timeZone: String = "UTC") throws(ScheduleError) -> Schedule {
    let schedule = Schedule(try rhythm(of: text), timeZone: timeZone)
    try schedule.validate()
    return schedule
  }

  private static func rhythm(of text: String) throws(ScheduleError) -> Rhythm {
    let words = text.lowercased().split(whereSeparator: \.isWhitespace).map(String.init)
    if words.isEmpty {
      throw ScheduleError(.text, "a schedule is needed, as in '*/5 * * * *', '@hourly' or 'every 15 minutes'")
    }
    if words.first == "every" { return try pause(Array(words.dropFirst()), text) }
    do {
      return .cron(try CronExpression(text))
    } catch {
      throw ScheduleError(.text, error.message)
    }
  }

  private static func pause(_ words: [String], _ text: String) throws(ScheduleError) -> Rhythm {
    let unit = words.last.map { $0.hasSuffix("s") ? String($0.dropLast()) : $0 } ?? ""
    let count = words.count == 2 ? Int(words[0]) : 1
    guard (1...2).contains(words.count), let count, let length = minutes[unit] else {
      throw ScheduleError(
        .text, "'\(text)' is no pause. Write 'every 15 minutes', 'every 2 hours' or 'every day'")
    }
    // A day begins at midnight where the user is, not in Greenwich.
    if count == 1, unit == "day" { return .cron(try nickname("@daily")) }
    if count == 1, unit == "week" { return .cron(try nickname("@weekly")) }
    let (total, overflow) = count.multipliedReportingOverflow(by: length)
    guard !overflow, pauses.contains(total) else { throw ScheduleError(.text, pauseProblem) }
    return .everyMinutes(total)
  }

  private static let minutes = ["minute": 1, "min": 1, "hour": 60, "day": 1440, "week": 10_080]

  private static func nickname(_ name: String) throws(ScheduleError) -> CronExpression {
    do {
      return try CronExpression(name)
    } catch {
      throw ScheduleError(.text, error.message)
    }
  }
}
