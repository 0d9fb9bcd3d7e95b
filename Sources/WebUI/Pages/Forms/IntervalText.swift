import Domain

extension Words {
  /// Whether all values of a column are intervals as ISO 8601 writes them, of rows that no longer know their types.
  static func areIntervals(_ cells: [Cell]) -> Bool {
    let texts = cells.filter { $0 != .null }
    return !texts.isEmpty
      && texts.allSatisfy { cell in
        if case .text(let text) = cell { interval(text) != nil } else { false }
      }
  }

  /// `1 day 2:00:00` of `P1DT2H`; `nil` of what is no interval in ISO 8601.
  static func interval(_ text: String) -> String? {
    guard text.utf8.count < 100, text.last != "P", text.last != "T", let parts = text.wholeMatch(of: pattern)?.output
    else { return nil }
    let dates = [(parts.1, "year"), (parts.2, "month"), (parts.3, "week"), (parts.4, "day")].compactMap { part, unit in
      part.map { "\($0) \($0 == "1" || $0 == "-1" ? unit : unit + "s")" }
    }
    guard parts.5 != nil || parts.6 != nil || parts.7 != nil else { return dates.joined(separator: " ") }
    guard let time = clock(parts.5 ?? "0", parts.6 ?? "0", parts.7 ?? "0") else { return nil }
    return (dates + [time]).joined(separator: " ")
  }

  /// `-2:05:30.5`; `nil` of parts with different signs, for which one sign would be wrong.
  private static func clock(_ hours: Substring, _ minutes: Substring, _ seconds: Substring) -> String? {
    let second = seconds.split(separator: ".")
    let whole = [hours, minutes, second[0]].compactMap { Int($0) }
    guard whole.count == 3, whole.allSatisfy({ $0.magnitude < 1_000_000_000_000 }) else { return nil }
    let isNegative = [hours, minutes, seconds].contains { $0.hasPrefix("-") }
    if isNegative, ![hours, minutes, seconds].allSatisfy({ $0.hasPrefix("-") || $0 == "0" }) { return nil }
    let total = abs(whole[0]) * 3600 + abs(whole[1]) * 60 + abs(whole[2])
    func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
    let fraction = second.count > 1 ? ".\(second[1])" : ""
    return "\(isNegative ? "-" : "")\(total / 3600):\(two(total / 60 % 60)):\(two(total % 60))\(fraction)"
  }

  private static var pattern:
    Regex<(Substring, Substring?, Substring?, Substring?, Substring?, Substring?, Substring?, Substring?)>
  {
    /P(?:(-?\d+)Y)?(?:(-?\d+)M)?(?:(-?\d+)W)?(?:(-?\d+)D)?(?:T(?:(-?\d+)H)?(?:(-?\d+)M)?(?:(-?\d+(?:\.\d+)?)S)?)?/
  }
}
