import Domain

/// Writes Arrow's dates, times and decimals as people do.
enum ArrowTime {
  /// `2024-02-29`, from days since 1970-01-01. The greatest and least numbers are DuckDB's infinities.
  static func date(days: Int64) -> String {
    if days >= Int64(Int32.max) { return "infinity" }
    if days <= -Int64(Int32.max) { return "-infinity" }
    // Counted in eras of 400 years from March, so that the leap day comes last.
    let shifted = days + 719_468
    let era = floorDivide(shifted, 146_097)
    let dayOfEra = shifted - era * 146_097
    let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let monthFromMarch = (5 * dayOfYear + 2) / 153
    let day = dayOfYear - (153 * monthFromMarch + 2) / 5 + 1
    let month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9
    let year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
    return "\(year < 0 ? "-" : "")\(padded(abs(year), 4))-\(padded(month, 2))-\(padded(day, 2))"
  }

  /// `12:30:00.5`, from a count of `s`, `m`illi, micro (`u`) or `n`anoseconds since midnight.
  static func time(_ count: Int64, unit: UInt8) -> String {
    let perSecond = unitsPerSecond(unit)
    let seconds = floorDivide(count, perSecond)
    let fraction = count - seconds * perSecond
    let clock = "\(padded(seconds / 3600, 2)):\(padded(seconds / 60 % 60, 2)):\(padded(seconds % 60, 2))"
    return clock + decimals(fraction, of: perSecond)
  }

  /// `2024-05-01T12:00:00`, with `+00:00` when it is a moment and not a reading of a clock.
  static func timestamp(_ count: Int64, unit: UInt8, isZoned: Bool) -> String {
    if count == .max { return "infinity" }
    if count <= -Int64.max { return "-infinity" }
    let perDay = 86_400 * unitsPerSecond(unit)
    let days = floorDivide(count, perDay)
    return date(days: days) + "T" + time(count - days * perDay, unit: unit) + (isZoned ? "+00:00" : "")
  }

  /// `PT90.5S`.
  static func duration(_ count: Int64, unit: UInt8) -> String {
    let perSecond = unitsPerSecond(unit)
    let sign = count < 0 ? "-" : ""
    let magnitude = count.magnitude
    let fraction = Int64(magnitude % UInt64(perSecond))
    return "\(sign)PT\(magnitude / UInt64(perSecond))\(decimals(fraction, of: perSecond))S"
  }

  /// `P1M2DT3S`.
  static func interval(months: Int32, days: Int32, nanoseconds: Int64) -> String {
    var text = "P"
    if months != 0 { text += "\(months)M" }
    if days != 0 { text += "\(days)D" }
    let seconds = duration(nanoseconds, unit: UInt8(ascii: "n"))
    if nanoseconds != 0 { text += seconds.hasPrefix("-") ? "T-" + seconds.dropFirst(3) : String(seconds.dropFirst(1)) }
    return text == "P" ? "PT0S" : text
  }

  /// `-0.05`, from the digits of an integer.
  static func decimal(_ digits: String, scale: Int) -> String {
    if scale <= 0 { return digits + (digits == "0" ? "" : String(repeating: "0", count: -scale)) }
    let isNegative = digits.hasPrefix("-")
    var number = isNegative ? String(digits.dropFirst()) : digits
    if number.utf8.count <= scale { number = String(repeating: "0", count: scale + 1 - number.utf8.count) + number }
    return (isNegative ? "-" : "") + number.dropLast(scale) + "." + number.suffix(scale)
  }

  static func uuid(_ bytes: [UInt8]) -> String {
    let digits = Cell.binary(bytes).text.dropFirst(2)
    var text = ""
    for (index, digit) in digits.enumerated() {
      if [8, 12, 16, 20].contains(index) { text += "-" }
      text.append(digit)
    }
    return text
  }

  /// IEEE 754 binary16, which Swift has no type for on every processor.
  static func half(_ bits: UInt16) -> Float {
    let sign: Float = bits >> 15 == 0 ? 1 : -1
    let exponent = Int(bits >> 10 & 31)
    let fraction = Float(bits & 1023)
    switch exponent {
    case 0: return sign * fraction / 16_777_216
    case 31: return fraction == 0 ? sign * .infinity : .nan
    default: return sign * (1 + fraction / 1024) * Float(sign: .plus, exponent: exponent - 15, significand: 1)
    }
  }

  private static func unitsPerSecond(_ unit: UInt8) -> Int64 {
    switch unit {
    case UInt8(ascii: "s"): 1
    case UInt8(ascii: "m"): 1000
    case UInt8(ascii: "u"): 1_000_000
    default: 1_000_000_000
    }
  }

  private static func decimals(_ fraction: Int64, of perSecond: Int64) -> String {
    if fraction == 0 { return "" }
    var text = padded(fraction, "\(perSecond)".utf8.count - 1)
    while text.last == "0" { text.removeLast() }
    return "." + text
  }

  private static func floorDivide(_ number: Int64, _ divisor: Int64) -> Int64 {
    number / divisor - (number % divisor < 0 ? 1 : 0)
  }

  private static func padded(_ number: Int64, _ width: Int) -> String {
    let text = "\(number)"
    return String(repeating: "0", count: max(0, width - text.utf8.count)) + text
  }
}
