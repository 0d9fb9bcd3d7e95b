import Foundation

/// Five cron fields (minute, hour, day of month, month, day of week), or a nickname such as `@hourly`.
///
/// What the fields mean is what Debian's cron makes of them: when both day fields are restricted a day that fits
/// either of them is taken; when one of them starts with `*` (also `*/2`), a day must fit both.
package struct CronExpression: Hashable, Sendable {
  /// As the user wrote it.
  package let text: String

  /// Bit `n` is set when the number `n` is let through.
  let minutes: UInt64
  let hours: UInt64
  let daysOfMonth: UInt64
  let months: UInt64
  /// Sunday is bit 0.
  let daysOfWeek: UInt64
  /// A day must fit both day fields.
  let needsBothDays: Bool
  /// Minute or hour starts with `*`: it follows real time through a change to or from daylight-saving time.
  let followsRealTime: Bool

  package init(_ text: String) throws(CronError) {
    self.text = text.trimmingCharacters(in: .whitespacesAndNewlines)
    let fields = try Self.fields(of: self.text)
    minutes = try CronField.minute.bits(of: fields[0])
    hours = try CronField.hour.bits(of: fields[1])
    daysOfMonth = try CronField.dayOfMonth.bits(of: fields[2])
    months = try CronField.month.bits(of: fields[3])
    daysOfWeek = try CronField.dayOfWeek.bits(of: fields[4])
    needsBothDays = fields[2].hasPrefix("*") || fields[4].hasPrefix("*")
    followsRealTime = fields[0].hasPrefix("*") || fields[1].hasPrefix("*")
    if needsBothDays, !hasPossibleDay {
      throw CronError(
        "the day \(daysOfMonth.trailingZeroBitCount) never comes in the month '\(fields[3])'. Choose an earlier day")
    }
  }

  private static let nicknames = [
    "@hourly": "0 * * * *", "@daily": "0 0 * * *", "@midnight": "0 0 * * *", "@weekly": "0 0 * * 0",
    "@monthly": "0 0 1 * *", "@yearly": "0 0 1 1 *", "@annually": "0 0 1 1 *",
  ]

  /// The five fields, the nicknames spelled out.
  static func fields(of text: String) throws(CronError) -> [String] {
    var text = text
    if text.hasPrefix("@") {
      guard let spelledOut = nicknames[text.lowercased()] else { throw unknownNickname(text) }
      text = spelledOut
    }
    let fields = text.split(whereSeparator: \.isWhitespace).map(String.init)
    if fields.count == 5 { return fields }
    let extra = fields.count > 5 ? ". Seconds and years are not supported" : ""
    throw CronError(
      "cron has five fields, minute, hour, day of month, month and day of week; '\(text)' has \(fields.count)\(extra)")
  }

  private static func unknownNickname(_ text: String) -> CronError {
    let all = nicknames.keys.sorted().joined(separator: ", ")
    let near = Spelling.nearest(to: text, among: nicknames.keys.sorted()).map { ". Is \($0) meant?" } ?? ""
    return CronError("there is no '\(text)'. There are \(all)\(near)")
  }

  private var hasPossibleDay: Bool {
    let longest = (1...12).filter { months & (1 << UInt64($0)) != 0 }
      .map { CivilDate.days(inMonth: $0, of: 2000) }.max()
    return daysOfMonth.trailingZeroBitCount <= longest ?? 31
  }
}

/// What is wrong with a cron expression and how to mend it.
package struct CronError: Error, Hashable, Sendable {
  package var message: String

  package init(_ message: String) { self.message = message }
}

extension CronExpression: Codable {
  package init(from decoder: any Decoder) throws {
    try self.init(try decoder.singleValueContainer().decode(String.self))
  }

  package func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(text)
  }
}
