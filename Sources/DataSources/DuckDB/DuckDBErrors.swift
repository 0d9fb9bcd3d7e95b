import Domain

/// Sorts DuckDB's errors, which carry their class as the first words of the message.
enum DuckDBErrors {
  /// A text and what was sent for it.
  struct Wrapping {
    var sql: String
    var wrapped: String
  }

  static func explained(_ error: QueryError, in text: Wrapping? = nil) -> QueryError {
    guard [.other, .unknownTable, .connection].contains(error.kind), let colon = error.message.firstRange(of: "Error: ")
    else { return error }
    let category = trimmed(error.message[..<colon.lowerBound])
    guard !category.isEmpty, category.utf8.count < 30 else { return error }
    let lines = error.message[colon.upperBound...].split(separator: "\n", omittingEmptySubsequences: false)
    let place = text.flatMap { position(of: lines, in: $0) }
    var said: [Substring] = []
    for line in lines {
      if line.hasPrefix("LINE ") || line.hasPrefix("Stack Trace") { break }
      if !trimmed(line).isEmpty { said.append(line) }
    }
    let message = aboutCSV(said) ?? said.map(trimmed).joined(separator: " ")
    if message.contains("Expected a single SELECT statement") {
      return QueryError(.notReadOnly, "The text is not one SELECT.", code: category, hint: "Write one SELECT.")
    }
    if category == "INTERNAL", message.contains("within vector of size 0") {
      return QueryError(.other, "DuckDB failed inside itself. A query takes no parameters, such as $1.", code: category)
    }
    return QueryError(kind(category, message), message, code: category, position: place)
  }

  /// `CSV Error on Line: 3 ...` without DuckDB's settings, which nobody here can change: what is to be mended is the file.
  private static func aboutCSV(_ said: [Substring]) -> String? {
    let lines = said.map(trimmed)
    guard let first = lines.first else { return nil }
    let file = lines.lazy.compactMap { $0.hasPrefix("file = ") ? String($0.dropFirst("file = ".count)) : nil }.first
    if first.hasPrefix("The CSV Parser state machine reached an invalid state") {
      let why = file.flatMap(CSVLineEnds.difference) ?? "a quote stands within a value, or lines end in different ways"
      return "The CSV file\(file.map { " \($0)" } ?? "") is not as RFC 4180 has it: \(why)"
    }
    guard first.hasPrefix("CSV Error on Line:") || first.hasPrefix("Error when sniffing file") else { return nil }
    if let conversion = DuckDBConversion(lines) { return conversion.text(file: file) }
    let head = lines.prefix { !$0.hasPrefix("Possible") && !$0.hasPrefix("The search space") }
    return head.joined(separator: " ") + (file.map { " (file \($0))" } ?? "")
  }

  private static func kind(_ category: String, _ message: String) -> QueryError.Kind {
    switch category {
    case "Parser": .syntax
    case "Permission": .notReadOnly
    case "Out of Memory": .tooLarge
    case "IO": .connection
    case "INTERRUPT": .cancelled
    case "Catalog" where message.hasPrefix("Table with name") || message.hasPrefix("Schema with name"): .unknownTable
    case "Binder" where message.contains("column") && message.contains("not found"): .unknownColumn
    case "Binder" where message.contains("Referenced table"): .unknownTable
    case "Invalid Input" where message.contains("read-only mode"): .notReadOnly
    default: .other
    }
  }

  /// The message shows a line of the wrapped text and a `^` under a place in it. The place is counted from the start of
  /// the inner text, but shown in the outer one, so it is counted back in bytes.
  private static func position(of lines: [Substring], in text: Wrapping) -> Int? {
    guard let index = lines.firstIndex(where: { $0.hasPrefix("LINE ") }), index + 1 < lines.endIndex,
      let caret = lines[index + 1].firstIndex(of: "^"), let colon = lines[index].firstRange(of: ": ")
    else { return nil }
    let prefix = lines[index].distance(from: lines[index].startIndex, to: colon.upperBound)
    var column = lines[index + 1].distance(from: lines[index + 1].startIndex, to: caret) - prefix
    var shown = lines[index][colon.upperBound...]
    if shown.hasPrefix("...") {
      shown.removeFirst(3)
      column -= 3
    }
    if shown.hasSuffix("...") { shown.removeLast(3) }
    guard !shown.isEmpty, column >= 0, let place = text.wrapped.firstRange(of: shown),
      let caretIndex = text.wrapped.index(
        place.lowerBound, offsetBy: column, limitedBy: text.wrapped.endIndex)
    else { return nil }
    let bytes = text.wrapped.utf8.distance(from: text.wrapped.startIndex, to: caretIndex)
    guard bytes <= text.sql.utf8.count else { return nil }
    return String(decoding: text.sql.utf8.prefix(bytes), as: UTF8.self).count + 1
  }
}
