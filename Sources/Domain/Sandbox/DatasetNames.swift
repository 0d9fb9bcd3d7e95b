/// Finds the datasets that a script names, without running it, so that they can be fetched before it starts and shared.
///
/// Sees `datasets['x']`, `datasets.x` (JavaScript), and a text in quotes as the first argument of the functions that
/// take a dataset. A name that is computed is not seen: it is fetched when the script asks for it.
package enum DatasetNames {
  private static let functions: Set<String> = [
    "dataset", "count", "metric", "assertUnique", "assertNoNulls", "assertColumn", "assertColumns", "assertFresh",
  ]

  /// Each name once, in the order of appearance.
  package static func named(in script: Script) -> [String] {
    var seen = Set<String>()
    return literals(in: script).map(\.name).filter { seen.insert($0).inserted }
  }

  /// The script with each literal `original` written as `new`.
  package static func rename(_ original: String, to new: String, in script: Script) -> String {
    var source = Array(script.source)
    for literal in literals(in: script).reversed() where literal.name == original {
      if literal.isMember, !isIdentifier(new) {
        // `datasets.old` cannot carry every name: it becomes `datasets['new']`.
        source.replaceSubrange((literal.range.lowerBound - 1)..<literal.range.upperBound, with: Array("['\(new)']"))
      } else {
        source.replaceSubrange(literal.range, with: Array(new))
      }
    }
    return String(source)
  }

  private struct Literal {
    var name: String
    /// Of the name itself, without quotes, in characters.
    var range: Range<Int>
    var isMember: Bool
  }

  private static func isIdentifier(_ text: String) -> Bool {
    guard let first = text.first, first.isLetter || first == "_" else { return false }
    return text.allSatisfy { $0.isLetter || $0.isNumber || $0 == "_" }
  }

  private static func literals(in script: Script) -> [Literal] {
    var scanner = ScriptScanner(script.source, language: script.language)
    var literals: [Literal] = []
    var tokens: [ScriptScanner.Token] = []
    while let token = scanner.next() {
      tokens.append(token)
      let last = tokens.suffix(3)
      guard last.count == 3, let head = last.first, case .word(let word) = head.kind else { continue }
      let middle = last[last.index(after: last.startIndex)].kind
      switch (middle, token.kind) {
      case (.symbol("["), .text(let name)) where word == "datasets" && !name.isEmpty:
        literals.append(Literal(name: name, range: token.inner, isMember: false))
      case (.symbol("("), .text(let name)) where functions.contains(word) && !name.isEmpty:
        literals.append(Literal(name: name, range: token.inner, isMember: false))
      case (.symbol("."), .word(let name)) where word == "datasets" && script.language == .javascript:
        literals.append(Literal(name: name, range: token.inner, isMember: true))
      default: continue
      }
    }
    return literals
  }
}

/// Splits Python or JavaScript into words, plain texts and symbols; passes over comments and white space.
struct ScriptScanner {
  struct Token {
    enum Kind: Equatable {
      case word(String)
      /// A text in quotes, with its quotes unescaped; empty when it has any other escape.
      case text(String)
      case symbol(Character)
    }

    var kind: Kind
    /// Of the token without its quotes, in characters.
    var inner: Range<Int>
  }

  private let characters: [Character]
  private let language: ScriptLanguage
  private var index = 0

  init(_ source: String, language: ScriptLanguage) {
    characters = Array(source)
    self.language = language
  }

  mutating func next() -> Token? {
    skipBlank()
    guard index < characters.count else { return nil }
    let first = characters[index]
    if first.isLetter || first == "_" || first == "$" { return word() }
    if first == "\"" || first == "'" || (first == "`" && language == .javascript) { return text(first) }
    index += 1
    return Token(kind: .symbol(first), inner: (index - 1)..<index)
  }

  private mutating func skipBlank() {
    while index < characters.count {
      if characters[index].isWhitespace {
        index += 1
      } else if startsComment {
        while index < characters.count, !characters[index].isNewline { index += 1 }
      } else if language == .javascript, at(0) == "/", at(1) == "*" {
        index += 2
        while index < characters.count, !(at(0) == "*" && at(1) == "/") { index += 1 }
        index = min(index + 2, characters.count)
      } else {
        return
      }
    }
  }

  private var startsComment: Bool {
    language == .python ? characters[index] == "#" : at(0) == "/" && at(1) == "/"
  }

  private func at(_ distance: Int) -> Character? {
    index + distance < characters.count ? characters[index + distance] : nil
  }

  private mutating func word() -> Token {
    let start = index
    while let character = at(0), character.isLetter || character.isNumber || character == "_" || character == "$" {
      index += 1
    }
    return Token(kind: .word(String(characters[start..<index])), inner: start..<index)
  }

  private mutating func text(_ quote: Character) -> Token {
    let isLong = language == .python && at(1) == quote && at(2) == quote
    let width = isLong ? 3 : 1
    let start = index + width
    var content = ""
    var hasEscape = false
    index = start
    while index < characters.count {
      if characters[index] == "\\" {
        if let escaped = at(1), escaped == "\"" || escaped == "'" { content.append(escaped) } else { hasEscape = true }
        index += 2
      } else if characters[index] == quote, !isLong || (at(1) == quote && at(2) == quote) {
        break
      } else {
        content.append(characters[index])
        index += 1
      }
    }
    let end = min(index, characters.count)
    index = min(end + width, characters.count)
    // What holds any other escape is no name that anybody gave a dataset.
    return Token(kind: .text(hasEscape || isLong ? "" : content), inner: start..<end)
  }
}
