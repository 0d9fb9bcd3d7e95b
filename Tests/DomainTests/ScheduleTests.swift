import Domain
import Foundation
import Testing

@Suite struct ScheduleTests {
  @Test(arguments: [
    ("every 15 minutes", "every 15 minutes", "every 15 minutes"), ("EVERY  minute", "every minute", "every minute"),
    ("every 1 minute", "every minute", "every minute"), ("every 60 min", "every hour", "every hour"),
    ("every 2 hours", "every 2 hours", "every 2 hours"), ("every day", "@daily", "every day at 00:00"),
    ("every week", "@weekly", "at 00:00 on Sunday"), ("every 2 days", "every 48 hours", "every 48 hours"),
    ("*/5 * * * *", "*/5 * * * *", "every 5 minutes"), ("@hourly", "@hourly", "every hour"),
    ("5 * * * *", "5 * * * *", "every hour at minute 5"), ("* * * * *", "* * * * *", "every minute"),
    ("0 */6 * * *", "0 */6 * * *", "every 6 hours"), ("30 9 * * *", "30 9 * * *", "every day at 09:30"),
    ("0 9,17 * * *", "0 9,17 * * *", "every day at 09:00 and 17:00"),
    ("0 9 * * MON", "0 9 * * MON", "at 09:00 on Monday"),
    ("0 9 * * 1-5", "0 9 * * 1-5", "at 09:00 from Monday to Friday"),
    ("0 9 * * SAT-SUN", "0 9 * * SAT-SUN", "at 09:00 on Saturday and Sunday"),
    ("0 9 1,15 * *", "0 9 1,15 * *", "at 09:00 on day 1 and 15 of the month"),
    ("*/7 * * * *", "*/7 * * * *", "*/7 * * * *"), ("0 9 1 * MON", "0 9 1 * MON", "0 9 1 * MON"),
    ("* 9 * * *", "* 9 * * *", "* 9 * * *"), ("0 0 1 1 *", "0 0 1 1 *", "0 0 1 1 *"),
  ])
  func readsWhatPeopleWrite(_ text: String, _ written: String, _ sentence: String) throws {
    let schedule = try Schedule.parse(text: text, timeZone: "Europe/Lisbon")
    #expect(schedule.text == written)
    #expect(schedule.sentence == sentence)
    #expect(try Schedule.parse(text: schedule.text, timeZone: "Europe/Lisbon") == schedule)
    let stored = try JSONDecoder().decode(Schedule.self, from: try JSONEncoder().encode(schedule))
    #expect(stored == schedule)
  }

  @Test(arguments: [
    ("", "a schedule is needed"), ("every", "is no pause"), ("every x minutes", "is no pause"),
    ("every 5 parsecs", "is no pause"), ("every 0 minutes", "1 to 10,080"), ("every -5 minutes", "1 to 10,080"),
    ("every 10081 minutes", "1 to 10,080"), ("every 9223372036854775807 hours", "1 to 10,080"),
    ("nonsense", "five fields"),
  ])
  func refusesWhatItCannotRead(_ text: String, _ part: String) {
    let error = #expect(throws: ScheduleError.self) { try Schedule.parse(text: text) }
    #expect(error?.part == .text)
    #expect(error?.message.contains(part) == true, "\(error?.message ?? "")")
  }

  @Test(arguments: [
    ("Europe/Lisbo", "Is Europe/Lisbon meant?"), ("lisbon", "Is Europe/Lisbon meant?"),
    ("new york", "Is America/New_York meant?"), ("utc", "Is UTC meant?"), ("europe/lisbon", "Is Europe/Lisbon meant?"),
    ("", "a time zone is needed"), ("Mars/Olympus", "Write an IANA name"), ("GMT+3", "there is no time zone"),
    ("../../etc/passwd", "there is no time zone"),
  ])
  func aTimeZoneThatDoesNotExistIsNamed(_ name: String, _ part: String) {
    let error = #expect(throws: ScheduleError.self) { try Schedule.parse(text: "@daily", timeZone: name) }
    #expect(error?.part == .timeZone)
    #expect(error?.message.contains(part) == true, "\(error?.message ?? "")")
  }

  @Test(arguments: ["Europe/Lisbon", "UTC", "Asia/Kolkata", "America/Argentina/Buenos_Aires"])
  func timeZonesOfTheWorldAreKnown(_ name: String) throws {
    #expect(try Schedule.parse(text: "0 12 * * *", timeZone: name).next(after: Date(timeIntervalSince1970: 0)) != nil)
  }

  @Test func pausesCountFromMidnightInGreenwich() throws {
    let time = try Date("2026-05-05T10:07:30Z", strategy: .iso8601)
    #expect(try Schedule(.everyMinutes(15)).next(after: time) == Date("2026-05-05T10:15:00Z", strategy: .iso8601))
    let exact = try Date("2026-05-05T10:15:00Z", strategy: .iso8601)
    #expect(try Schedule(.everyMinutes(15)).next(after: exact) == exact + 900)
  }

  @Test func aStoredZoneThatVanishedIsAnErrorAndNoCrash() {
    let schedule = Schedule(.everyMinutes(0), timeZone: "Nowhere/Land")
    #expect(throws: ScheduleError.self) { try schedule.validate() }
    #expect(throws: ScheduleError.self) { try Schedule(.everyMinutes(0)).validate() }
  }
}
