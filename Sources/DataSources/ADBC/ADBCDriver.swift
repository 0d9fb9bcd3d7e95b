import CADBC
import Domain
import Synchronization

/// A driver's shared library with its table of functions.
///
/// `@unchecked Sendable`: the table is filled once, before anybody else has it, and only read afterwards; it is never
/// freed, as the library is never unloaded.
final class ADBCDriver: @unchecked Sendable {
  let functions: UnsafeMutablePointer<CADBC.AdbcDriver>

  private static let loaded = Mutex<[String: ADBCDriver]>([:])

  /// The driver in `library`; each is loaded once.
  ///
  /// - Parameters:
  ///   - entryPoints: names of the initialising function, the first one found is taken.
  ///   - companion: a library whose names `library` wants to find.
  static func load(
    _ library: String, entryPoints: [String], companion: String? = nil
  ) throws(QueryError) -> ADBCDriver {
    let key = library + "\n" + entryPoints.joined(separator: " ")
    return try loaded.withLock { (drivers) throws(QueryError) in
      if let driver = drivers[key] { return driver }
      let driver = try ADBCDriver(library, entryPoints, companion)
      drivers[key] = driver
      return driver
    }
  }

  private init(_ library: String, _ entryPoints: [String], _ companion: String?) throws(QueryError) {
    if let companion, cadbc_open(companion, 1) == nil { throw Self.unloadable(companion) }
    guard let handle = cadbc_open(library, 0) else { throw Self.unloadable(library) }
    guard let entry = entryPoints.lazy.compactMap({ cadbc_symbol(handle, $0) }).first else {
      throw QueryError(
        .configuration, "The library '\(library)' has no function \(entryPoints.joined(separator: " or ")).",
        hint: "Name the driver's function in the option entrypoint.")
    }
    functions = .allocate(capacity: 1)
    functions.initialize(to: CADBC.AdbcDriver())
    let functions = functions
    try Self.check(functions) { cadbc_initialize(entry, functions, $0) }
  }

  /// Calls a function of the driver and throws what it says.
  func check(_ call: (UnsafeMutablePointer<AdbcError>) -> AdbcStatusCode) throws(QueryError) {
    try Self.check(functions, call)
  }

  private static func check(
    _ functions: UnsafeMutablePointer<CADBC.AdbcDriver>, _ call: (UnsafeMutablePointer<AdbcError>) -> AdbcStatusCode
  ) throws(QueryError) {
    var error = cadbc_new_error()
    let status = withUnsafeMutablePointer(to: &error) { call($0) }
    defer { error.release?(&error) }
    if status != 0 { throw QueryError(adbc: status, error) }
  }

  private static func unloadable(_ library: String) -> QueryError {
    let reason = cadbc_last_error().map { String(cString: $0) } ?? "unknown reason"
    return QueryError(.configuration, "The library '\(library)' cannot be loaded: \(reason).")
  }
}

extension QueryError {
  /// What a driver said. The status codes are those of adbc.h.
  init(adbc status: AdbcStatusCode, _ error: AdbcError) {
    let message = error.message.map { trimmed(String(cString: $0)) } ?? "The driver failed with status \(status)."
    let state = withUnsafeBytes(of: error.sqlstate) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
    self.init(adbcStatus: status, message, state: state)
  }

  init(adbcStatus status: AdbcStatusCode, _ message: String, state: String) {
    let kind: Kind =
      switch status {
      case 3: .unknownTable
      case 10: .connection
      case 11: .cancelled
      case 12: .timeout
      case 13, 14: .permission
      default: .other
      }
    let isState = state.utf8.count == 5 && state.utf8.contains { $0 != 0x30 }
    self.init(kind, message, code: isState ? state : nil)
  }
}
