import Domain

/// Looks at the words of a text, for drivers whose database we know nothing about. Strict, and no proof.
enum LexicalGuard {
  private static let first: Set<String> = ["SELECT", "WITH", "VALUES", "TABLE", "FROM"]
  private static let refused: Set<String> = [
    "INSERT", "UPDATE", "DELETE", "MERGE", "INTO", "CREATE", "DROP", "ALTER", "TRUNCATE", "ATTACH", "DETACH", "COPY",
    "CALL", "EXEC", "EXECUTE", "GRANT", "REVOKE", "VACUUM", "PRAGMA", "INSTALL", "LOAD", "UNLOAD", "EXPORT", "IMPORT",
  ]

  /// - Throws: `.notReadOnly` when the text is not surely one query.
  static func requireOneQuery(_ sql: String) throws(QueryError) {
    try QueryError.refuseNUL(in: sql)
    var words = Words(Array(sql.unicodeScalars))
    var isFirst = true
    while let (word, position) = try words.next() {
      if word == ";" {
        if try words.next() != nil {
          throw QueryError(.notReadOnly, "The text holds more than one statement.", position: position)
        }
        break
      }
      if isFirst, word != "(", !first.contains(word) {
        throw QueryError(.notReadOnly, "A query starts with SELECT or WITH.", position: position)
      }
      if word != "(" { isFirst = false }
      if refused.contains(word) {
        throw QueryError(
          .notReadOnly, "The word \(word) has no place in a query.", position: position,
          hint: "Quote it when it is the name of a column.")
      }
    }
    if isFirst { throw .emptyQuery }
  }

  /// Words in capitals, and symbols one by one; quotes and comments are passed over.
  private struct Words {
    private let text: [Unicode.Scalar]
    private var index = 0

    init(_ text: [Unicode.Scalar]) { self.text = text }

    mutating func next() throws(QueryError) -> (word: String, position: Int)? {
      while index < text.count {
        let scalar = text[index]
        let start = index
        if scalar.properties.isWhitespace {
          index += 1
        } else if scalar == "'" || scalar == "\"" || scalar == "`" {
          try quoted(scalar)
          return ("'", start + 1)
        } else if scalar == "#" || (scalar == "[" && bracketHoldsQuote()) {
          throw QueryError(.notReadOnly, "The character \(scalar) is not understood here.", position: start + 1)
        } else if scalar == "-", at(1) == "-" {
          if let next = at(2), !next.properties.isWhitespace {
            throw QueryError(.notReadOnly, "A comment starts with -- and a blank.", position: start + 1)
          }
          while index < text.count, text[index] != "\n" { index += 1 }
        } else if scalar == "/", at(1) == "*" {
          try comment()
        } else if isWord(scalar) {
          while index < text.count, isWord(text[index]) { index += 1 }
          var word = String.UnicodeScalarView()
          word.append(contentsOf: text[start..<index])
          if word.count(where: { $0 == "$" }) > 1 {
            throw QueryError(.notReadOnly, "Dollar quotes are not understood here.", position: start + 1)
          }
          return (String(word).uppercased(), start + 1)
        } else {
          index += 1
          return (String(Character(scalar)), start + 1)
        }
      }
      return nil
    }

    private func at(_ distance: Int) -> Unicode.Scalar? {
      index + distance < text.count ? text[index + distance] : nil
    }

    /// In some databases brackets quote a name.
    private func bracketHoldsQuote() -> Bool {
      let rest = text[index...]
      return rest[..<(rest.firstIndex(of: "]") ?? rest.endIndex)].contains { $0 == "'" || $0 == "\"" || $0 == "`" }
    }

    private func isWord(_ scalar: Unicode.Scalar) -> Bool {
      scalar == "_" || scalar == "$" || scalar.properties.isAlphabetic || scalar.properties.numericType != nil
    }

    /// Databases do not agree on what a backslash before a quote means, so it may not stand there.
    private mutating func quoted(_ quote: Unicode.Scalar) throws(QueryError) {
      let start = index
      index += 1
      while let end = text[index...].firstIndex(of: quote) {
        if text[end - 1] == "\\" {
          throw QueryError(.notReadOnly, "A backslash may not stand before a quote.", position: end)
        }
        index = end + 1
        if at(0) != quote { return }
        index += 1
      }
      throw QueryError(.syntax, "A quote is not closed.", position: start + 1)
    }

    /// Databases do not agree on whether comments nest, and some run what is inside `/*!`.
    private mutating func comment() throws(QueryError) {
      let start = index
      index += 2
      if at(0) == "!" || at(0) == "+" {
        throw QueryError(.notReadOnly, "A comment may not start with /*! or /*+.", position: start + 1)
      }
      while index < text.count {
        if text[index] == "*", at(1) == "/" {
          index += 2
          return
        }
        if text[index] == "/", at(1) == "*" {
          throw QueryError(.notReadOnly, "A comment may not hold another.", position: index + 1)
        }
        index += 1
      }
      throw QueryError(.syntax, "A comment is not closed.", position: start + 1)
    }
  }
}
