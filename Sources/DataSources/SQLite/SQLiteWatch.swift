import CSQLite

#if canImport(Glibc)
  import Glibc
#endif

/// What SQLite asks while it works: may this be done, and is there time left?
///
/// Only touched on the connection's queue, from inside calls to SQLite.
final class SQLiteWatch {
  /// A statement of ours runs, which the authoriser lets through.
  var isOurs = false
  var deadline: ContinuousClock.Instant = .now
  var stop = StopSignal()

  private var isOver: Bool { stop.isStopped || ContinuousClock.now >= deadline }

  /// The handle must not outlive this object.
  func install(on database: OpaquePointer) {
    let context = Unmanaged.passUnretained(self).toOpaque()
    sqlite3_set_authorizer(
      database,
      { context, action, first, second, _, _ in
        SQLiteWatch.from(context).allows(action, first, second) ? SQLITE_OK : SQLITE_DENY
      }, context)
    // 10,000 steps take well under a millisecond.
    sqlite3_progress_handler(database, 10_000, { SQLiteWatch.from($0).isOver ? 1 : 0 }, context)
    sqlite3_busy_handler(database, { context, _ in SQLiteWatch.from(context).waitForLock() ? 1 : 0 }, context)
  }

  private static func from(_ context: UnsafeMutableRawPointer?) -> SQLiteWatch {
    guard let context else { return SQLiteWatch() }
    return Unmanaged<SQLiteWatch>.fromOpaque(context).takeUnretainedValue()
  }

  private func waitForLock() -> Bool {
    if isOver { return false }
    usleep(5000)
    return true
  }

  private static let refusedFunctions: Set<String> = [
    "load_extension", "fts3_tokenizer", "readfile", "writefile", "edit", "fsdir", "lsmode", "zipfile", "sqlar_compress",
    "sqlar_uncompress", "sqlite_rename_column", "sqlite_rename_table", "sqlite_rename_test", "sqlite_drop_column",
  ]

  private static func isSchema(_ table: UnsafePointer<CChar>?) -> Bool {
    table.map { String(cString: $0) } == "sqlite_master"
  }

  private func allows(_ action: Int32, _ first: UnsafePointer<CChar>?, _ second: UnsafePointer<CChar>?) -> Bool {
    if isOurs { return true }
    switch action {
    case SQLITE_SELECT, SQLITE_RECURSIVE: return true
    case SQLITE_READ: return !(first.map { String(cString: $0).lowercased().hasPrefix("pragma_") } ?? false)
    // A table-valued function such as json_each declares its columns: SQLite asks for this and changes nothing. A real
    // UPDATE of this table is refused by SQLite itself, which is in defensive mode on a file that is open to read.
    case SQLITE_UPDATE: return Self.isSchema(first)
    case SQLITE_FUNCTION: return !Self.refusedFunctions.contains(second.map { String(cString: $0).lowercased() } ?? "")
    default: return false
    }
  }
}
