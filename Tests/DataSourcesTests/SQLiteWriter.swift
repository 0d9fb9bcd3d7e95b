import CSQLite
import Domain

/// A connection that may write: what another process does to a file.
final class SQLiteWriter {
  private var database: OpaquePointer?

  init(_ path: String) throws {
    guard sqlite3_open(path, &database) == SQLITE_OK else { throw QueryError(.connection, path) }
    sqlite3_busy_timeout(database, 10_000)
  }

  deinit { sqlite3_close(database) }

  func run(_ sql: String) throws {
    guard sqlite3_exec(database, sql, nil, nil, nil) == SQLITE_OK else {
      throw QueryError(.other, String(cString: sqlite3_errmsg(database)) + ": " + sql)
    }
  }
}
