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
}
