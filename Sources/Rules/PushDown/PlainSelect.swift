package import Domain

/// A dataset that is nothing but columns of one table under a condition: its rules can share the table's scan with
/// every other dataset of that shape.
///
/// Recognised from tokens alone, strictly: whatever is not surely of this shape is left as it is. That a text passes
/// proves that it is one read-only query, because it can hold no function call beyond a short list of harmless ones,
/// no sub-select, no second statement.
package struct PlainSelect: Hashable, Sendable {
  /// The table, quoted where it can be.
  package var table: String
  /// `nil`: every column (`SELECT *`). Names as the database knows them.
  package var columns: [String]?
  package var condition: String?

  package init?(_ sql: String, dialect: SQLDialect) {
    var scanner = SQLScanner(sql)
    var tokens: [SQLScanner.Token] = []
    while let token = scanner.next() {
      if token.kind == .comment { return nil }
      tokens.append(token)
    }
    if tokens.last?.kind == .symbol(";") { tokens.removeLast() }
    var parser = Parser(tokens: tokens[...], dialect: dialect)
    guard parser.keyword("select"), let columns = parser.columnList(), parser.keyword("from"),
      let table = parser.table()
    else { return nil }
    self.table = table
    self.columns = columns.first == "*" ? nil : columns
    if parser.tokens.isEmpty {
      condition = nil
    } else {
      guard parser.keyword("where"), parser.isPlainCondition() else { return nil }
      let first = parser.tokens.first?.column ?? 1
      let last = parser.tokens.last.map { $0.column - 1 + $0.text.count } ?? sql.count
      let characters = Array(sql)
      condition = String(characters[(first - 1)..<last])
    }
  }
}

private struct Parser {
  var tokens: ArraySlice<SQLScanner.Token>
  let dialect: SQLDialect

  mutating func keyword(_ word: String) -> Bool {
    guard case .word(let text)? = tokens.first?.kind, text.lowercased() == word else { return false }
    tokens.removeFirst()
    return true
  }

  /// `["*"]`, or plain column names without aliases.
  mutating func columnList() -> [String]? {
    if tokens.first?.kind == .symbol("*") {
      tokens.removeFirst()
      return ["*"]
    }
    var names: [String] = []
    while true {
      guard let name = name() else { return nil }
      names.append(name)
      guard tokens.first?.kind == .symbol(",") else { return names }
      tokens.removeFirst()
    }
  }

  mutating func table() -> String? {
    guard let first = tableName() else { return nil }
    guard tokens.first?.kind == .symbol(".") else { return first }
    tokens.removeFirst()
    return tableName().map { "\(first).\($0)" }
  }

  /// Quoted, so that `shop.orders` and the table that a rule names share a scan. How the database folds letters
  /// beyond ASCII depends on its locale: such a name stays as it is.
  private mutating func tableName() -> String? {
    guard let token = tokens.first, let name = name() else { return nil }
    return name.utf8.allSatisfy { $0 < 0x80 } ? dialect.quoted(name) : token.text
  }

  /// A column or table name, folded as the database folds it.
  private mutating func name() -> String? {
    guard let token = tokens.first else { return nil }
    switch token.kind {
    case .word(let word) where !Self.reserved.contains(word.lowercased()):
      tokens.removeFirst()
      return dialect == .postgresql ? word.lowercased() : word
    case .quotedName(let name) where token.text.hasPrefix("\""):
      tokens.removeFirst()
      return name
    default: return nil
    }
  }

  func isPlainCondition() -> Bool {
    guard !tokens.isEmpty else { return false }
    var depth = 0
    var previous: SQLScanner.Token.Kind?
    for token in tokens {
      switch token.kind {
      case .word(let word) where Self.forbidden.contains(word.lowercased()): return false
      case .symbol("("):
        if !Self.maybePrecedesBracket(previous) { return false }
        depth += 1
      case .symbol(")"):
        depth -= 1
        if depth < 0 { return false }
      case .symbol(let symbol) where !Self.symbols.contains(symbol): return false
      case .nul, .unterminated, .comment: return false
      default: break
      }
      previous = token.kind
    }
    return depth == 0
  }

  /// A word before a bracket is a function call, unless it is an operator of SQL itself.
  private static func maybePrecedesBracket(_ kind: SQLScanner.Token.Kind?) -> Bool {
    switch kind {
    case .word(let word)?: harmless.contains(word.lowercased())
    case .quotedName?, .string?, .number?: false
    default: true
    }
  }

  private static let symbols = Set("(),.=<>!+-*/%|:")
  private static let harmless: Set<String> = [
    "and", "or", "not", "in", "between", "like", "ilike", "is", "case", "when", "then", "else", "lower", "upper",
    "length", "abs", "coalesce", "nullif", "trim", "round", "now",
  ]
  private static let forbidden: Set<String> = [
    "select", "from", "group", "order", "having", "limit", "offset", "fetch", "union", "intersect", "except", "window",
    "for", "into", "over", "filter", "with", "values", "exists", "any", "all", "some", "join", "on", "using", "qualify",
    "tablesample", "sample", "rowid", "ctid", "lateral", "distinct", "returning",
  ]
  private static let reserved: Set<String> = forbidden.union([
    "where", "case", "when", "then", "else", "end", "and", "or", "not", "null", "true", "false", "as", "only", "top",
    "current_user", "session_user", "user", "current_date", "current_time", "current_timestamp", "table", "cast",
  ])
}
