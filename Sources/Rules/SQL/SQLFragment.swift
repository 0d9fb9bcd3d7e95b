/// A piece of SQL that a user writes inside ours: it must not be able to leave its brackets.
package enum SQLFragment {
  /// What is wrong with `text`, or `nil`. `isAggregate` only changes the wording.
  package static func problem(with text: String, isAggregate: Bool) -> String? {
    if text.allSatisfy(\.isWhitespace) { return "is empty" }
    var depth = 0
    var scanner = SQLScanner(text)
    while let token = scanner.next() {
      switch token.kind {
      case .unterminated(let what): return "has \(what) that does not end (column \(token.column))"
      case .nul: return "has a NUL character (column \(token.column))"
      case .symbol("("): depth += 1
      case .symbol(")"):
        depth -= 1
        if depth < 0 { return "closes a bracket that it did not open (column \(token.column))" }
      case .symbol(";"): return "must be one expression, so ';' has no place in it (column \(token.column))"
      default: break
      }
    }
    return depth > 0 ? "opens \(depth == 1 ? "a bracket" : "\(depth) brackets") that it does not close" : nil
  }
}

extension SQLFragment {
  /// A query without the semicolons that end it and the comments behind them: what can stand in brackets. A text that
  /// makes no sense stays as it is.
  static func withoutEnd(_ sql: String) -> String {
    guard sql.contains(";") else { return sql }
    var scanner = SQLScanner(sql)
    var end: Int?
    while let token = scanner.next() {
      switch token.kind {
      case .symbol(";"): end = end ?? token.column - 1
      case .comment: break
      case .unterminated, .nul: return sql
      default: end = nil
      }
    }
    return end.map { String(sql.prefix($0)) } ?? sql
  }
}

/// Splits SQL into tokens, as far as it takes to know what is inside quotes and comments and what is not.
///
/// Understands `'...'` with doubled quotes, `E'...'` with backslashes, `"..."`, `` `...` ``, `[...]` is left to be
/// symbols, `--` and nested `/* */` comments and dollar quotes. Where dialects differ the stricter reading is taken by
/// the callers: nothing is accepted on this scanner's word alone, the database's own guard comes after.
package struct SQLScanner {
  package struct Token: Hashable, Sendable {
    package enum Kind: Hashable, Sendable {
      case word(String)
      case number(String)
      case string
      /// The name without its quotes.
      case quotedName(String)
      case symbol(Character)
      case comment
      case nul
      case unterminated(String)
    }

    package var kind: Kind
    /// From 1, in characters.
    package var column: Int
    /// The token as written.
    package var text: String
  }

  private let characters: [Character]
  private var index = 0

  package init(_ text: String) { characters = Array(text) }

  /// The next token; white space is passed over.
  package mutating func next() -> Token? {
    while index < characters.count, characters[index].isWhitespace { index += 1 }
    guard index < characters.count else { return nil }
    let start = index
    let kind = scan()
    return Token(kind: kind, column: start + 1, text: String(characters[start..<index]))
  }

  private mutating func scan() -> Token.Kind {
    let first = characters[index]
    if first == "\0" { return advance(.nul) }
    if first == "'" { return quoted("'", "a text", escapes: false) ? .string : .unterminated("a text") }
    if first == "\"" || first == "`" {
      let start = index
      guard quoted(first, "a quoted name", escapes: false) else { return .unterminated("a quoted name") }
      let inner = String(characters[(start + 1)..<(index - 1)])
      return .quotedName(inner.replacing("\(first)\(first)", with: "\(first)"))
    }
    if first == "-", peek(1) == "-" {
      while index < characters.count, characters[index] != "\n", characters[index] != "\r\n" { index += 1 }
      return .comment
    }
    if first == "/", peek(1) == "*" { return blockComment() ? .comment : .unterminated("a comment") }
    if first == "$", let kind = dollarQuoted() { return kind }
    if first.isLetter || first == "_" { return word() }
    if first.isNumber || (first == "." && peek(1)?.isNumber == true) { return number() }
    return advance(.symbol(first))
  }

  private func peek(_ distance: Int) -> Character? {
    index + distance < characters.count ? characters[index + distance] : nil
  }

  private mutating func advance(_ kind: Token.Kind) -> Token.Kind {
    index += 1
    return kind
  }

  private mutating func quoted(_ quote: Character, _ what: String, escapes: Bool) -> Bool {
    index += 1
    while index < characters.count {
      if escapes, characters[index] == "\\" {
        index += 2
      } else if characters[index] == quote {
        if peek(1) == quote {
          index += 2
        } else {
          index += 1
          return true
        }
      } else {
        index += 1
      }
    }
    index = characters.count
    return false
  }

  private mutating func blockComment() -> Bool {
    var depth = 0
    while index < characters.count {
      if characters[index] == "/", peek(1) == "*" {
        depth += 1
        index += 2
      } else if characters[index] == "*", peek(1) == "/" {
        depth -= 1
        index += 2
        if depth == 0 { return true }
      } else {
        index += 1
      }
    }
    return false
  }

  private mutating func dollarQuoted() -> Token.Kind? {
    var end = index + 1
    while end < characters.count, characters[end].isLetter || characters[end].isNumber || characters[end] == "_" {
      end += 1
    }
    guard end < characters.count, characters[end] == "$", !(peek(1)?.isNumber ?? false) else { return nil }
    let mark = characters[index...end]
    var position = end + 1
    while position + mark.count <= characters.count {
      if characters[position..<(position + mark.count)].elementsEqual(mark) {
        index = position + mark.count
        return .string
      }
      position += 1
    }
    index = characters.count
    return .unterminated("a dollar-quoted text")
  }

  private mutating func word() -> Token.Kind {
    let start = index
    while index < characters.count,
      characters[index].isLetter || characters[index].isNumber || characters[index] == "_" || characters[index] == "$"
    {
      index += 1
    }
    let text = String(characters[start..<index])
    if text.lowercased() == "e", index < characters.count, characters[index] == "'" {
      return quoted("'", "a text", escapes: true) ? .string : .unterminated("a text")
    }
    return .word(text)
  }

  private mutating func number() -> Token.Kind {
    let start = index
    while index < characters.count,
      characters[index].isNumber || characters[index].isLetter || characters[index] == "." || characters[index] == "_"
    {
      index += 1
    }
    return .number(String(characters[start..<index]))
  }
}
