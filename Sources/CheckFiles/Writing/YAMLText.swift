import Domain

/// Writes the small part of YAML that check files use.
struct YAMLText {
  private(set) var text = ""
  private var indent = ""
  /// The next line starts a list entry.
  private var dash = false

  mutating func line(_ content: String) {
    if dash {
      text += String(indent.dropLast(2)) + "- " + content + "\n"
      dash = false
    } else {
      text += indent + content + "\n"
    }
  }

  mutating func raw(_ key: String, _ value: String) { line("\(key): \(value)") }

  mutating func field(_ key: String, _ value: String) {
    guard Self.suitsBlock(value) else { return raw(key, Self.quotedIfNeeded(value)) }
    line("\(key): |\(value.hasSuffix("\n") ? "" : "-")")
    let body = value.hasSuffix("\n") ? String(value.dropLast()) : value
    for content in body.split(separator: "\n", omittingEmptySubsequences: false) {
      text += content.isEmpty ? "\n" : "\(indent)  \(content)\n"
    }
  }

  mutating func optional(_ key: String, _ value: String) {
    if !value.isEmpty { field(key, value) }
  }

  mutating func texts(_ key: String, _ values: [String]) {
    if !values.isEmpty { raw(key, "[\(values.map(Self.quotedIfNeeded).joined(separator: ", "))]") }
  }

  mutating func mapping(_ key: String, _ values: [String: String]) {
    if values.isEmpty { return }
    line("\(key):")
    indented { text in
      for (name, value) in values.sorted(by: { $0.key < $1.key }) { text.field(Self.quotedIfNeeded(name), value) }
    }
  }

  mutating func indented(_ write: (inout YAMLText) -> Void) {
    let outer = indent
    indent += "  "
    write(&self)
    indent = outer
  }

  /// A mapping under `key`.
  mutating func nested(_ key: String, _ write: (inout YAMLText) -> Void) {
    line("\(key):")
    let outer = indent
    indent += "  "
    write(&self)
    indent = outer
  }

  mutating func list<Value>(_ key: String, _ values: [Value], _ write: (Value, inout YAMLText) -> Void) {
    if values.isEmpty { return }
    line("\(key):")
    let outer = indent
    indent += "    "
    for value in values {
      dash = true
      write(value, &self)
    }
    indent = outer
  }

  static func scalar(_ value: Scalar) -> String {
    if case .text(let text) = value { quotedIfNeeded(text) } else { value.description }
  }

  /// A block keeps lines as they are; it cannot hold a text that starts with a space, or ends with empty lines.
  private static func suitsBlock(_ text: String) -> Bool {
    guard text.contains("\n"), let first = text.first, !first.isWhitespace, !text.hasSuffix("\n\n") else {
      return false
    }
    return text.unicodeScalars.allSatisfy { $0 == "\n" || isPrintable($0) }
      && !text.split(separator: "\n").contains { $0.allSatisfy { $0 == " " } }
  }

  /// Plain when YAML cannot take it for anything but this very text, else in double quotes.
  static func quotedIfNeeded(_ text: String) -> String {
    isSafePlain(text) ? text : "\"" + text.unicodeScalars.map(escaped).joined() + "\""
  }

  private static func isSafePlain(_ text: String) -> Bool {
    guard let first = text.unicodeScalars.first,
      first.properties.isAlphabetic || first == "/" || first == "_" || first == "." && text.hasPrefix("./")
    else { return false }
    let words: Set<String> = ["true", "false", "null", "yes", "no", "on", "off", "y", "n", "inf", "nan"]
    if words.contains(text.lowercased()) || text.hasSuffix(" ") || text.hasSuffix(":") { return false }
    if text.contains(": ") || text.contains(" #") { return false }
    return text.unicodeScalars.allSatisfy { isPrintable($0) && !"[]{},\"'&*!|>%@`".unicodeScalars.contains($0) }
  }

  private static func isPrintable(_ scalar: Unicode.Scalar) -> Bool {
    scalar.value >= 0x20 && scalar.value != 0x7F && !(0x80...0x9F).contains(scalar.value) && scalar.value != 0x2028
      && scalar.value != 0x2029 && scalar.value != 0xFEFF
  }

  private static func escaped(_ scalar: Unicode.Scalar) -> String {
    switch scalar {
    case "\"": return "\\\""
    case "\\": return "\\\\"
    case "\n": return "\\n"
    case "\t": return "\\t"
    case "\r": return "\\r"
    default:
      if isPrintable(scalar) { return String(scalar) }
      let digits = String(scalar.value, radix: 16, uppercase: true)
      return "\\U" + String(repeating: "0", count: 8 - digits.count) + digits
    }
  }
}
