package import Domain

/// Looks whether an expression can be an aggregate, as far as its words tell.
package enum AggregateWords {
  /// How to mend an expression that is none.
  static let advice = "must be an aggregate over the rows, such as max(n), sum(n) or count(*)"

  /// What stands before a bracket without calling anything.
  private static let operators: Set<String> = [
    "and", "or", "not", "in", "is", "like", "ilike", "between", "case", "when", "then", "else", "distinct", "any",
    "all",
  ]
  /// All that SQLite has, and those that it may be built with.
  private static let sqlite: Set<String> = [
    "avg", "count", "group_concat", "string_agg", "max", "min", "sum", "total", "json_group_array",
    "json_group_object", "jsonb_group_array", "jsonb_group_object", "median", "percentile", "percentile_cont",
    "percentile_disc",
  ]

  /// Whether anything is called in it, or asked for by a query of its own: no aggregate does without.
  static func mayBeAggregate(_ expression: String) -> Bool {
    words(of: expression).contains { $0.isCalled && !operators.contains($0.name) || $0.name == "select" }
  }

  /// Why an expression can be no aggregate, where the database itself would not say so: SQLite answers with the column
  /// of any row, or with one for each.
  package static func problem(with expression: String, in dialect: SQLDialect) -> String? {
    dialect == .sqlite && !mayBeAggregateInSQLite(expression) ? "'\(expression)' \(advice)" : nil
  }

  private static func mayBeAggregateInSQLite(_ expression: String) -> Bool {
    words(of: expression).contains { $0.isCalled && sqlite.contains($0.name) || $0.name == "select" }
  }

  private struct Word {
    var name: String
    var isCalled = false
  }

  private static func words(of expression: String) -> [Word] {
    var words: [Word] = []
    var isBehindWord = false
    var scanner = SQLScanner(expression)
    while let token = scanner.next() {
      switch token.kind {
      case .comment: continue
      case .word(let name), .quotedName(let name):
        words.append(Word(name: name.lowercased()))
        isBehindWord = true
      case .symbol("(") where isBehindWord:
        words[words.count - 1].isCalled = true
        isBehindWord = false
      default: isBehindWord = false
      }
    }
    return words
  }
}
