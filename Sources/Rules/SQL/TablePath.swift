/// The name of a table with its schema, as a rule has it in place of a dataset's: `App.Users`, where each part is taken
/// as it stands, or as SQL has it, `"Mixed Schema"."Odd.Table"`, where a quote within a part is doubled.
package enum TablePath {
  /// The parts of the name, from the widest to the table, without their quotes.
  package static func parts(_ path: String) -> [String] {
    guard path.contains("\"") else { return bareParts(path) }
    var parts: [String] = []
    var rest = path[...]
    while true {
      guard let (part, after) = rest.first == "\"" ? quotedPart(rest) : barePart(rest) else { return bareParts(path) }
      parts.append(part)
      if after.isEmpty { return parts }
      rest = after.dropFirst()
    }
  }

  /// Whether no dataset can be meant: their names have no quotes.
  package static func isQuoted(_ name: String) -> Bool { name.contains("\"") }

  private static func bareParts(_ path: String) -> [String] {
    path.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
  }

  private static func barePart(_ text: Substring) -> (String, Substring)? {
    let part = text.prefix { $0 != "." }
    return (String(part), text[part.endIndex...])
  }

  /// `nil` where the quotes do not end, or something other than a dot is behind them.
  private static func quotedPart(_ text: Substring) -> (String, Substring)? {
    var part = ""
    var rest = text.dropFirst()
    while let end = rest.firstIndex(of: "\"") {
      part += rest[..<end]
      rest = rest[rest.index(after: end)...]
      guard rest.first == "\"" else { return rest.isEmpty || rest.first == "." ? (part, rest) : nil }
      part += "\""
      rest = rest.dropFirst()
    }
    return nil
  }
}
