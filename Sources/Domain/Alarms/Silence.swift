package import Foundation

/// Withholds deliveries about the alarms that it matches. Their states go on.
package struct Silence: Hashable, Codable, Sendable, Identifiable {
  /// Given by the store; 0 before.
  package var id: Int64
  /// All must hold.
  package var matchers: [AlarmMatcher]
  package var startsAt: Date
  /// `nil`: until somebody ends it.
  package var endsAt: Date?
  /// Only at these hours between start and end; `nil`: all the time.
  package var hours: QuietHours?
  package var author: String
  package var comment: String

  package init(
    id: Int64 = 0, matchers: [AlarmMatcher], startsAt: Date, endsAt: Date?, hours: QuietHours? = nil, author: String,
    comment: String
  ) {
    self.id = id
    self.matchers = matchers
    self.startsAt = startsAt
    self.endsAt = endsAt
    self.hours = hours
    self.author = author
    self.comment = comment
  }

  package enum Phase: String, Sendable, CaseIterable {
    case upcoming, active
    /// Between two of its quiet hours.
    case waiting
    case expired
  }

  package func phase(at time: Date) -> Phase {
    if time < startsAt { return .upcoming }
    if let endsAt, endsAt <= time { return .expired }
    return hours?.contain(time) ?? true ? .active : .waiting
  }

  package func hides(_ subject: AlarmSubject, at time: Date) -> Bool {
    phase(at: time) == .active && matchers.match(subject)
  }

  /// When it hides nothing any more, at the earliest; `nil` while nobody has said.
  package func hidesUntil(at time: Date) -> Date? {
    [endsAt, hours?.end(at: time)].compactMap(\.self).min()
  }

  /// Why a delivery is withheld, in words.
  package var reason: String { "silence \(id) by \(author)" + (comment.isEmpty ? "" : ": \(comment)") }
}

/// Hours that come back every week: `mon-fri 22:00-06:00 Europe/Lisbon`.
package struct QuietHours: Hashable, Codable, Sendable {
  /// The days on which they begin, 1 (Monday) to 7 (Sunday).
  package var weekdays: Set<Int>
  /// Minutes after midnight, 0 to 1,439.
  package var from: Int
  /// Minutes after midnight, 1 to 1,440; at or before `from` it is the next day.
  package var until: Int
  /// An IANA name.
  package var timeZone: String

  package init(weekdays: Set<Int> = Set(1...7), from: Int, until: Int, timeZone: String = "UTC") {
    self.weekdays = weekdays
    self.from = from
    self.until = until
    self.timeZone = timeZone
  }

  private static let days = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]

  package func contain(_ time: Date) -> Bool {
    guard let zone = try? Schedule.zone(named: timeZone) else { return false }
    var calendar = Calendar(identifier: .gregorian)
    calendar.timeZone = zone
    let parts = calendar.dateComponents([.weekday, .hour, .minute], from: time)
    guard let weekday = parts.weekday, let hour = parts.hour, let minute = parts.minute else { return false }
    // The calendar counts from Sunday, 1.
    let today = weekday == 1 ? 7 : weekday - 1
    let yesterday = today == 1 ? 7 : today - 1
    let now = hour * 60 + minute
    if from < until { return weekdays.contains(today) && (from..<until).contains(now) }
    return weekdays.contains(today) && now >= from || weekdays.contains(yesterday) && now < until
  }

  /// When the hours in which `time` lies are over; `nil` outside of them, and where they are the whole day. On days when
  /// clocks are set it may be another hour.
  package func end(at time: Date) -> Date? {
    guard contain(time), until - from != 1440, let zone = try? Schedule.zone(named: timeZone) else { return nil }
    var calendar = Calendar(identifier: .gregorian)
    calendar.timeZone = zone
    let parts = calendar.dateComponents([.hour, .minute, .second], from: time)
    guard let hour = parts.hour, let minute = parts.minute, let second = parts.second else { return nil }
    let now = hour * 60 + minute
    let left = now < until ? until - now : 1440 - now + until
    return Date(timeIntervalSince1970: time.timeIntervalSince1970.rounded(.down)) + Double(left * 60 - second)
  }

  /// Whether some of the hours lie between two times.
  package func meet(from start: Date, to end: Date) -> Bool {
    guard !contain(start), let zone = try? Schedule.zone(named: timeZone) else { return true }
    var calendar = Calendar(identifier: .gregorian)
    calendar.timeZone = zone
    let clock = DateComponents(hour: from / 60, minute: from % 60)
    var begin = start
    // Each of them begins once in eight days.
    for _ in 0..<9 {
      guard let next = calendar.nextDate(after: begin, matching: clock, matchingPolicy: .nextTime) else { return true }
      begin = next
      if begin >= end { return false }
      if contain(begin) { return true }
    }
    return true
  }

  /// As `parse` reads it.
  package var text: String {
    func clock(_ minutes: Int) -> String {
      "\(minutes / 60 < 10 ? "0" : "")\(minutes / 60):\(minutes % 60 < 10 ? "0" : "")\(minutes % 60)"
    }
    let hours = "\(clock(from))-\(clock(until))"
    let zone = timeZone == "UTC" ? "" : " \(timeZone)"
    if weekdays.count == 7 { return hours + zone }
    return weekdays.sorted().map { Self.days[$0 - 1] }.joined(separator: ",") + " \(hours)\(zone)"
  }

  /// Reads `22:00-06:00`, `sat,sun 00:00-24:00`, `mon-fri 19:00-08:00 Europe/Lisbon`; throws what to mend.
  package static func parse(_ text: String) throws(AlarmMatcherError) -> QuietHours {
    var words = text.split(whereSeparator: \.isWhitespace).map(String.init)
    guard let index = words.firstIndex(where: { $0.contains(":") }) else {
      throw AlarmMatcherError("'\(text)' has no hours. Write such as 'mon-fri 22:00-06:00 Europe/Lisbon'")
    }
    let range = words.remove(at: index)
    let ends = range.split(separator: "-").map { minutes(String($0)) }
    guard ends.count == 2, let from = ends[0], let until = ends[1], from < 1440, until > 0 else {
      throw AlarmMatcherError("'\(range)' are no hours. Write such as 22:00-06:00")
    }
    if from == until {
      throw AlarmMatcherError("'\(range)' begins and ends at once. Write 00:00-24:00 for whole days")
    }
    var hours = QuietHours(from: from, until: until)
    if index > 0 { hours.weekdays = try weekdays(words[..<index].joined(separator: ",")) }
    let zone = words[index...].joined(separator: " ")
    if !zone.isEmpty { hours.timeZone = zone }
    do { _ = try Schedule.zone(named: hours.timeZone) } catch { throw AlarmMatcherError(error.message) }
    return hours
  }

  private static func minutes(_ text: String) -> Int? {
    let parts = text.split(separator: ":").map { Int($0) }
    guard parts.count == 2, let hour = parts[0], let minute = parts[1], (0...24).contains(hour),
      (0..<60).contains(minute), hour < 24 || minute == 0
    else { return nil }
    return hour * 60 + minute
  }

  private static func weekdays(_ text: String) throws(AlarmMatcherError) -> Set<Int> {
    var found: Set<Int> = []
    for part in text.lowercased().split(separator: ",") {
      let ends = part.split(separator: "-").map { end in days.firstIndex(of: String(end.prefix(3))) }
      guard let first = ends.first ?? nil, let last = ends.last ?? nil, ends.count <= 2 else {
        throw AlarmMatcherError("'\(part)' is no day of the week. Write such as mon-fri or sat,sun")
      }
      var day = first
      found.insert(day + 1)
      while day != last {
        day = (day + 1) % 7
        found.insert(day + 1)
      }
    }
    return found
  }
}
