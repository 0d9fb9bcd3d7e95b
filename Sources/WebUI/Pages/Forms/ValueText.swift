import Domain
import Foundation

/// Literals as a person types them in one line: `PT, ES, 12.5, null, "12", "a, b", 'c, d'`.
///
/// Numbers, `true`, `false` and `null` are what they look like; in quotes of either kind, as people know them from CSV and
/// from SQL, anything is text, and a quote is written twice.
enum ValueText {
  static func scalar(_ text: String) -> Scalar {
    let text = text.trimmingCharacters(in: .whitespaces)
    for quote in ["\"", "'"] where text.count >= 2 && text.hasPrefix(quote) && text.hasSuffix(quote) {
      return .text(String(text.dropFirst().dropLast()).replacing(quote + quote, with: quote))
    }
    switch text {
    case "null", "NULL": return .null
    case "true": return .boolean(true)
    case "false": return .boolean(false)
    default: return ExactDecimal(text).map(Scalar.number) ?? .text(text)
    }
  }

  /// Empty entries are left out; `nil` when a quote has no end.
  static func list(_ text: String) -> [Scalar]? {
    guard let parts = split(text) else { return nil }
    return parts.map { $0.trimmingCharacters(in: .whitespacesAndNewlines) }.filter { !$0.isEmpty }.map(scalar)
  }

  static func text(_ value: Scalar) -> String {
    guard case .text(let text) = value else { return value.description }
    let isPlain =
      scalar(text) == value && !text.isEmpty && !text.hasPrefix("'")
      && !text.contains(where: { ",\"".contains($0) || $0.isNewline })
      && text.first?.isWhitespace == false && text.last?.isWhitespace == false
    return isPlain ? text : "\"" + text.replacing("\"", with: "\"\"") + "\""
  }

  static func text(_ values: [Scalar]) -> String { values.map(text).joined(separator: ", ") }

  /// Names between commas, such as columns and tags; one with a comma in it stands between quotes.
  static func names(_ text: String) -> [String] {
    if text.contains("\""), let parts = split(text) {
      return parts.map { $0.trimmingCharacters(in: .whitespaces) }.filter { !$0.isEmpty }.map { part in
        guard part.count >= 2, part.hasPrefix("\""), part.hasSuffix("\"") else { return part }
        return String(part.dropFirst().dropLast()).replacing("\"\"", with: "\"")
      }
    }
    return text.split { $0 == "," || $0.isNewline }.map { $0.trimmingCharacters(in: .whitespaces) }.filter {
      !$0.isEmpty
    }
  }

  static func text(names: [String]) -> String {
    names.map { name in
      let isPlain = !name.contains { ",\"".contains($0) || $0.isNewline } && !name.isEmpty
      return isPlain ? name : "\"" + name.replacing("\"", with: "\"\"") + "\""
    }.joined(separator: ", ")
  }

  /// At commas and ends of lines outside quotes. `'` is a quote where a value begins with it, and otherwise an apostrophe.
  private static func split(_ text: String) -> [String]? {
    var parts = [""]
    var quote: Character?
    for character in text {
      let isBeginning = parts[parts.count - 1].allSatisfy(\.isWhitespace)
      if character == quote {
        quote = nil
      } else if quote == nil, character == "\"" || character == "'" && isBeginning {
        quote = character
      }
      if quote == nil, character == "," || character.isNewline {
        parts.append("")
      } else {
        parts[parts.count - 1].append(character)
      }
    }
    return quote == nil ? parts : nil
  }
}
