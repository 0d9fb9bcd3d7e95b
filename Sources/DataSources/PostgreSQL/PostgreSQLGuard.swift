import Domain

/// Proves that a text is one read-only query, inside a read-only transaction.
///
/// The extended protocol takes one statement only; its description tells a query from what gives no rows; and what
/// writes in spite of being one (a CTE, a function) is refused by the read-only transaction and undone by `ROLLBACK`.
enum PostgreSQLGuard {
  /// A text that starts with the bare word SELECT can only be a SELECT once the server took it for one statement, so
  /// it need not be described before it runs: COMMIT, SET, CALL and the like start with other words.
  static func startsWithSelect(_ sql: String) -> Bool {
    let rest = sql.utf8.drop { $0 == 0x20 || (0x09...0x0D).contains($0) }
    let word = rest.prefix(6).map { $0 & 0xDF }
    guard word == Array("SELECT".utf8), let next = rest.dropFirst(6).first else { return false }
    return next == 0x20 || (0x09...0x0D).contains(next) || next == UInt8(ascii: "(")
  }

  /// What is wrong with `sql` by the server's answers to its preparation and its description; `nil`: nothing.
  static func verdict(
    on sql: String, prepared: PostgreSQLWire.Reply, described: PostgreSQLWire.Reply
  ) -> QueryError? {
    if case .failed(let error) = prepared { return error }
    switch described {
    case .failed(let error): return error
    case .rows, .skipped: return nil
    case .done(let columns, let parameterCount):
      if parameterCount > 0 { return .takesParameters }
      if !columns.isEmpty { return nil }
      return trimmed(sql).isEmpty ? .emptyQuery : .noColumns
    }
  }
}

extension QueryError {
  static let emptyQuery = QueryError(.notReadOnly, "The query is empty.", hint: "Write one SELECT.")

  /// A NUL would end the text for the database, and what follows it would be lost unseen.
  static func refuseNUL(in sql: String) throws(QueryError) {
    guard let place = sql.unicodeScalars.firstIndex(of: "\0") else { return }
    throw QueryError(
      .syntax, "The query holds a NUL character.",
      position: sql.unicodeScalars.distance(from: sql.startIndex, to: place) + 1)
  }
}
