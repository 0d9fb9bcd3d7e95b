import CSQLite
import Domain

extension QueryError {
  static let writes = QueryError(
    .notReadOnly, "The statement does more than read, so it was refused.", hint: "Write one SELECT.")

  /// What SQLite said about `sql`.
  init(sqlite database: OpaquePointer, _ code: Int32, in sql: String) {
    let message = String(cString: sqlite3_errmsg(database))
    let name = "SQLITE_\(code & 0xFF)"
    let position = Self.characters(upTo: sqlite3_error_offset(database), in: sql)
    switch code & 0xFF {
    case SQLITE_AUTH: self = .writes
    case SQLITE_READONLY: self = QueryError(.notReadOnly, "Writing is refused: \(message).", code: name)
    case SQLITE_INTERRUPT: self = QueryError(.timeout, "The query was stopped.", code: name)
    case SQLITE_BUSY, SQLITE_LOCKED:
      self = QueryError(
        .timeout, "Another process held the file's lock for the whole time limit.", code: name,
        hint: "Switch the database to WAL mode, or raise the time limit.")
    case SQLITE_NOTADB:
      self = QueryError(.connection, "The file is not a SQLite database, or it is encrypted.", code: name)
    case SQLITE_CORRUPT: self = QueryError(.connection, "The database file is damaged: \(message).", code: name)
    case SQLITE_CANTOPEN:
      self = QueryError(
        .connection, "The database file cannot be opened: \(message).", code: name,
        hint: "A database in WAL mode needs a folder that may be written, or the option immutable.")
    case SQLITE_IOERR: self = QueryError(.connection, "The database file cannot be read: \(message).", code: name)
    case SQLITE_TOOBIG: self = QueryError(.tooLarge, "A value is larger than the byte limit allows.", code: name)
    case SQLITE_NOMEM: self = QueryError(.tooLarge, "There is not enough memory for the query.", code: name)
    default: self = QueryError(Self.kind(of: message), message, code: name, position: position)
    }
  }

  /// SQLite has one code for everything that is wrong with a text; its messages are English and fixed.
  private static func kind(of message: String) -> Kind {
    if message.hasPrefix("no such table") || message.hasPrefix("unknown database") { return .unknownTable }
    if message.hasPrefix("no such column") { return .unknownColumn }
    if message.hasSuffix("syntax error") || message.hasPrefix("incomplete input")
      || message.hasPrefix("unrecognized token")
    {
      return .syntax
    }
    if message.hasPrefix("too many columns") { return .tooLarge }
    if message.hasPrefix("not authorized") || message.hasPrefix("access to ") { return .notReadOnly }
    return .other
  }

  private static func characters(upTo offset: Int32, in sql: String) -> Int? {
    guard offset >= 0, Int(offset) <= sql.utf8.count else { return nil }
    return String(decoding: sql.utf8.prefix(Int(offset)), as: UTF8.self).unicodeScalars.count + 1
  }
}
