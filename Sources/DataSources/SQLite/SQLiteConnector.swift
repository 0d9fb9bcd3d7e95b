import CSQLite
import Domain

/// Opens a SQLite file by the system's library.
struct SQLiteConnector: DatabaseConnector {
  let settings: SQLiteSettings

  init(_ source: DataSource, environment: [String: String]) throws(QueryError) {
    settings = try SQLiteSettings(source, environment: environment)
  }

  var dialect: SQLDialect { .sqlite }
  var secrets: Secrets { settings.secrets }

  func connect(_ stop: StopSignal) throws(QueryError) -> SQLiteConnection { try SQLiteConnection(settings) }

  func run(_ batch: QueryBatch, in pool: ConnectionPool<Self>) async -> [QueryBatch.Answer] {
    await run(batch, in: pool) { (connection, stop, body) throws(QueryError) in
      try connection.onSnapshot(stop, body)
    }
  }

  func test() async -> [ConnectionTestStep] {
    let limits = settings.limits
    return await ConnectionTest.steps(of: self) { connection, stop in
      [
        ConnectionTest.step("Database") { () throws(QueryError) in
          _ = try connection.run(Query("SELECT count(*) FROM sqlite_schema", limits: limits), stop)
          return (.passed, "A SQLite database, read by SQLite \(String(cString: sqlite3_libversion())).")
        },
        ConnectionTest.step("Read only") { () throws(QueryError) in try Self.provesReadOnly(connection, stop) },
        ConnectionTest.tables(connection, limits, stop),
      ]
    }
  }

  /// Tries to write past the guard, and wants to be refused by the file's own mode.
  private static func provesReadOnly(
    _ connection: SQLiteConnection, _ stop: StopSignal
  ) throws(QueryError) -> ConnectionTest.Finding {
    do throws(QueryError) {
      try connection.ours("CREATE TABLE malleable_checker_probe (id)", stop)
    } catch {
      guard error.kind == .notReadOnly else { throw error }
      return (.passed, "The file is open for reading only.")
    }
    return (.failed, "The file could be written.")
  }
}
