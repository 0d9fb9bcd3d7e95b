package import Domain

/// Finds rules that need no scan of their own: when every accepted value of a column matches a pattern, and no row has
/// any other value, then no row can miss the pattern.
///
/// Exact, not a guess: the database itself is asked whether all accepted values match, and whether the column is a
/// plain text with a collation under which equal means identical. Patterns are what dominates a scan's cost.
package enum Implication {
  /// No row breaks `covered` but those that break `cover`, if the database answers `proof` with true.
  package struct Pair: Hashable, Sendable {
    /// Indices into the requests.
    package var covered: Int
    package var cover: Int
    /// A boolean SQL expression.
    package var proof: String
  }

  /// Only what is large enough to be worth the question.
  package static func pairs(
    among requests: [PushDown.Request], dialect: SQLDialect, facts: TableFacts
  ) -> [Pair] {
    keyedPairs(among: requests, dialect: dialect).compactMap { covered, cover, key in
      guard facts.bytewise.contains(key.place), facts.large.contains(key.place),
        let proof = proof(of: requests[covered].rule, from: requests[cover].rule)
      else { return nil }
      return Pair(covered: covered, cover: cover, proof: proof)
    }
  }

  /// The columns on which one rule may make another one needless.
  static func candidates(among requests: [PushDown.Request], dialect: SQLDialect) -> Set<TableFacts.Column> {
    Set(keyedPairs(among: requests, dialect: dialect).map(\.key.place))
  }

  /// The covered rule, for the rows that break the cover: no other row can break it.
  package static func narrowed(_ covered: PushDown.Request, to cover: PushDown.Request) -> PushDown.Request {
    let offence = AcceptedValues.offence(
      cover.rule, .postgresql, column: SQLDialect.postgresql.quoted(cover.rule.column))
    var narrowed = covered
    narrowed.rule.filter = covered.rule.filter.map { "(\($0)\n) AND (\(offence))" } ?? offence
    return narrowed
  }

  private static func keyedPairs(
    among requests: [PushDown.Request], dialect: SQLDialect
  ) -> [(covered: Int, cover: Int, key: Key)] {
    guard requests.contains(where: { $0.rule.check == "pattern" }) else { return [] }
    var covers: [Key: Int] = [:]
    for (index, request) in requests.enumerated() where request.rule.check == "accepted_values" {
      if let key = Key(request, dialect) { covers[key] = index }
    }
    if covers.isEmpty { return [] }
    return requests.enumerated().compactMap { index, request in
      guard request.rule.check == "pattern", let key = Key(request, dialect), let cover = covers[key] else {
        return nil
      }
      return (index, cover, key)
    }
  }

  /// The same rows and the same column of a table.
  private struct Key: Hashable {
    var place: TableFacts.Column
    var condition: String?
    var filter: String?

    init?(_ request: PushDown.Request, _ dialect: SQLDialect) {
      switch request.source {
      case .table(let path): place = TableFacts.Column(table: dialect.quotedPath(path), name: request.rule.column)
      case .query(let sql):
        guard let plain = PlainSelect(sql, dialect: dialect) else { return nil }
        place = TableFacts.Column(table: plain.table, name: request.rule.column)
        condition = plain.condition
      }
      filter = request.rule.filter
    }
  }

  private static func proof(of pattern: Rule, from accepted: Rule) -> String? {
    let dialect = SQLDialect.postgresql
    let texts = accepted.list("values").filter { $0 != .null }
    guard let expression = pattern.text("pattern"), texts.allSatisfy(\.isText) else { return nil }
    let rows = texts.map { "(\(dialect.literal($0))::text)" }.joined(separator: ", ")
    return """
      NOT EXISTS (SELECT 1 FROM (VALUES \(rows)) AS accepted(value) \
      WHERE NOT (\(dialect.matches("value", pattern: expression))))
      """
  }
}
