import Domain
import Foundation
import Testing

@Suite struct CronTests {
  @Test func dueTimesAgreeWithAnIndependentLibrary() throws {
    let lines = CronTable.lines.split(separator: "\n")
    #expect(lines.count > 800)
    for line in lines {
      let parts = line.split(separator: "|").map(String.init)
      let zone = try Schedule.zone(named: parts[1])
      let expression = try CronExpression(parts[0])
      var minute = 0
      for (place, step) in try parts[2].split(separator: ",").map({ try #require(Int($0)) }).enumerated() {
        if place > 0 {
          let next = expression.next(after: Date(timeIntervalSince1970: Double(minute * 60)), in: zone)
          #expect(next == Date(timeIntervalSince1970: Double((minute + step) * 60)), "\(line), place \(place)")
        }
        minute += step
      }
    }
  }

  /// The slow way: a job with a star is due at each minute at which the clock on the wall shows its time.
  @Test(arguments: ["Australia/Lord_Howe", "America/Santiago", "Africa/Cairo", "Europe/Lisbon"])
  func jobsWithAStarFollowRealTime(_ zoneName: String) throws {
    let zone = try Schedule.zone(named: zoneName)
    var calendar = Calendar(identifier: .gregorian)
    calendar.timeZone = zone
    let start = try Date("2024-01-01T00:00:00Z", strategy: .iso8601)
    var change = start
    for _ in 0..<4 {
      change = try #require(zone.nextDaylightSavingTimeTransition(after: change))
      let begin = Date(timeIntervalSince1970: (change.timeIntervalSince1970 / 60).rounded(.down) * 60 - 5 * 3600)
      for (text, minutes, hours) in Self.starred {
        let expression = try CronExpression(text)
        let due = (1...(10 * 60)).map { begin + Double($0 * 60) }.filter { time in
          let shown = calendar.dateComponents([.hour, .minute], from: time)
          return minutes.contains(shown.minute ?? -1) && hours.contains(shown.hour ?? -1)
        }
        var found: [Date] = []
        var time = begin
        while let next = expression.next(after: time, in: zone), next <= begin + 36_000 {
          found.append(next)
          time = next
        }
        #expect(found == due, "\(text) in \(zoneName) around \(change)")
      }
    }
  }

  private static let starred: [(String, Set<Int>, Set<Int>)] = [
    ("* * * * *", Set(0..<60), Set(0..<24)), ("30 * * * *", [30], Set(0..<24)),
    ("0 */2 * * *", [0], [0, 2, 4, 6, 8, 10, 12, 14, 16, 18, 20, 22]),
    ("*/20 0-1 * * *", [0, 20, 40], [0, 1]), ("* 2 * * *", Set(0..<60), [2]),
    ("*/10 23 * * *", [0, 10, 20, 30, 40, 50], [23]),
  ]

  @Test(arguments: ["30 0 * * *", "0 1,2 * * *", "*/20 1 * * *", "0 * * * *", "15 0-3 * * SUN"])
  func askingAtAnyMomentGivesTheNextTimeOfTheWhole(_ text: String) throws {
    let zone = try Schedule.zone(named: "Europe/Lisbon")
    let expression = try CronExpression(text)
    for change in ["2026-03-28T20:00:00Z", "2026-10-24T20:00:00Z"] {
      let start = try Date(change, strategy: .iso8601)
      var all = [try #require(expression.next(after: start, in: zone))]
      while let last = all.last, last < start + 86_400 {
        all.append(try #require(expression.next(after: last, in: zone)))
      }
      for offset in stride(from: 0.0, to: 86_400, by: 150) {
        let time = start + offset
        #expect(expression.next(after: time, in: zone) == all.first { $0 > time }, "\(text) after \(time)")
      }
    }
  }

  @Test func aSkippedMidnightRunsAtTheJump() throws {
    // In Beirut clocks went from 00:00 to 01:00 on 2025-03-30.
    let zone = try Schedule.zone(named: "Asia/Beirut")
    let start = try Date("2025-03-29T12:00:00Z", strategy: .iso8601)
    let jump = try Date("2025-03-29T22:00:00Z", strategy: .iso8601)
    #expect(try CronExpression("@daily").next(after: start, in: zone) == jump)
    #expect(try CronExpression("20 0 * * *").next(after: start, in: zone) == jump)
    #expect(try CronExpression("20 0 * * *").next(after: jump, in: zone) == jump + 23 * 3600 + 1200)
    #expect(try CronExpression("*/20 0 * * *").next(after: start, in: zone) == jump + 23 * 3600)
  }

  @Test func aDayThatAZoneLeftOutRunsAtTheJump() throws {
    // Samoa had no 2011-12-30.
    let zone = try Schedule.zone(named: "Pacific/Apia")
    let start = try Date("2011-12-30T09:00:00Z", strategy: .iso8601)
    let jump = try Date("2011-12-30T10:00:00Z", strategy: .iso8601)
    #expect(try CronExpression("0 12 30 12 *").next(after: start, in: zone) == jump)
  }

  @Test func aLeapDayThatMustBeAMondayIsFoundDecadesAhead() throws {
    let start = try Date("2025-01-01T00:00:00Z", strategy: .iso8601)
    // Saturdays of step 6 only, by the rule that a star needs both days.
    let next = try CronExpression("0 0 29 2 */6").next(after: start, in: .gmt)
    #expect(next == (try Date("2032-02-29T00:00:00Z", strategy: .iso8601)))
  }

  @Test(arguments: [
    ("@hourly", "0 * * * *"), ("@Daily", "0 0 * * *"), ("@midnight", "0 0 * * *"), ("@weekly", "0 0 * * 0"),
    ("@monthly", "0 0 1 * *"), ("@yearly", "0 0 1 1 *"), ("@annually", "0 0 1 1 *"),
    ("0 0 * * FRI-MON", "0 0 * * 5,6,0,1"),
    ("0 0 * * fri-sun", "0 0 * * 5,6,0"), ("0 0 * JAN,dec *", "0 0 * 1,12 *"), (" 0\t0  * * 7 ", "0 0 * * 0"),
    ("5/20 * * * *", "5,25,45 * * * *"), ("0 0 * * */7", "0 0 * * 0"),
  ])
  func differentWordsMeanTheSame(_ text: String, _ plain: String) throws {
    let zone = try Schedule.zone(named: "Europe/Lisbon")
    var time = try Date("2026-01-01T00:00:00Z", strategy: .iso8601)
    for _ in 0..<20 {
      let next = try CronExpression(text).next(after: time, in: zone)
      #expect(next == (try CronExpression(plain).next(after: time, in: zone)))
      time = try #require(next)
    }
  }

  @Test(arguments: [
    ("", "has 0"), ("* * * *", "has 4"), ("0 0 0 * * *", "Seconds and years are not supported"),
    ("60 * * * *", "'minute' does not know '60'. It takes 0-59"), ("* 24 * * *", "'hour'"),
    ("* * 0 * *", "'day of month'"), ("* * 32 * *", "1-31"), ("* * * 13 *", "1-12 or JAN-DEC"),
    ("* * * * 8", "0-7"), ("* * * * MOM", "Is MON meant?"), ("* * * * L", "does not know 'L'"),
    ("*/0 * * * *", "step"), ("*/90 * * * *", "every 90 minutes"), ("1,,2 * * * *", "empty part"),
    ("1-2-3 * * * *", "range '1-2-3'"), ("5- * * * *", "without a beginning or an end"),
    ("* 22-2 * * *", "Write 22-23,0-2"), ("-5 * * * *", "without a beginning"), ("+5 * * * *", "'+5'"),
    ("1.5 * * * *", "'1.5'"), ("٣ * * * *", "'٣'"), ("99999999999999999999 * * * *", "minute"),
    ("0 0 31 2 *", "never comes"), ("0 0 31 4,6 *", "never comes"), ("@reboot", "There are @annually"),
    ("@hourle", "Is @hourly meant?"), ("*/5/2 * * * *", "more than one step"), ("* * * * 5L", "'5L'"),
  ])
  func mistakesAreNamed(_ text: String, _ part: String) {
    let error = #expect(throws: CronError.self) { try CronExpression(text) }
    #expect(error?.message.contains(part) == true, "\(error?.message ?? "")")
  }

  @Test func theThirtyFirstOfFebruaryIsFineBesideAWeekday() throws {
    let start = try Date("2026-01-01T00:00:00Z", strategy: .iso8601)
    let next = try CronExpression("0 0 31 2 MON").next(after: start, in: .gmt)
    #expect(next == (try Date("2026-02-02T00:00:00Z", strategy: .iso8601)))
  }
}
