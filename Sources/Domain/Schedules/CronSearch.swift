package import Foundation

extension CronExpression {
  /// The first moment after `time` at which it is due in `timeZone`; `nil` when there is none within forty years.
  ///
  /// When clocks go forward, a job with a fixed minute and hour that falls in the skipped time is due at the jump;
  /// when they go back, it is due the first time only. A job whose minute or hour starts with `*` follows real time:
  /// nothing in the skipped hour, twice in the repeated one.
  package func next(after time: Date, in timeZone: TimeZone) -> Date? {
    let seconds = time.timeIntervalSince1970.rounded(.down)
    guard abs(seconds) < 1e11 else { return nil }
    let clock = WallClock(timeZone: timeZone)
    let found =
      followsRealTime ? nextInRealTime(after: Int(seconds), clock) : nextOnTheWall(after: Int(seconds), clock)
    return found.map { Date(timeIntervalSince1970: Double($0)) }
  }

  private static let horizonInYears = 40

  /// Walks along the wall clock's readings and asks at which instant each is shown.
  private func nextOnTheWall(after instant: Int, _ clock: WallClock) -> Int? {
    var reading = clock.reading(at: instant).floored(by: 60) * 60
    while let next = nextReading(after: reading) {
      let due = clock.instant(showing: next)
      // Not so in the second half of a repeated hour: the job was due in the first.
      if due > instant { return due }
      reading = next
    }
    return nil
  }

  private func nextReading(after reading: Int) -> Int? {
    let minute = reading.floored(by: 60) + 1
    let day = minute.floored(by: 1440)
    if fits(day: day), let time = nextTime(from: minute - day * 1440) { return (day * 1440 + time) * 60 }
    guard let day = nextDay(from: day + 1), let time = nextTime(from: 0) else { return nil }
    return (day * 1440 + time) * 60
  }

  /// The first minute of the day, not before `minute`, that fits minute and hour.
  private func nextTime(from minute: Int) -> Int? {
    guard minute < 1440 else { return nil }
    let hour = minute / 60
    if hours.has(hour), let minute = minutes.next(from: minute % 60) { return hour * 60 + minute }
    guard let hour = hours.next(from: hour + 1), let minute = minutes.next(from: 0) else { return nil }
    return hour * 60 + minute
  }

  /// Walks along real time and asks what the clock shows.
  private func nextInRealTime(after start: Int, _ clock: WallClock) -> Int? {
    let limit = start + Self.horizonInYears * 366 * 86_400
    var instant = start + 60 - clock.reading(at: start).remainder(by: 60)
    while instant <= limit {
      let reading = clock.reading(at: instant)
      let day = reading.floored(by: 86_400)
      guard fits(day: day) else {
        guard let next = nextDay(from: day + 1) else { return nil }
        instant = max(clock.instant(showing: next * 86_400), instant + 60)
        continue
      }
      let wait = secondsToNextTry(reading - day * 86_400)
      if wait == 0 { return instant }
      instant = step(from: instant, by: wait, clock)
    }
    return nil
  }

  /// 0 when `second` of the day is due, else how long until the next minute that may be, or until the next hour.
  private func secondsToNextTry(_ second: Int) -> Int {
    let minute = second / 60 % 60
    if hours.has(second / 3600), let next = minutes.next(from: minute) { return (next - minute) * 60 }
    return 3600 - second % 3600
  }

  /// Stops at a change of the clock on the way, where the reading is another one.
  private func step(from instant: Int, by wait: Int, _ clock: WallClock) -> Int {
    let target = instant + wait
    if clock.offset(at: target) == clock.offset(at: instant) { return target }
    return clock.transition(from: instant, to: target)
  }

  /// The first day, not before `number`, that fits month, day of month and day of week.
  private func nextDay(from number: Int) -> Int? {
    var date = CivilDate(dayNumber: number)
    let lastYear = date.year + Self.horizonInYears
    while date.year <= lastYear {
      if months.has(date.month) {
        let first = date.dayNumber
        let last = first - date.day + CivilDate.days(inMonth: date.month, of: date.year)
        if let day = (first...last).first(where: { fitsDays($0, day: $0 - first + date.day) }) { return day }
      }
      date =
        date.month == 12
        ? CivilDate(year: date.year + 1, month: 1, day: 1)
        : CivilDate(year: date.year, month: date.month + 1, day: 1)
    }
    return nil
  }

  private func fits(day number: Int) -> Bool {
    let date = CivilDate(dayNumber: number)
    return months.has(date.month) && fitsDays(number, day: date.day)
  }

  private func fitsDays(_ number: Int, day: Int) -> Bool {
    let fitsMonth = daysOfMonth.has(day)
    let fitsWeek = daysOfWeek.has(CivilDate.dayOfWeek(dayNumber: number))
    return needsBothDays ? fitsMonth && fitsWeek : fitsMonth || fitsWeek
  }
}

extension UInt64 {
  /// Whether bit `number` is set.
  func has(_ number: Int) -> Bool { self & (1 << UInt64(number)) != 0 }

  /// The first bit that is set, not before `number`.
  func next(from number: Int) -> Int? {
    guard number < 64 else { return nil }
    let rest = self >> UInt64(number)
    return rest == 0 ? nil : number + rest.trailingZeroBitCount
  }
}
