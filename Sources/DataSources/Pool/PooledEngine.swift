import Domain

/// A data source whose statements run on a bounded pool of connections.
struct PooledEngine<Connector: DatabaseConnector>: QueryEngine {
  private let connector: Connector
  private let limits: QueryLimits
  private let pool: ConnectionPool<Connector>

  init(_ connector: Connector, source: DataSource) {
    self.connector = connector
    limits = source.limits
    pool = ConnectionPool(connector, limit: source.maxConnections)
  }

  var dialect: SQLDialect { connector.dialect }

  func run(_ query: Query) async throws(QueryError) -> ResultSet {
    try await scrubbed { (connection, stop) throws(QueryError) in
      try ResultSet.timed { () throws(QueryError) in try connection.run(query, stop) }
    }
  }

  func describe(_ sql: String) async throws(QueryError) -> [ColumnDescription] {
    let limits = limits
    return try await scrubbed { (connection, stop) throws(QueryError) in try connection.describe(sql, limits, stop) }
  }

  func run(_ batch: QueryBatch) async -> [QueryBatch.Answer] {
    if batch.queries.isEmpty { return [] }
    let secrets = connector.secrets
    let scrub = { @Sendable (answer: QueryBatch.Answer) in
      QueryBatch.Answer(
        answer.result.mapError(secrets.scrub), followUps: answer.followUps.map { $0.mapError(secrets.scrub) })
    }
    var scrubbed = batch
    scrubbed.onAnswer = { batch.onAnswer($0, scrub($1)) }
    return await connector.run(scrubbed, in: pool).map(scrub)
  }

  func tables() async throws(QueryError) -> [TableDescription] {
    let limits = limits
    return try await scrubbed { (connection, stop) throws(QueryError) in try connection.tables(limits, stop) }
  }

  func test() async -> [ConnectionTestStep] {
    let secrets = connector.secrets
    return await connector.test().map { step in
      var step = step
      step.detail = secrets.scrub(step.detail)
      return step
    }
  }

  func close() async { await pool.close() }

  private func scrubbed<Value: Sendable>(
    _ body: @escaping @Sendable (Connector.Connection, StopSignal) throws(QueryError) -> Value
  ) async throws(QueryError) -> Value {
    do throws(QueryError) {
      return try await pool.withLease { (lease, stop) async throws(QueryError) in
        try await lease.run(stop) { (connection) throws(QueryError) in try body(connection, stop) }
      }
    } catch {
      throw connector.secrets.scrub(error)
    }
  }
}

extension ResultSet {
  /// What `body` answers, with the time that it took.
  static func timed(_ body: () throws(QueryError) -> ResultSet) throws(QueryError) -> ResultSet {
    let started = ContinuousClock.now
    var rows = try body()
    rows.seconds = started.duration(to: .now) / .seconds(1)
    return rows
  }
}
