import Domain

/// A connection to PostgreSQL that runs nothing but guarded queries.
///
/// `@unchecked Sendable`: as every `DatabaseConnection` it is used on its own queue, one call at a time.
final class PostgreSQLConnection: DatabaseConnection, @unchecked Sendable {
  let wire: PostgreSQLWire
  let sourceLimits: QueryLimits
  private var typeNames: [String: (name: String, type: ColumnType)] = [:]

  init(_ settings: PostgreSQLSettings, _ stop: StopSignal) throws(QueryError) {
    sourceLimits = settings.limits
    let first = try PostgreSQLWire(connecting: settings, stop)
    if first.parameter("server_encoding") == "SQL_ASCII" {
      // Such a database holds any bytes, and refuses to hand them over as UTF-8.
      first.disconnect()
      wire = try PostgreSQLWire(connecting: settings.withoutEncoding, stop)
    } else {
      wire = first
    }
  }

  var isUsable: Bool { !wire.isBroken }
  var wasStale: Bool { wire.isBroken && !wire.hasAnswered }

  func close() { wire.disconnect() }

  func run(_ query: Query, _ stop: StopSignal) throws(QueryError) -> ResultSet {
    try Self.refuseNUL(in: query)
    var result = try inTransaction(query.limits, stop) { () throws(QueryError) in
      try self.answer(query, endsTransaction: true)
    }
    try nameTypes(&result.columns, stop)
    return result
  }

  func describe(
    _ sql: String, _ limits: QueryLimits, _ stop: StopSignal
  ) throws(QueryError) -> [ColumnDescription] {
    try QueryError.refuseNUL(in: sql)
    var columns = try inTransaction(limits, stop) { () throws(QueryError) in
      try sendGuard(sql)
      try wire.sendSync()
      try sendEnd()
      let prepared = try control()
      let described = try control()
      try wire.sync()
      receiveEnd()
      if let error = PostgreSQLGuard.verdict(on: sql, prepared: prepared, described: described) { throw error }
      guard case .done(let columns, _) = described else { throw QueryError.noColumns }
      return columns.map { ColumnVector(description: $0, storage: .nulls) }
    }
    try nameTypes(&columns, stop)
    return columns.map(\.description)
  }

  // MARK: one query

  /// Opens a read-only transaction ahead of `body`; the answers to that are read first.
  private func inTransaction<Value>(
    _ limits: QueryLimits, _ stop: StopSignal, _ body: () throws(QueryError) -> Value
  ) throws(QueryError) -> Value {
    let started = ContinuousClock.now
    do throws(QueryError) {
      return try wire.exchange(seconds: limits.timeoutSeconds + 1, stop) { () throws(QueryError) in
        try begin("BEGIN READ ONLY", limits)
        return try body()
      }
    } catch {
      throw explained(error, limits, since: started, stop)
    }
  }

  func begin(_ statement: String, _ limits: QueryLimits) throws(QueryError) {
    try wire.sendQuery(statement)
    let isOther = limits.timeoutSeconds != sourceLimits.timeoutSeconds
    if isOther {
      try wire.sendQuery("SET LOCAL statement_timeout = \(PostgreSQLSettings.milliseconds(limits))")
    }
    try wire.sendSync()
    pendingBegin = isOther ? 2 : 1
  }

  /// Commands of the transaction's beginning whose answers were not read yet.
  var pendingBegin = 0

  func receiveBegin() throws(QueryError) {
    guard pendingBegin > 0 else { return }
    var failure: QueryError?
    while pendingBegin > 0 {
      pendingBegin -= 1
      let reply = try wire.reply(Self.controlBudget)
      if case .failed(let error) = reply { failure = failure ?? error }
    }
    try wire.sync()
    if let failure {
      wire.giveUp()
      throw failure
    }
  }

  /// Sends `query` with the texts it was composed around, and reads the answer. With `endsTransaction` the end of the
  /// transaction travels along.
  func answer(_ query: Query, endsTransaction: Bool) throws(QueryError) -> ResultSet {
    try send(query)
    if endsTransaction, PostgreSQLGuard.startsWithSelect(query.sql) { try sendEnd() }
    let outcome = try receive(query)
    if endsTransaction, !wire.isBroken {
      if !PostgreSQLGuard.startsWithSelect(query.sql) { try sendEnd() }
      receiveEnd()
    }
    return try outcome.get()
  }

  func send(_ query: Query) throws(QueryError) {
    for text in query.guarded { try sendGuard(text) }
    if PostgreSQLGuard.startsWithSelect(query.sql) {
      try wire.sendQuery(query.sql)
    } else {
      try sendGuard(query.sql)
    }
    try wire.sendSync()
  }

  /// The answer to what `send` sent.
  ///
  /// - Throws: when the connection was lost or stopped; what the database has against the query is in the result.
  func receive(_ query: Query) throws(QueryError) -> Result<ResultSet, QueryError> {
    try receiveBegin()
    var failure: QueryError?
    for text in query.guarded {
      let error = PostgreSQLGuard.verdict(on: text, prepared: try control(), described: try control())
      failure = failure ?? error
    }
    let isSelect = PostgreSQLGuard.startsWithSelect(query.sql)
    var reply: PostgreSQLWire.Reply
    if isSelect {
      reply = try wire.reply(ResultBudget(query.limits, truncates: query.truncates))
    } else {
      let prepared = try control()
      reply = try control()
      failure = failure ?? PostgreSQLGuard.verdict(on: query.sql, prepared: prepared, described: reply)
    }
    if !wire.isBroken { try wire.sync() }
    if !isSelect, failure == nil {
      try wire.sendExecute()
      try wire.sendSync()
      reply = try wire.reply(ResultBudget(query.limits, truncates: query.truncates))
      if !wire.isBroken { try wire.sync() }
    }
    return failure.map { .failure($0) } ?? outcome(of: reply)
  }

  private func outcome(of reply: PostgreSQLWire.Reply) -> Result<ResultSet, QueryError> {
    switch reply {
    case .rows(let result): result.columns.isEmpty ? .failure(.noColumns) : .success(result)
    case .failed(let error): .failure(error)
    case .done: .failure(.noColumns)
    case .skipped: .failure(QueryError(.other, "The database passed over the query."))
    }
  }

  static func refuseNUL(in query: Query) throws(QueryError) {
    try QueryError.refuseNUL(in: query.sql)
    for text in query.guarded { try QueryError.refuseNUL(in: text) }
  }

  func sendGuard(_ sql: String) throws(QueryError) {
    try wire.sendPrepare(sql)
    try wire.sendDescribe()
  }

  /// `DISCARD ALL` drops what outlives a transaction: session advisory locks, first of all.
  func sendEnd() throws(QueryError) {
    try wire.sendQuery("ROLLBACK")
    try wire.sendSync()
    try wire.sendQuery("DISCARD ALL")
    try wire.sendSync()
  }

  /// What the query gave stands, whatever happens to the connection now.
  func receiveEnd() {
    for _ in 0..<2 where !wire.isBroken {
      do throws(QueryError) {
        let reply = try control()
        try wire.sync()
        if case .failed = reply { wire.giveUp() }
      } catch {
        wire.giveUp()
      }
    }
  }

  /// The answer to a statement of ours.
  func control() throws(QueryError) -> PostgreSQLWire.Reply {
    try receiveBegin()
    return try wire.reply(Self.controlBudget)
  }

  private static var controlBudget: ResultBudget { ResultBudget(QueryLimits(), truncates: true) }

  // MARK: words

  /// Says who stopped a query.
  func explained(
    _ error: QueryError, _ limits: QueryLimits, since started: ContinuousClock.Instant, _ stop: StopSignal
  ) -> QueryError {
    // What is wrong with the query itself stays, also where its rows were cut off at their limit.
    if error.kind == .notReadOnly { return error }
    guard error.kind == .timeout || wire.wasStopped else { return error }
    if stop.isStopped { return .cancelled }
    if wire.wasStopped { return error.kind == .tooLarge ? error : .timedOut(limits) }
    let took = started.duration(to: .now)
    if took >= .seconds(limits.timeoutSeconds * 0.9) { return .timedOut(limits) }
    return QueryError(.cancelled, "Somebody cancelled the query in the database.", code: error.code)
  }

  /// Gives types that the database defines itself their names.
  private func nameTypes(_ columns: inout [ColumnVector], _ stop: StopSignal) throws(QueryError) {
    let numbers = Set(columns.map(\.description.databaseType).filter { $0.utf8.first.map { $0 <= 0x39 } ?? false })
    let unknown = numbers.filter { typeNames[$0] == nil }
    if !unknown.isEmpty, !wire.isBroken { try learnTypes(unknown.sorted(), stop) }
    for index in columns.indices {
      guard let known = typeNames[columns[index].description.databaseType] else { continue }
      columns[index].description.databaseType = known.name
      columns[index].description.type = known.type
    }
  }

  private func learnTypes(_ numbers: [String], _ stop: StopSignal) throws(QueryError) {
    let list = numbers.joined(separator: ", ")
    let names = try run(
      Query("SELECT oid::text, format_type(oid, NULL), typtype = 'e' FROM pg_catalog.pg_type WHERE oid IN (\(list))"),
      stop)
    for row in 0..<names.rowCount {
      let cells = names.row(row)
      typeNames[cells[0].text] = (cells[1].text, cells[2] == .boolean(true) ? .text : .other)
    }
  }
}
