import Mustache

/// What keeps a value from being read as markup where a template's text ends up.
enum Escaping: String, CaseIterable, Sendable {
  case plain, html, slack, markdown, json

  func apply(to text: String) -> String {
    switch self {
    case .plain: text
    case .html: Self.entities(text).replacing("\"", with: "&quot;").replacing("'", with: "&#39;")
    case .slack: Self.entities(text)
    case .markdown: Self.backslashed(text)
    case .json: Self.inJSON(text)
    }
  }

  private static func entities(_ text: String) -> String {
    text.replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing(">", with: "&gt;")
  }

  /// The characters that Discord's and Teams' Markdown give a meaning within a line.
  private static func backslashed(_ text: String) -> String {
    var result = ""
    for scalar in text.unicodeScalars {
      if "\\*_~`|[]<>#".unicodeScalars.contains(scalar) { result.unicodeScalars.append("\\") }
      result.unicodeScalars.append(scalar)
    }
    return result
  }

  /// The inside of a JSON string.
  private static func inJSON(_ text: String) -> String {
    let quoted = String(decoding: JSON.string(text).encoded, as: UTF8.self)
    return String(quoted.dropFirst().dropLast())
  }

  /// As Mustache's pragma names it. The engine keeps one table for the whole process.
  var contentType: String {
    _ = Self.isRegistered
    return "CHECKER_\(rawValue.uppercased())"
  }

  private static let isRegistered: Bool = {
    for escaping in allCases {
      MustacheContentTypes.register(EscapedText(escaping: escaping), named: "CHECKER_\(escaping.rawValue.uppercased())")
    }
    return true
  }()
}

private struct EscapedText: MustacheContentType {
  let escaping: Escaping

  func escapeText(_ text: String) -> String { escaping.apply(to: text) }
}
