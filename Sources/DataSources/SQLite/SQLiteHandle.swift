import CSQLite
import Domain

#if canImport(Glibc)
  import Glibc
#endif

/// The handle of an open file, made so that it can only read.
///
/// `@unchecked Sendable`: used on its connection's queue, but for `sqlite3_interrupt`, which SQLite allows from any
/// thread while the handle is open.
final class SQLiteHandle: @unchecked Sendable {
  let database: OpaquePointer
  let watch: SQLiteWatch
  private var isOpen = true

  init(opening settings: SQLiteSettings) throws(QueryError) {
    try Self.requireReadableFile(settings.path)
    var opened: OpaquePointer?
    let code = sqlite3_open_v2(
      settings.name, &opened,
      SQLITE_OPEN_READONLY | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE
        | (settings.name == settings.path ? 0 : SQLITE_OPEN_URI), nil)
    guard let database = opened, code == SQLITE_OK else {
      let reason = opened.map { String(cString: sqlite3_errmsg($0)) } ?? "not enough memory"
      sqlite3_close_v2(opened)
      throw QueryError(.connection, "Cannot open '\(settings.path)': \(reason).")
    }
    self.database = database
    watch = SQLiteWatch()
    guard checker_sqlite3_harden(database) == SQLITE_OK else {
      throw QueryError(.connection, "This SQLite cannot be kept from writing.")
    }
    sqlite3_limit(database, SQLITE_LIMIT_ATTACHED, 0)
    sqlite3_limit(database, SQLITE_LIMIT_LENGTH, Int32(clamping: max(1 << 20, settings.limits.maxBytes)))
    SQLiteRegularExpression.register(on: database)
    watch.install(on: database)
  }

  deinit { close() }

  func close() {
    guard isOpen else { return }
    isOpen = false
    sqlite3_close_v2(database)
  }

  func interrupt() { sqlite3_interrupt(database) }

  /// Better words than "unable to open database file".
  private static func requireReadableFile(_ path: String) throws(QueryError) {
    var status = stat()
    guard stat(path, &status) == 0 else {
      throw QueryError(.connection, "There is no file '\(path)'.", hint: "Check the path; it is not created.")
    }
    guard status.st_mode & S_IFMT == S_IFREG else {
      throw QueryError(.connection, "'\(path)' is not a file.")
    }
    guard access(path, R_OK) == 0 else {
      throw QueryError(
        .connection, "The file '\(path)' may not be read.", hint: "Give the service the right to read it.")
    }
  }
}
