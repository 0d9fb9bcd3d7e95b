import Domain

/// One connection of a driver. All calls block, and are made on the connection's own queue, one at a time.
protocol DatabaseConnection: AnyObject, Sendable {
  /// False once the database went away or a stop left the connection in doubt; it is then closed and replaced.
  var isUsable: Bool { get }

  /// The last call failed before it did anything, because the connection had died while it was idle.
  var wasStale: Bool { get }

  func run(_ query: Query, _ stop: StopSignal) throws(QueryError) -> ResultSet
  func describe(_ sql: String, _ limits: QueryLimits, _ stop: StopSignal) throws(QueryError) -> [ColumnDescription]
  func tables(_ limits: QueryLimits, _ stop: StopSignal) throws(QueryError) -> [TableDescription]
  func close()
}

/// Makes connections of one data source.
protocol DatabaseConnector: Sendable {
  associatedtype Connection: DatabaseConnection

  var dialect: SQLDialect { get }
  /// What no message may show.
  var secrets: Secrets { get }

  /// How long a connection stays open without work.
  var idleTime: Duration { get }

  /// Blocks; called on the queue that the connection will live on.
  func connect(_ stop: StopSignal) throws(QueryError) -> Connection

  /// Queries that belong together; answer `i` is that of query `i`.
  func run(_ batch: QueryBatch, in pool: ConnectionPool<Self>) async -> [QueryBatch.Answer]

  /// The steps of a connection test, made on a connection of its own.
  func test() async -> [ConnectionTestStep]
}

extension DatabaseConnection {
  var wasStale: Bool { !isUsable }
}

extension DatabaseConnector {
  /// Production databases have few connections to give.
  var idleTime: Duration { .seconds(60) }
}
