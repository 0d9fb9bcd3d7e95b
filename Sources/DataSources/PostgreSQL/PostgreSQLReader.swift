import CPostgreSQL
import Domain

/// Reads the results of one command, row by row, into columns.
struct PostgreSQLReader {
  private var budget: ResultBudget
  private var columns: [ColumnBuilder]?
  private var error: QueryError?
  private var ended: PostgreSQLWire.Reply?
  /// More rows came than were asked for; the rest is passed over.
  private(set) var isFull = false

  init(_ budget: ResultBudget) { self.budget = budget }

  var reply: PostgreSQLWire.Reply {
    // What the server says after it was stopped because the result is full is not an error.
    if isFull, error == nil || error?.kind == .timeout { return .rows(result) }
    if let error { return .failed(error) }
    return columns == nil ? ended ?? .done([], parameterCount: 0) : .rows(result)
  }

  mutating func fail(_ error: QueryError) {
    if self.error == nil { self.error = error }
    isFull = true
  }

  mutating func read(_ result: OpaquePointer) throws(QueryError) {
    switch PQresultStatus(result) {
    case PGRES_SINGLE_TUPLE, PGRES_TUPLES_OK:
      if columns == nil { columns = Self.descriptions(of: result).map(Self.builder) }
      if isFull { return }
      for row in 0..<PQntuples(result) where !isFull { try append(row, of: result) }
    case PGRES_COMMAND_OK:
      ended = .done(Self.descriptions(of: result), parameterCount: Int(PQnparams(result)))
    case PGRES_PIPELINE_ABORTED:
      ended = .skipped
    case PGRES_EMPTY_QUERY:
      error = QueryError(.notReadOnly, "The query is empty.")
    case PGRES_COPY_OUT, PGRES_COPY_IN, PGRES_COPY_BOTH:
      error = .noColumns
    default:
      if error == nil { error = QueryError(postgreSQL: result) }
    }
  }

  private var result: ResultSet {
    ResultSet(columns: (columns ?? []).map { $0.column() }, rowCount: budget.rows, isTruncated: isFull)
  }

  private mutating func append(_ row: Int32, of result: OpaquePointer) throws(QueryError) {
    guard var columns else { return }
    var size = 0
    for column in 0..<PQnfields(result) { size += Int(PQgetlength(result, row, column)) }
    guard try budget.admit(size) == .fits else {
      isFull = true
      return
    }
    // Taken out, so that each builder is changed in place.
    self.columns = nil
    for column in 0..<PQnfields(result) {
      if PQgetisnull(result, row, column) == 1 {
        columns[Int(column)].appendNull()
      } else if let text = PQgetvalue(result, row, column) {
        PostgreSQLTypes.append(text, length: Int(PQgetlength(result, row, column)), to: &columns[Int(column)])
      }
    }
    self.columns = columns
  }

  private static func builder(_ description: ColumnDescription) -> ColumnBuilder {
    ColumnBuilder(description, kind: PostgreSQLTypes.kind(of: description.type))
  }

  /// Types of the database's own are named by their number until `PostgreSQLConnection` asks for the names.
  private static func descriptions(of result: OpaquePointer) -> [ColumnDescription] {
    (0..<PQnfields(result)).map { column in
      let oid = PQftype(result, column)
      return ColumnDescription(
        name: PQfname(result, column).map { String(cString: $0) } ?? "", type: PostgreSQLTypes.type(of: oid),
        databaseType: PostgreSQLTypes.name(of: oid) ?? "\(oid)")
    }
  }
}
