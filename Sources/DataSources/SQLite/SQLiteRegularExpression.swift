import CSQLite

#if canImport(Glibc)
  import Glibc
#endif

/// `text REGEXP 'pattern'`, which SQLite leaves to the application: POSIX extended expressions, matched anywhere in the
/// text, by characters of UTF-8.
final class SQLiteRegularExpression {
  private var compiled = regex_t()

  /// `nil` and the reason when the pattern is none.
  private init?(_ pattern: UnsafePointer<CChar>, reason: inout String) {
    let code = Self.inUTF8 { regcomp(&compiled, pattern, REG_EXTENDED | REG_NOSUB) }
    guard code == 0 else {
      let text = withUnsafeTemporaryAllocation(of: CChar.self, capacity: 200) { buffer in
        regerror(code, &compiled, buffer.baseAddress, buffer.count)
        return buffer.baseAddress.map { String(cString: $0) } ?? ""
      }
      reason = "the pattern '\(String(cString: pattern))' is no regular expression: \(text)"
      return nil
    }
  }

  deinit { regfree(&compiled) }

  private func matches(_ text: UnsafePointer<CChar>) -> Bool {
    Self.inUTF8 { regexec(&compiled, text, 0, nil, 0) } == 0
  }

  static func register(on database: OpaquePointer) {
    sqlite3_create_function_v2(
      database, "regexp", 2, SQLITE_UTF8 | SQLITE_DETERMINISTIC | SQLITE_INNOCUOUS, nil,
      { context, _, arguments in SQLiteRegularExpression.answer(context, arguments) }, nil, nil, nil)
  }

  private static func answer(_ context: OpaquePointer?, _ arguments: UnsafeMutablePointer<OpaquePointer?>?) {
    guard let arguments, let pattern = sqlite3_value_text(arguments[0]), let text = sqlite3_value_text(arguments[1])
    else { return sqlite3_result_null(context) }
    var reason = "not enough memory"
    let expression: SQLiteRegularExpression
    if let kept = sqlite3_get_auxdata(context, 0) {
      expression = Unmanaged<SQLiteRegularExpression>.fromOpaque(kept).takeUnretainedValue()
    } else {
      let start = UnsafeRawPointer(pattern).assumingMemoryBound(to: CChar.self)
      guard let compiled = SQLiteRegularExpression(start, reason: &reason) else {
        return sqlite3_result_error(context, reason, -1)
      }
      expression = compiled
      // SQLite keeps it for the next rows when the pattern is constant.
      sqlite3_set_auxdata(context, 0, Unmanaged.passRetained(compiled).toOpaque()) { kept in
        if let kept { Unmanaged<SQLiteRegularExpression>.fromOpaque(kept).release() }
      }
    }
    let start = UnsafeRawPointer(text).assumingMemoryBound(to: CChar.self)
    sqlite3_result_int(context, expression.matches(start) ? 1 : 0)
  }

  /// glibc reads the locale of the thread, which is "C" unless somebody set it: a character would be a byte.
  private static func inUTF8<Value>(_ body: () -> Value) -> Value {
    guard let locale = utf8.pointer else { return body() }
    let before = uselocale(locale)
    defer { uselocale(before) }
    return body()
  }

  private static let utf8 = Locale()

  /// `@unchecked Sendable`: a locale object is never changed after it was made.
  private struct Locale: @unchecked Sendable {
    let pointer = newlocale(Int32(LC_CTYPE_MASK), "C.UTF-8", nil)
  }
}
