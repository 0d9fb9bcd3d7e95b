import Dispatch
import Domain

/// Connects to PostgreSQL by libpq.
struct PostgreSQLConnector: DatabaseConnector {
  let settings: PostgreSQLSettings
  let maxConnections: Int

  init(_ source: DataSource, environment: [String: String]) throws(QueryError) {
    settings = try PostgreSQLSettings(source, environment: environment)
    maxConnections = source.maxConnections
  }

  var dialect: SQLDialect { .postgresql }
  var secrets: Secrets { settings.secrets }

  func connect(_ stop: StopSignal) throws(QueryError) -> PostgreSQLConnection {
    try PostgreSQLConnection(settings, stop)
  }

  func test() async -> [ConnectionTestStep] {
    await ConnectionTest.steps(of: self) { connection, stop in
      [
        ConnectionTest.step("Server") { () throws(QueryError) in
          (.passed, "PostgreSQL \(connection.wire.parameter("server_version") ?? "of an unknown version")")
        },
        ConnectionTest.step("Read only") { () throws(QueryError) in try connection.provesReadOnly(stop) },
        ConnectionTest.step("Rights") { () throws(QueryError) in try connection.judgesRights(stop) },
        ConnectionTest.tables(connection, settings.limits, stop),
      ]
    }
  }
}

extension PostgreSQLConnection {
  /// Tries to write where nothing can be written, and wants to be refused.
  fileprivate func provesReadOnly(_ stop: StopSignal) throws(QueryError) -> ConnectionTest.Finding {
    do throws(QueryError) {
      try attemptWrite(stop)
    } catch {
      guard error.code == "25006" else { throw error }
      return (.passed, "Writing is refused in our transactions.")
    }
    return (.failed, "A table could be made in a read-only transaction, which was rolled back.")
  }

  private func attemptWrite(_ stop: StopSignal) throws(QueryError) {
    try wire.exchange(seconds: sourceLimits.timeoutSeconds + 1, stop) { () throws(QueryError) in
      try begin("BEGIN READ ONLY", sourceLimits)
      try wire.sendQuery("CREATE TABLE malleable_checker_probe (id integer)")
      try wire.sendSync()
      try sendEnd()
      let reply = try control()
      try wire.sync()
      receiveEnd()
      if case .failed(let error) = reply { throw error }
    }
  }

  /// What a read-only transaction does not stop: a role that may touch the server's files and programs.
  fileprivate func judgesRights(_ stop: StopSignal) throws(QueryError) -> ConnectionTest.Finding {
    let sql = """
      SELECT current_user::text, coalesce((SELECT rolsuper FROM pg_catalog.pg_roles WHERE rolname = current_user), false),
             coalesce((SELECT string_agg(rolname, ', ' ORDER BY rolname) FROM pg_catalog.pg_roles
               WHERE rolname IN ('pg_read_server_files', 'pg_write_server_files', 'pg_execute_server_program')
                 AND pg_catalog.pg_has_role(oid, 'USAGE')), '')
      """
    let row = try run(Query(sql), stop).row(0)
    if row[1] == .boolean(true) {
      return (
        .warned,
        "\(row[0].text) is a superuser: its queries can read the server's files and end other sessions. "
          + "Use a role that may only read the tables."
      )
    }
    if !row[2].text.isEmpty {
      return (.warned, "\(row[0].text) has \(row[2].text): its queries can reach the server's files. Use another role.")
    }
    return (.passed, "\(row[0].text) is an ordinary role.")
  }
}
