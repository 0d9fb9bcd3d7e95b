import Dispatch
import Domain

/// Any ADBC driver that a user names: what it does with a text is its own affair, so it counts as unguarded.
struct ADBCConnector: DatabaseConnector {
  private let library: String
  private let entryPoints: [String]
  private let options: [(name: String, value: String)]
  private let limits: QueryLimits
  let dialect: SQLDialect
  let secrets: Secrets

  /// - Throws: `.configuration` for an unset variable, a dialect that there is none of, or when no library is named.
  init(_ source: DataSource, environment: [String: String]) throws(QueryError) {
    var references = EnvironmentReferences(environment: environment)
    var options: [(name: String, value: String)] = []
    let uri = try references.resolve(source.uri, of: "address (uri) of data source '\(source.name)'")
    if !uri.isEmpty { options.append(("uri", uri)) }
    for (name, text) in source.options.sorted(by: { $0.key < $1.key }) {
      let value = try references.resolve(text, of: "option '\(name)' of data source '\(source.name)'")
      if name.lowercased().contains("password") || name.lowercased().contains("token") { references.hide(value) }
      if !["library", "entrypoint", ADBCDialect.option].contains(name) { options.append((name, value)) }
    }
    if let password = Self.password(in: uri) { references.hide(password) }
    guard let library = source.options["library"], !library.isEmpty else {
      throw QueryError(
        .configuration, "Data source '\(source.name)' names no driver.",
        hint: "Give the path of the driver's library in the option library.")
    }
    self.library = library
    dialect = try ADBCDialect.of(source)
    entryPoints = source.options["entrypoint"].map { [$0] } ?? ["AdbcDriverInit"]
    self.options = options
    limits = source.limits
    secrets = references.secrets
  }

  func connect(_ stop: StopSignal) throws(QueryError) -> ADBCConnection {
    let driver = try ADBCDriver.load(library, entryPoints: entryPoints)
    return try ADBCConnection(ADBCDatabase(driver, options: options), dialect)
  }

  func test() async -> [ConnectionTestStep] {
    let (limits, dialect) = (limits, dialect)
    return await ConnectionTest.steps(of: self) { connection, stop in
      [
        ConnectionTest.step("Query") { () throws(QueryError) in
          _ = try connection.run(Query("SELECT 1", limits: limits), stop)
          return (.passed, "SELECT 1 was answered.")
        },
        ConnectionTest.step("Dialect") { () in
          ADBCDialect.finding(vendor: connection.vendor(limits), using: dialect)
        },
        ConnectionTest.step("Read only") { () in
          (
            .warned,
            "This driver is not guarded: only the words of a query are checked. "
              + "Use a role that may do nothing but read."
          )
        },
        ConnectionTest.step("Stop") { () in
          connection.canCancel
            ? (.passed, "The driver can stop a query.")
            : (.warned, "The driver cannot stop a query: one that takes too long goes on in the database.")
        },
        ADBCTables.step(connection, dialect, limits, stop),
      ]
    }
  }

  private static func password(in uri: String) -> String? {
    guard let scheme = uri.firstRange(of: "://"), let at = uri.lastIndex(of: "@"),
      let colon = uri[scheme.upperBound...].firstIndex(of: ":"), colon < at
    else { return nil }
    return String(uri[uri.index(after: colon)..<at])
  }
}

/// A connection of any ADBC driver.
///
/// `@unchecked Sendable`: used on its own queue, one call at a time; a call that is given up keeps the session for
/// itself, and this connection is then unusable.
final class ADBCConnection: DatabaseConnection, @unchecked Sendable {
  private var session: ADBCSession?
  private(set) var isUsable = true
  let canCancel: Bool
  private let dialect: SQLDialect

  init(_ database: ADBCDatabase, _ dialect: SQLDialect) throws(QueryError) {
    let session = try ADBCSession(database)
    // Where a driver knows these, a write is refused or undone; where not, the warning of the test stands.
    try? session.set("adbc.connection.readonly", "true")
    try? session.set("adbc.connection.autocommit", "false")
    canCancel = session.canCancel
    self.dialect = dialect
    self.session = session
  }

  func close() {
    isUsable = false
    session = nil
  }

  func run(_ query: Query, _ stop: StopSignal) throws(QueryError) -> ResultSet {
    for text in query.guarded + [query.sql] { try LexicalGuard.requireOneQuery(text) }
    do throws(QueryError) {
      return try within(query.limits) { (session) throws(QueryError) in try session.rows(query.sql, query, stop) }
    } catch {
      throw explained(error)
    }
  }

  /// What the driver calls the database; `nil` when it does not say.
  func vendor(_ limits: QueryLimits) -> String? {
    try? within(limits) { (session) throws(QueryError) in try session.vendor(limits) }
  }

  /// Asks for no row where the driver cannot describe a text.
  func describe(
    _ sql: String, _ limits: QueryLimits, _ stop: StopSignal
  ) throws(QueryError) -> [ColumnDescription] {
    try LexicalGuard.requireOneQuery(sql)
    return try within(limits) { (session) throws(QueryError) in
      if let columns = try? session.columns(sql, limits, stop) { return columns }
      var few = limits
      few.maxRows = 1
      return try session.rows(sql, Query(sql, limits: few), stop).columns.map(\.description)
    }
  }

  /// From the database's own catalogue, where its dialect is known; else from the standard's, where it has that.
  func tables(_ limits: QueryLimits, _ stop: StopSignal) throws(QueryError) -> [TableDescription] {
    var wide = limits
    wide.maxRows = 500_000
    let query = Query(ADBCTables.query(dialect), limits: wide)
    do throws(QueryError) {
      let rows = try within(wide) { (session) throws(QueryError) in try session.rows(query.sql, query, stop) }
      return ADBCTables.tables(rows, dialect)
    } catch {
      if dialect == .standard, error.kind != .connection, error.kind != .timeout, error.kind != .cancelled {
        return []
      }
      throw error
    }
  }

  /// SQLite leaves regular expressions to whoever uses it, and its ADBC driver has none.
  private func explained(_ error: QueryError) -> QueryError {
    guard error.message.contains("no such function: REGEXP") else { return error }
    return QueryError(
      error.kind, "SQLite's ADBC driver has no regular expressions (no such function: REGEXP).", code: error.code,
      hint: "Use driver: sqlite for this file, which has them, or write a condition with GLOB or LIKE.")
  }

  /// Runs `body` for at most the time limit and five seconds: a driver that cannot be stopped is left to itself.
  private func within<Value: Sendable>(
    _ limits: QueryLimits, _ body: @escaping (ADBCSession) throws(QueryError) -> Value
  ) throws(QueryError) -> Value {
    guard let session else { throw QueryError(.connection, "The connection was closed.") }
    let attempt = Attempt(session, body)
    DispatchQueue.global().async { attempt.run() }
    guard let result = attempt.wait(seconds: limits.timeoutSeconds + 5) else {
      isUsable = false
      self.session = nil
      throw .timedOut(limits)
    }
    if case .failure(let error) = result, error.kind == .connection || error.kind == .timeout { isUsable = false }
    return try result.get()
  }

  /// `@unchecked Sendable`: `result` is written before the semaphore is signalled and read after it was waited for; the
  /// session is used by `run` alone until then, and afterwards only when the wait was in time.
  private final class Attempt<Value: Sendable>: @unchecked Sendable {
    private let session: ADBCSession
    private let body: (ADBCSession) throws(QueryError) -> Value
    private var result: Result<Value, QueryError>?
    private let isDone = DispatchSemaphore(value: 0)

    init(_ session: ADBCSession, _ body: @escaping (ADBCSession) throws(QueryError) -> Value) {
      self.session = session
      self.body = body
    }

    func run() {
      do throws(QueryError) {
        let value = try body(session)
        try? session.rollback()
        result = .success(value)
      } catch {
        try? session.rollback()
        result = .failure(error)
      }
      isDone.signal()
    }

    func wait(seconds: Double) -> Result<Value, QueryError>? {
      isDone.wait(timeout: .now() + seconds) == .success ? result : nil
    }
  }
}
