import CSQLite
import Domain

#if canImport(Glibc)
  import Glibc
#endif

/// A connection to a SQLite file that runs nothing but guarded queries.
///
/// `@unchecked Sendable`: as every `DatabaseConnection` it is used on its own queue, one call at a time.
final class SQLiteConnection: DatabaseConnection, @unchecked Sendable {
  private let handle: SQLiteHandle
  private let path: String
  private let file: FileIdentity?
  private(set) var isUsable = true

  init(_ settings: SQLiteSettings) throws(QueryError) {
    handle = try SQLiteHandle(opening: settings)
    path = settings.path
    file = FileIdentity(path)
  }

  func close() {
    isUsable = false
    handle.close()
  }

  func run(_ query: Query, _ stop: StopSignal) throws(QueryError) -> ResultSet {
    try watched(query.limits, stop) { () throws(QueryError) in
      for text in query.guarded { _ = try SQLiteStatement(text, on: handle) }
      return try SQLiteStatement(query.sql, on: handle).rows(query)
    }
  }

  /// All that `body` runs sees one moment.
  func onSnapshot(_ stop: StopSignal, _ body: () throws(QueryError) -> Void) throws(QueryError) {
    try ours("BEGIN", stop)
    defer { try? ours("ROLLBACK", StopSignal()) }
    try body()
  }

  func describe(
    _ sql: String, _ limits: QueryLimits, _ stop: StopSignal
  ) throws(QueryError) -> [ColumnDescription] {
    try watched(limits, stop) { () throws(QueryError) in try SQLiteStatement(sql, on: handle).columns }
  }

  func tables(_ limits: QueryLimits, _ stop: StopSignal) throws(QueryError) -> [TableDescription] {
    var wide = limits
    wide.maxRows = 500_000
    let rows = try watched(wide, stop) { () throws(QueryError) in
      handle.watch.isOurs = true
      defer { handle.watch.isOurs = false }
      return try SQLiteStatement(Self.catalogue, on: handle).rows(Query(Self.catalogue, limits: wide))
    }
    return Self.tables(rows)
  }

  static let catalogue = """
    SELECT t.name, c.name, lower(c.type) FROM sqlite_schema AS t JOIN pragma_table_xinfo(t.name) AS c
     WHERE t.type IN ('table', 'view') AND t.name NOT LIKE 'sqlite\\_%' ESCAPE '\\' AND c.hidden <> 1
     ORDER BY t.name, c.cid
    """

  /// Reads the answer to `catalogue`.
  static func tables(_ rows: ResultSet) -> [TableDescription] {
    var tables: [TableDescription] = []
    for row in 0..<rows.rowCount {
      let cells = rows.row(row).map(\.text)
      let name = written(cells[0])
      if tables.last?.name != name { tables.append(TableDescription(name: name, columns: [])) }
      tables[tables.count - 1].columns.append(
        ColumnDescription(name: cells[1], type: SQLiteTypes.type(ofDeclared: cells[2]), databaseType: cells[2]))
    }
    return tables
  }

  /// Runs a statement of our own, outside the guard.
  func ours(_ sql: String, _ stop: StopSignal) throws(QueryError) {
    try watched(QueryLimits(), stop) { () throws(QueryError) in
      handle.watch.isOurs = true
      defer { handle.watch.isOurs = false }
      let code = sqlite3_exec(handle.database, sql, nil, nil, nil)
      if code != SQLITE_OK { throw QueryError(sqlite: handle.database, code, in: sql) }
    }
  }

  private func watched<Value>(
    _ limits: QueryLimits, _ stop: StopSignal, _ body: () throws(QueryError) -> Value
  ) throws(QueryError) -> Value {
    try requireSameFile()
    handle.watch.stop = stop
    handle.watch.deadline = .now + .seconds(limits.timeoutSeconds)
    let handle = handle
    do throws(QueryError) {
      return try stop.whileRunning(onStop: { handle.interrupt() }, body)
    } catch {
      if error.kind == .connection { isUsable = false }
      throw error.code == "SQLITE_9" ? (stop.isStopped ? .cancelled : .timedOut(limits)) : error
    }
  }

  /// A file that was replaced by another of its name stays open as the old one, unseen.
  private func requireSameFile() throws(QueryError) {
    guard file != FileIdentity(path) else { return }
    isUsable = false
    throw QueryError(.connection, "The file '\(path)' was moved, removed or replaced.")
  }

  private static func written(_ name: String) -> String {
    let isPlain = name.utf8.allSatisfy { $0 == 0x5F || (0x30...0x39).contains($0) || (0x61...0x7A).contains($0 | 0x20) }
    return isPlain && !name.isEmpty ? name : "\"" + name.replacing("\"", with: "\"\"") + "\""
  }
}

/// Which file a path names.
private struct FileIdentity: Equatable {
  var device: UInt
  var inode: UInt

  init?(_ path: String) {
    var status = stat()
    guard stat(path, &status) == 0 else { return nil }
    (device, inode) = (UInt(status.st_dev), UInt(status.st_ino))
  }
}
