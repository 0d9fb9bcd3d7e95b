/// One of cron's five fields: which numbers and names it takes.
enum CronField: String, CaseIterable {
  case minute
  case hour
  case dayOfMonth = "day of month"
  case month
  case dayOfWeek = "day of week"

  /// What may be written; 7 is a second way to write Sunday.
  var range: ClosedRange<Int> {
    switch self {
    case .minute: 0...59
    case .hour: 0...23
    case .dayOfMonth: 1...31
    case .month: 1...12
    case .dayOfWeek: 0...7
    }
  }

  /// Three-letter names; the first one stands for `firstNamed`.
  var names: [String] {
    switch self {
    case .month: ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"]
    case .dayOfWeek: ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"]
    case .minute, .hour, .dayOfMonth: []
    }
  }

  private var firstNamed: Int { self == .month ? 1 : 0 }

  private var allowed: String {
    switch self {
    case .month: "1-12 or JAN-DEC"
    case .dayOfWeek: "0-7 (0 and 7 are Sunday) or SUN-SAT"
    case .minute, .hour, .dayOfMonth: "\(range.lowerBound)-\(range.upperBound)"
    }
  }

  /// The numbers that `text` lets through, as bits; Sunday is bit 0 only.
  func bits(of text: String) throws(CronError) -> UInt64 {
    var bits: UInt64 = 0
    for term in text.split(separator: ",", omittingEmptySubsequences: false) {
      bits |= try termBits(String(term), in: text)
    }
    if self == .dayOfWeek, bits & (1 << 7) != 0 { bits = (bits | 1) & 0x7F }
    return bits
  }

  private func termBits(_ term: String, in text: String) throws(CronError) -> UInt64 {
    if term.isEmpty { throw problem("has an empty part in '\(text)'. Write a list without gaps, as in 1,2") }
    let parts = term.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
    if parts.count > 2 { throw problem("has more than one step in '\(term)'. Write one, as in */5") }
    let step = parts.count == 2 ? try step(parts[1], of: term) : 1
    var bits: UInt64 = 0
    for (place, value) in try values(parts[0], hasStep: parts.count == 2).enumerated() where place % step == 0 {
      bits |= 1 << UInt64(value)
    }
    return bits
  }

  /// The values of `*`, `4`, `1-5`; with a step, a single number means from there to the end.
  private func values(_ text: String, hasStep: Bool) throws(CronError) -> [Int] {
    if text == "*" { return Array(range) }
    let ends = text.split(separator: "-", omittingEmptySubsequences: false).map(String.init)
    if ends.count > 2 { throw problem("does not understand the range '\(text)'. Write it as FROM-TO") }
    let low = try number(ends[0])
    guard ends.count == 2 else { return hasStep ? Array(low...range.upperBound) : [low] }
    let high = try number(ends[1])
    if low <= high { return Array(low...high) }
    if self == .dayOfWeek { return Array(low...6) + Array(0...high) }
    throw problem(
      "has a range that ends before it begins, '\(text)'. Write \(low)-\(range.upperBound),\(range.lowerBound)-\(high)")
  }

  private func step(_ text: String, of term: String) throws(CronError) -> Int {
    guard let step = Self.digits(text), step > 0 else {
      throw problem("has a step that is not a number above 0 in '\(term)'. Write it as */5")
    }
    let count = self == .dayOfWeek ? 7 : range.count
    if step > count {
      let hint = self == .minute ? ". For a longer pause write 'every \(step) minutes'" : ""
      throw problem("has a step of \(step), which never comes round: at most \(count)\(hint)")
    }
    return step
  }

  private func number(_ text: String) throws(CronError) -> Int {
    if let place = names.firstIndex(of: text.uppercased()) { return firstNamed + place }
    if let value = Self.digits(text), range.contains(value) { return value }
    if text.isEmpty { throw problem("has a range without a beginning or an end. Write it as FROM-TO") }
    if !names.isEmpty, let near = Spelling.nearest(to: text, among: names), text.contains(where: \.isLetter) {
      throw problem("does not know '\(text)'. It takes \(allowed). Is \(near) meant?")
    }
    throw problem("does not know '\(text)'. It takes \(allowed), '*', lists, ranges and steps")
  }

  /// Plain ASCII digits, at most 9 of them.
  private static func digits(_ text: String) -> Int? {
    guard !text.isEmpty, text.utf8.count <= 9, text.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
    return Int(text)
  }

  private func problem(_ text: String) -> CronError { CronError("the field '\(rawValue)' \(text)") }
}
