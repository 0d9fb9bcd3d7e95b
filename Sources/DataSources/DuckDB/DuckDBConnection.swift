import Domain
import Synchronization

/// A connection to DuckDB that runs nothing but guarded queries.
///
/// The guard is DuckDB's own: its table function `query` takes the text of one SELECT and refuses anything else before
/// running it. (Preparing a text is no guard, as all its statements but the last are run by that.)
/// `@unchecked Sendable`: as every `DatabaseConnection` it is used on its own queue, one call at a time.
final class DuckDBConnection: DatabaseConnection, @unchecked Sendable {
  private var session: ADBCSession?
  private let files: DuckDBFiles
  private let place: DuckDBSettings.Place
  private(set) var isUsable = true

  init(_ database: ADBCDatabase, _ files: DuckDBFiles, _ place: DuckDBSettings.Place) throws(QueryError) {
    session = try ADBCSession(database)
    self.files = files
    self.place = place
  }

  func close() {
    isUsable = false
    session = nil
  }

  func run(_ query: Query, _ stop: StopSignal) throws(QueryError) -> ResultSet {
    try explained(query.sql) { (session) throws(QueryError) in
      for text in query.guarded {
        do throws(QueryError) {
          _ = try session.columns(try Self.wrapped(text), query.limits, stop)
        } catch {
          throw DuckDBErrors.explained(error, in: DuckDBErrors.Wrapping(sql: text, wrapped: try Self.wrapped(text)))
        }
      }
      return try session.rows(try Self.wrapped(query.sql), query, stop)
    }
  }

  func describe(
    _ sql: String, _ limits: QueryLimits, _ stop: StopSignal
  ) throws(QueryError) -> [ColumnDescription] {
    try explained(sql) { (session) throws(QueryError) in
      try session.columns(try Self.wrapped(sql), limits, stop) ?? []
    }
  }

  func tables(_ limits: QueryLimits, _ stop: StopSignal) throws(QueryError) -> [TableDescription] {
    var wide = limits
    wide.maxRows = 500_000
    let sql = Self.catalogue
    let rows = try explained(sql) { (session) throws(QueryError) in
      try session.rows(sql, Query(sql, limits: wide), stop)
    }
    return Self.tables(rows)
  }

  static let catalogue = """
    SELECT CASE WHEN schema_name = current_schema() THEN '' ELSE schema_name END, table_name, column_name,
           lower(data_type)
      FROM duckdb_columns() WHERE NOT internal AND database_name = current_database()
     ORDER BY 1, 2, column_index
    """

  /// Reads the answer to `catalogue`.
  static func tables(_ rows: ResultSet) -> [TableDescription] {
    var tables: [TableDescription] = []
    for row in 0..<rows.rowCount {
      let cells = rows.row(row).map(\.text)
      let name = (cells[0].isEmpty ? "" : written(cells[0]) + ".") + written(cells[1])
      if tables.last?.name != name { tables.append(TableDescription(name: name, columns: [])) }
      tables[tables.count - 1].columns.append(
        ColumnDescription(name: cells[2], type: type(ofDeclared: cells[3]), databaseType: cells[3]))
    }
    return tables
  }

  /// Tries to write past the guard; wants to fail.
  func attemptWrite(_ limits: QueryLimits, _ stop: StopSignal) throws(QueryError) {
    try explained("") { (session) throws(QueryError) in
      try session.execute("CREATE TABLE malleable_checker_probe (id INTEGER)", limits, stop)
    }
  }

  private func explained<Value>(
    _ sql: String, _ body: (ADBCSession) throws(QueryError) -> Value
  ) throws(QueryError) -> Value {
    try requireSameFiles()
    guard let session else { throw QueryError(.connection, "The connection was closed.") }
    do throws(QueryError) {
      return try body(session)
    } catch {
      let error = DuckDBErrors.explained(error, in: .init(sql: sql, wrapped: try Self.wrapped(sql)))
      if error.kind == .connection { isUsable = false }
      if error.code == "INTERNAL" || error.code == "FATAL" {
        session.database.isDamaged.store(true, ordering: .relaxed)
        isUsable = false
      }
      throw error
    }
  }

  /// Files that were replaced or changed are opened anew: views keep the columns that a file had.
  private func requireSameFiles() throws(QueryError) {
    if let now = try? DuckDBFiles(at: place), now == files { return }
    isUsable = false
    throw QueryError(.connection, "The files of the data source were moved, removed or changed.")
  }

  private static func wrapped(_ sql: String) throws(QueryError) -> String {
    try QueryError.refuseNUL(in: sql)
    return "SELECT * FROM query('\(sql.replacing("'", with: "''"))')"
  }

  private static func written(_ name: String) -> String {
    let isPlain = name.utf8.allSatisfy { $0 == 0x5F || (0x30...0x39).contains($0) || (0x61...0x7A).contains($0 | 0x20) }
    let startsWithDigit = name.utf8.first.map { (0x30...0x39).contains($0) } ?? true
    return isPlain && !startsWithDigit ? name : "\"" + name.replacing("\"", with: "\"\"") + "\""
  }

  private static func type(ofDeclared declared: String) -> ColumnType {
    switch declared {
    case "boolean": .boolean
    case "tinyint", "smallint", "integer", "bigint", "utinyint", "usmallint", "uinteger": .integer
    case "float", "double": .double
    case "varchar": .text
    case "blob": .binary
    case "date": .date
    case "uuid": .uuid
    case "json": .json
    case "interval": .interval
    case "hugeint", "uhugeint", "ubigint": .decimal
    case _ where declared.hasPrefix("decimal"): .decimal
    case _ where declared.hasPrefix("timestamp"): .timestamp
    case _ where declared.hasPrefix("time"): .time
    case _ where declared.hasPrefix("enum"): .text
    default: .other
    }
  }
}
