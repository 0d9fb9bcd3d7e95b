/// Cuts texts to what a receiver takes. Counts in what the receiver counts in, never in characters as people see them:
/// one of those may be of any length.
enum TextLimit {
  static let mark = "…"

  /// At most `limit` UTF-16 units, which is never less than what services call characters.
  static func cut(_ text: String, utf16 limit: Int) -> String {
    text.utf16.count <= limit ? text : cut(text, to: limit, mark: 1) { $0.utf16.count }
  }

  /// At most `limit` bytes of UTF-8.
  static func cut(_ text: String, utf8 limit: Int) -> String {
    text.utf8.count <= limit ? text : cut(text, to: limit, mark: 3) { $0.utf8.count }
  }

  private static func cut(
    _ text: String, to limit: Int, mark markSize: Int, size: (Unicode.Scalar) -> Int
  ) -> String {
    guard limit > markSize else { return "" }
    var result = String.UnicodeScalarView()
    var used = markSize
    for scalar in text.unicodeScalars {
      used += size(scalar)
      if used > limit { break }
      result.append(scalar)
    }
    return String(result) + mark
  }

  /// Cuts a text in which `&`, `<` and `>` are written as entities, without leaving half of one.
  static func cut(escaped text: String, utf16 limit: Int) -> String {
    guard text.utf16.count > limit else { return text }
    var cut = cut(text, utf16: limit).dropLast()
    if let start = cut.lastIndex(of: "&"), !cut[start...].contains(";"), cut[start...].utf8.count < 8 {
      cut = cut[..<start]
    }
    return cut + mark
  }

  /// Without what no reader sees and what turns the direction of a line: control characters other than line breaks
  /// and tabs become spaces.
  static func clean(_ text: String) -> String {
    guard text.unicodeScalars.contains(where: { isHidden($0) || $0 == "\r" }) else { return text }
    var result = String.UnicodeScalarView()
    var last: Unicode.Scalar = " "
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\r": result.append("\n")
      case "\n" where last == "\r": break
      case _ where isHidden(scalar): result.append(" ")
      default: result.append(scalar)
      }
      last = scalar
    }
    return String(result)
  }

  /// `clean`, and on one line.
  static func oneLine(_ text: String) -> String {
    clean(text).split(whereSeparator: { $0.isNewline || $0 == "\t" || $0 == " " }).joined(separator: " ")
  }

  private static func isHidden(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0x0A, 0x0D, 0x09: false
    case 0...0x1F, 0x7F...0x9F, 0x2028...0x202E, 0x2066...0x2069, 0xFEFF, 0xFFF9...0xFFFB: true
    case 0xFFFE, 0xFFFF: true
    default: false
    }
  }
}
