extension Schedule {
  /// For people: `every 5 minutes`, `at 09:00 on Monday`; the text itself when no short sentence says it.
  package var sentence: String {
    switch rhythm {
    case .everyMinutes: text
    case .cron(let expression): expression.sentence ?? expression.text
    }
  }
}

extension CronExpression {
  fileprivate var sentence: String? {
    guard let fields = try? Self.fields(of: text), fields[3] == "*" else { return nil }
    if fields[1...4].allSatisfy({ $0 == "*" }) { return everySoManyMinutes(fields[0]) }
    if fields[2...4].allSatisfy({ $0 == "*" }), let step = Self.step(fields[1], dividing: 24), fields[0] == "0" {
      return step == 1 ? "every hour" : "every \(step) hours"
    }
    guard let times, let days = days(fields) else { return nil }
    return fields[2] == "*" && fields[4] == "*" ? "every day at \(times)" : "at \(times) \(days)"
  }

  private func everySoManyMinutes(_ field: String) -> String? {
    if let step = Self.step(field, dividing: 60) { return step == 1 ? "every minute" : "every \(step) minutes" }
    guard minutes.nonzeroBitCount == 1 else { return nil }
    let minute = minutes.trailingZeroBitCount
    return minute == 0 ? "every hour" : "every hour at minute \(minute)"
  }

  /// `5` of `*/5` when the steps are even around the clock, 1 of `*`.
  private static func step(_ field: String, dividing whole: Int) -> Int? {
    if field == "*" { return 1 }
    guard field.hasPrefix("*/"), let step = Int(field.dropFirst(2)), whole % step == 0, step < whole else { return nil }
    return step
  }

  /// `09:00 and 17:00`, when there are at most three.
  private var times: String? {
    guard minutes.nonzeroBitCount == 1, (1...3).contains(hours.nonzeroBitCount) else { return nil }
    let minute = minutes.trailingZeroBitCount
    return WordList.text(hours.numbers.map { Self.twoDigits($0) + ":" + Self.twoDigits(minute) })
  }

  private func days(_ fields: [String]) -> String? {
    switch (fields[2], fields[4]) {
    case ("*", "*"): ""
    case ("*", let field) where !field.hasPrefix("*"): weekdays
    case (let field, "*") where !field.hasPrefix("*") && daysOfMonth.nonzeroBitCount <= 3:
      "on day \(WordList.text(daysOfMonth.numbers.map(String.init))) of the month"
    default: nil
    }
  }

  private var weekdays: String {
    if daysOfWeek == 0b011_1110 { return "from Monday to Friday" }
    let names = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"]
    // The week begins on Monday for people, on Sunday for cron.
    let order = [1, 2, 3, 4, 5, 6, 0].filter { daysOfWeek.has($0) }
    return "on " + WordList.text(order.map { names[$0] })
  }

  private static func twoDigits(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
}

extension UInt64 {
  /// The bits that are set, lowest first.
  fileprivate var numbers: [Int] { (0..<64).filter { has($0) } }
}
