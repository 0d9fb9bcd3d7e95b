/// Numbers as people read them. What programs read keeps every digit.
package enum NumberText {
  /// Digits after the point that are shown.
  static let digits = 4

  /// `1,204 rows`, `1 row`, `0.5%`; a bare number where there is no unit. `number` is as it is shown.
  package static func counted(_ number: String, _ unit: String) -> String {
    unit.isEmpty || unit == "%" ? number + unit : "\(number) \(singular(unit, of: number))"
  }

  /// `row` of 1, `rows` of others.
  static func singular(_ unit: String, of number: String) -> String {
    number == "1" && unit.hasSuffix("s") ? String(unit.dropLast()) : unit
  }

  /// `-1,234,567`, `1,234.5`; what is no number stays as it is.
  package static func grouped(_ text: String) -> String {
    let sign = text.hasPrefix("-") ? "-" : ""
    let parts = text.dropFirst(sign.count).split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
    guard let digits = parts.first, parts.allSatisfy({ !$0.isEmpty && $0.allSatisfy { $0.isASCII && $0.isNumber } })
    else { return text }
    var grouped = sign
    for (index, digit) in digits.enumerated() {
      if index > 0, (digits.count - index).isMultiple(of: 3) { grouped.append(",") }
      grouped.append(digit)
    }
    return parts.count == 2 ? "\(grouped).\(parts[1])" : grouped
  }

  /// At most four digits after the point, rounded, without zeros at the end: `275.55`. A number that would look like
  /// a whole one, and is none, keeps as many more as it needs: 99.99999 is not 100.
  package static func short(_ text: String) -> String { short(text) { _ in true } }

  /// The same with as many more digits as it takes until the number, as it is shown, `agrees` with what is said of it:
  /// 0.30000000000000004 is not 0.3.
  package static func short(_ text: String, agrees: (ExactDecimal) -> Bool) -> String {
    let sign = text.hasPrefix("-") ? "-" : ""
    let parts = text.dropFirst(sign.count).split(separator: ".", omittingEmptySubsequences: false)
    guard parts.count == 2, !parts[0].isEmpty, parts.allSatisfy({ $0.utf8.allSatisfy { (0x30...0x39).contains($0) } })
    else { return text }
    var fraction = parts[1]
    while fraction.last == "0" { fraction.removeLast() }
    if fraction.isEmpty { return sign + parts[0] }
    for count in digits..<max(digits, fraction.count) {
      let rounded = round(parts[0], fraction.prefix(count), next: fraction.dropFirst(count).first)
      if rounded.contains("."), ExactDecimal(sign + rounded).map(agrees) ?? true { return sign + rounded }
    }
    return "\(sign)\(parts[0]).\(fraction)"
  }

  /// Without an exponent, `0.000033` for `3.3e-05`, where that does not take more than a line.
  package static func plain(_ text: String) -> String {
    guard text.contains("e"), let number = ExactDecimal(text)?.description, number.count <= 40 else { return text }
    return number
  }

  /// Half away from zero.
  private static func round(_ whole: Substring, _ fraction: Substring, next: Character?) -> String {
    var all = Array((String(whole) + fraction).utf8)
    if let next, next >= "5" {
      var index = all.count - 1
      while index >= 0, all[index] == 0x39 {
        all[index] = 0x30
        index -= 1
      }
      if index >= 0 { all[index] += 1 } else { all.insert(0x31, at: 0) }
    }
    let text = String(decoding: all, as: UTF8.self)
    var tail = text.suffix(fraction.count)
    while tail.last == "0" { tail.removeLast() }
    let head = text.dropLast(fraction.count)
    return tail.isEmpty ? String(head) : "\(head).\(tail)"
  }
}
