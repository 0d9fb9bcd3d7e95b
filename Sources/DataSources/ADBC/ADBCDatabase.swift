import CADBC
import Domain
import Synchronization

/// A database as a driver opened it; connections share it.
///
/// `@unchecked Sendable`: ADBC allows connections to be made from any thread once the database is initialised.
final class ADBCDatabase: @unchecked Sendable {
  let driver: ADBCDriver
  /// The driver met an error inside itself: nothing more is opened on this database.
  let isDamaged = Atomic(false)
  /// On the heap, as connections of several threads name it.
  private let database: UnsafeMutablePointer<AdbcDatabase>

  init(_ driver: ADBCDriver, options: [(name: String, value: String)]) throws(QueryError) {
    self.driver = driver
    let database = UnsafeMutablePointer<AdbcDatabase>.allocate(capacity: 1)
    database.initialize(to: AdbcDatabase())
    self.database = database
    let table = driver.functions.pointee
    guard let new = table.DatabaseNew, let set = table.DatabaseSetOption, let initialize = table.DatabaseInit else {
      throw .incompleteDriver
    }
    try driver.check { new(database, $0) }
    database.pointee.private_driver = driver.functions
    for (name, value) in options {
      do throws(QueryError) {
        try driver.check { set(database, name, value, $0) }
      } catch {
        throw error.naming(option: name, value)
      }
    }
    try driver.check { initialize(database, $0) }
  }

  deinit {
    let database = database
    if database.pointee.private_data != nil {
      try? driver.check { driver.functions.pointee.DatabaseRelease?(database, $0) ?? 0 }
    }
    database.deallocate()
  }

  fileprivate func initialize(_ connection: UnsafeMutablePointer<AdbcConnection>) throws(QueryError) {
    guard let initialize = driver.functions.pointee.ConnectionInit else { throw .incompleteDriver }
    try driver.check { initialize(connection, database, $0) }
  }
}

/// A connection of a driver, used by one thread at a time.
final class ADBCSession {
  let database: ADBCDatabase
  fileprivate let connection: UnsafeMutablePointer<AdbcConnection>
  fileprivate var driver: ADBCDriver { database.driver }

  init(_ database: ADBCDatabase) throws(QueryError) {
    self.database = database
    let connection = UnsafeMutablePointer<AdbcConnection>.allocate(capacity: 1)
    connection.initialize(to: AdbcConnection())
    self.connection = connection
    guard let new = database.driver.functions.pointee.ConnectionNew else { throw .incompleteDriver }
    try database.driver.check { new(connection, $0) }
    connection.pointee.private_driver = database.driver.functions
    try database.initialize(connection)
  }

  deinit {
    let connection = connection
    if connection.pointee.private_data != nil {
      try? driver.check { driver.functions.pointee.ConnectionRelease?(connection, $0) ?? 0 }
    }
    connection.deallocate()
  }

  /// - Throws: also when the driver does not know the option.
  func set(_ option: String, _ value: String) throws(QueryError) {
    guard let set = driver.functions.pointee.ConnectionSetOption else { throw .incompleteDriver }
    try driver.check { set(connection, option, value, $0) }
  }

  func rollback() throws(QueryError) {
    guard let rollback = driver.functions.pointee.ConnectionRollback else { return }
    try driver.check { rollback(connection, $0) }
  }

  /// What the driver calls the database; `nil` when it does not say.
  func vendor(_ limits: QueryLimits) throws(QueryError) -> String? {
    guard let tell = driver.functions.pointee.ConnectionGetInfo else { return nil }
    let stream = ArrowStream(driver)
    let vendorName: UInt32 = 0
    try driver.check { error in withUnsafePointer(to: vendorName) { tell(connection, $0, 1, stream.pointer, error) } }
    let rows = try stream.rows(Query("", limits: limits))
    return rows.rowCount > 0 && rows.columns.count > 1 ? rows.cell(row: 0, column: 1).text : nil
  }

  /// The driver's own check that it can be stopped.
  var canCancel: Bool { driver.functions.pointee.StatementCancel != nil }
}

/// One statement with its text.
final class ADBCStatement {
  private let session: ADBCSession
  private var driver: ADBCDriver { session.driver }
  /// On the heap, because the stop of another thread names it.
  private let statement: UnsafeMutablePointer<AdbcStatement>

  init(_ sql: String, on session: ADBCSession) throws(QueryError) {
    self.session = session
    statement = .allocate(capacity: 1)
    statement.initialize(to: AdbcStatement())
    let table = session.driver.functions.pointee
    guard let new = table.StatementNew, let set = table.StatementSetSqlQuery else { throw .incompleteDriver }
    let statement = statement
    try session.driver.check { new(session.connection, statement, $0) }
    statement.pointee.private_driver = session.driver.functions
    try session.driver.check { set(statement, sql, $0) }
  }

  deinit {
    let statement = statement
    if statement.pointee.private_data != nil {
      try? driver.check { driver.functions.pointee.StatementRelease?(statement, $0) ?? 0 }
    }
    statement.deallocate()
  }

  /// Stops the statement; may be called by any thread while the statement lives.
  var cancellation: ADBCCancellation { ADBCCancellation(driver: driver, statement: statement) }

  /// The columns, without running the statement; `nil` when the driver cannot tell.
  func schema() throws(QueryError) -> ArrowFields? {
    guard let execute = driver.functions.pointee.StatementExecuteSchema else { return nil }
    var schema = ArrowSchema()
    defer { schema.release?(&schema) }
    try driver.check { execute(statement, &schema, $0) }
    return ArrowFields(schema)
  }

  func execute() throws(QueryError) -> ArrowStream {
    guard let execute = driver.functions.pointee.StatementExecuteQuery else { throw .incompleteDriver }
    let stream = ArrowStream(driver)
    var affected: Int64 = -1
    try driver.check { execute(statement, stream.pointer, &affected, $0) }
    return stream
  }
}

/// Stops a statement from another thread.
///
/// `@unchecked Sendable`: ADBC 1.1 allows StatementCancel from any thread; `StopSignal.whileRunning` sees to it that the
/// statement still lives.
struct ADBCCancellation: @unchecked Sendable {
  let driver: ADBCDriver
  let statement: UnsafeMutablePointer<AdbcStatement>

  func callAsFunction() {
    guard let cancel = driver.functions.pointee.StatementCancel else { return }
    try? driver.check { cancel(statement, $0) }
  }
}

extension QueryError {
  /// Drivers often do not say which option they mean. What may be a secret is not said.
  fileprivate func naming(option name: String, _ value: String) -> QueryError {
    let isSecret = ["uri", "pass", "token", "secret", "key", "auth", "cred"].contains(where: name.lowercased().contains)
    let shown = isSecret || value.utf8.count > 100 ? "" : " with the value '\(value)'"
    return QueryError(
      .configuration, "The driver does not take the option '\(name)'\(shown): \(message)", code: code, hint: hint)
  }

  static let incompleteDriver = QueryError(.configuration, "The driver lacks functions that every ADBC driver has.")
}
