import CSQLite
import Domain

/// One prepared statement of one text.
struct SQLiteStatement: ~Copyable {
  let pointer: OpaquePointer
  private let handle: SQLiteHandle

  /// - Throws: `.notReadOnly` when the text is not one query, or what SQLite says about it.
  init(_ sql: String, on handle: SQLiteHandle) throws(QueryError) {
    try QueryError.refuseNUL(in: sql)
    let prepared = try Self.prepare(sql, handle)
    pointer = prepared
    self.handle = handle
  }

  deinit { sqlite3_finalize(pointer) }

  private static func prepare(_ sql: String, _ handle: SQLiteHandle) throws(QueryError) -> OpaquePointer {
    var first: OpaquePointer?
    var failure: QueryError?
    sql.withCString { start in
      var rest: UnsafePointer<CChar>? = start
      var isFirst = true
      while failure == nil, let text = rest, isFirst || text.pointee != 0 {
        var statement: OpaquePointer?
        let code = sqlite3_prepare_v3(handle.database, text, -1, 0, &statement, &rest)
        if isFirst {
          first = statement
          if code != SQLITE_OK { failure = QueryError(sqlite: handle.database, code, in: sql) }
        } else if code != SQLITE_OK || statement != nil {
          sqlite3_finalize(statement)
          failure = QueryError(.notReadOnly, "The text holds more than one statement.", hint: "Write one SELECT.")
        }
        isFirst = false
      }
    }
    do throws(QueryError) {
      if let failure { throw failure }
      guard let first else { throw QueryError.emptyQuery }
      if sqlite3_column_count(first) == 0 { throw QueryError.noColumns }
      if sqlite3_stmt_readonly(first) == 0 { throw QueryError.writes }
      if sqlite3_bind_parameter_count(first) > 0 { throw QueryError.takesParameters }
      return first
    } catch {
      sqlite3_finalize(first)
      throw error
    }
  }

  var columns: [ColumnDescription] {
    (0..<sqlite3_column_count(pointer)).map { column in
      let declared = sqlite3_column_decltype(pointer, column).map { String(cString: $0).lowercased() } ?? ""
      return ColumnDescription(
        name: sqlite3_column_name(pointer, column).map { String(cString: $0) } ?? "",
        type: SQLiteTypes.type(ofDeclared: declared), databaseType: declared)
    }
  }

  /// Runs the statement to its end, or to its limits.
  func rows(_ query: Query) throws(QueryError) -> ResultSet {
    var budget = ResultBudget(query.limits, truncates: query.truncates)
    var builders = columns.map { ColumnBuilder($0, kind: .nulls) }
    var isFull = false
    while !isFull {
      let code = sqlite3_step(pointer)
      if code == SQLITE_DONE { break }
      guard code == SQLITE_ROW else { throw QueryError(sqlite: handle.database, code, in: query.sql) }
      var size = 0
      for column in builders.indices {
        let type = sqlite3_column_type(pointer, Int32(column))
        size += type == SQLITE_TEXT || type == SQLITE_BLOB ? Int(sqlite3_column_bytes(pointer, Int32(column))) : 8
      }
      if try budget.admit(size) == .full {
        isFull = true
      } else {
        for column in builders.indices { SQLiteTypes.append(pointer, Int32(column), to: &builders[column]) }
      }
    }
    return ResultSet(
      columns: builders.map { SQLiteTypes.column($0) }, rowCount: budget.rows, isTruncated: isFull)
  }
}
