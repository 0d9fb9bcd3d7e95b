package import Domain

/// Finds rules that need no scan of their own: when every accepted value of a column matches a pattern, and no row has
/// any other value, then no row can miss the pattern.
///
/// Exact, not a guess: the database itself is asked whether all accepted values match, and whether the column is a
/// plain text with a collation under which equal means identical. Patterns are what dominates a scan's cost.
package enum Implication {
  /// `covered` holds whenever `cover` finds nothing, if the database answers `proof` with true.
  package struct Pair: Hashable, Sendable {
    /// Indices into the requests.
    package var covered: Int
    package var cover: Int
    /// A boolean SQL expression.
    package var proof: String
  }

  package static func pairs(among requests: [PushDown.Request], dialect: SQLDialect) -> [Pair] {
    guard dialect == .postgresql, requests.contains(where: { $0.rule.check == "pattern" }) else { return [] }
    var covers: [Key: Int] = [:]
    for (index, request) in requests.enumerated() where request.rule.check == "accepted_values" {
      if let key = Key(request, dialect) { covers[key] = index }
    }
    return requests.enumerated().compactMap { index, request in
      guard request.rule.check == "pattern", let key = Key(request, dialect), let cover = covers[key],
        let proof = proof(of: request.rule, from: requests[cover].rule, key)
      else { return nil }
      return Pair(covered: index, cover: cover, proof: proof)
    }
  }

  /// The same rows and the same column of a table.
  private struct Key: Hashable {
    var table: String
    var condition: String?
    var filter: String?
    var column: String

    init?(_ request: PushDown.Request, _ dialect: SQLDialect) {
      switch request.source {
      case .table(let path): table = dialect.quotedPath(path)
      case .query(let sql):
        guard let plain = PlainSelect(sql, dialect: dialect) else { return nil }
        table = plain.table
        condition = plain.condition
      }
      filter = request.rule.filter
      column = request.rule.column
    }
  }

  private static func proof(of pattern: Rule, from accepted: Rule, _ key: Key) -> String? {
    let dialect = SQLDialect.postgresql
    let texts = accepted.list("values").filter { $0 != .null }
    guard let expression = pattern.text("pattern"), texts.allSatisfy(\.isText) else { return nil }
    let rows = texts.map { "SELECT \(dialect.literal($0))::text AS value" }.joined(separator: " UNION ALL ")
    let literal = dialect.literal(.text(key.table))
    let column = dialect.literal(.text(key.column))
    return """
      (NOT EXISTS (SELECT 1 FROM (\(rows)) AS accepted WHERE NOT (\(dialect.matches("value", pattern: expression)))) \
      AND EXISTS (SELECT 1 FROM pg_catalog.pg_attribute AS a JOIN pg_catalog.pg_collation AS c ON c.oid = a.attcollation \
      WHERE a.attrelid = to_regclass(\(literal)) AND a.attname = \(column) AND c.collisdeterministic \
      AND a.atttypid IN ('text'::regtype, 'varchar'::regtype, 'bpchar'::regtype)))
      """
  }
}
