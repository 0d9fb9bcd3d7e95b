/// How long something lasts, as people write it: `90s`, `10m`, `1h 30m`, `7d`, `2w`.
package enum DurationText {
  private static let units: [(name: String, seconds: Double)] = [
    ("w", 604_800), ("d", 86_400), ("h", 3600), ("m", 60), ("s", 1),
  ]
  private static let words = [
    "second": "s", "sec": "s", "minute": "m", "min": "m", "hour": "h", "day": "d", "week": "w",
  ]

  /// Reads what `write` writes, and words such as `10 minutes`; `nil` when it is no duration.
  package static func seconds(_ text: String) -> Double? {
    var total: Double = 0
    var rest = Substring(text.lowercased())
    var parts = 0
    while true {
      rest = rest.drop { $0 == " " || $0 == "," }
      if rest.isEmpty { break }
      let digits = rest.prefix { ("0"..."9").contains($0) || $0 == "." }
      rest = rest.dropFirst(digits.count).drop { $0 == " " }
      let word = rest.prefix { $0.isLetter }
      rest = rest.dropFirst(word.count)
      guard let number = Double(digits), let unit = unit(String(word)) else { return nil }
      total += number * unit
      parts += 1
    }
    return parts > 0 && total.isFinite ? total : nil
  }

  private static func unit(_ word: String) -> Double? {
    let singular = word.count > 1 && word.hasSuffix("s") ? String(word.dropLast()) : word
    let name = words[singular] ?? singular
    return units.first { $0.name == name }?.seconds
  }

  /// `1h 30m`; `0s` for nothing. Fractions of a second are dropped from longer times, and what is below a thousandth
  /// from shorter ones.
  package static func write(_ seconds: Double) -> String {
    if seconds > 0, seconds < 1 { return "\(max(1, (seconds * 1000).rounded(.down)) / 1000)s" }
    var rest = seconds.rounded(.down)
    var parts: [String] = []
    for unit in units where unit.name != "w" {
      let count = (rest / unit.seconds).rounded(.down)
      guard count > 0 else { continue }
      parts.append("\(Int(count))\(unit.name)")
      rest -= count * unit.seconds
    }
    return parts.isEmpty ? "0s" : parts.joined(separator: " ")
  }
}
