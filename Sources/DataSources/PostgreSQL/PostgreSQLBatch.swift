import Domain

#if canImport(Glibc)
  import Glibc
#endif

/// Queries that belong together, in one REPEATABLE READ transaction: all see the same moment.
///
/// They are sent in bursts, so that a hundred small ones cost a few round trips. When they turn out to be slow, or are
/// known to be, other connections take a share of them on the same snapshot: those behind a slow one first of all.
extension PostgreSQLConnector {
  /// Once so long has gone by and queries are left, another connection pays.
  private static var patience: Duration { .milliseconds(30) }
  /// A query that takes longer must not hold up others.
  private static var stuckAfter: Duration { .milliseconds(100) }
  /// Databases have few connections to give: a third one is for queries that take longer than this.
  private static var longAfter: Duration { .seconds(1) }
  /// So many queries take longer than another connection does to come, however small they are.
  private static var many: Int { 40 }

  func run(_ batch: QueryBatch, in pool: ConnectionPool<Self>) async -> [QueryBatch.Answer] {
    let work = BatchWork(batch, isShared: true, patience: Self.stuckAfter)
    let (snapshots, announcement) = AsyncStream<String>.makeStream()
    let isLong = batch.isLong || batch.queries.count >= Self.many
    let canHelp = maxConnections > 1 && batch.queries.count > 1
    let most = maxConnections - 1
    let failure = await withTaskGroup(of: QueryError?.self) { group in
      group.addTask {
        defer {
          announcement.finish()
          work.close()
        }
        do throws(QueryError) {
          try await pool.withLease { (lease, stop) async throws(QueryError) in
            try await lease.run(stop) { (connection) throws(QueryError) in
              try connection.work(through: work, stop, announce: canHelp ? { announcement.yield($0) } : nil)
            }
          }
          return nil
        } catch {
          return error
        }
      }
      if canHelp, let snapshot = await snapshots.first(where: { _ in true }) {
        var helpers = 0
        await work.watch(after: isLong ? .zero : Self.patience) {
          let isNeeded =
            helpers == 0
            ? work.pendingCount > 0 || work.isHeldUp(for: Self.stuckAfter) : work.isHeldUp(for: Self.longAfter)
          guard helpers < most, isNeeded else { return }
          helpers += 1
          group.addTask { await Self.help(work, snapshot, pool) }
        }
      }
      return await group.reduce(nil) { $0 ?? $1 }
    }
    await finish(work, after: failure, in: pool)
    return work.answers { failure ?? .cancelled }
  }

  private static func help(
    _ work: BatchWork, _ snapshot: String, _ pool: ConnectionPool<Self>
  ) async -> QueryError? {
    await pool.withSpareLease { lease, stop in
      // What this connection cannot do, the first one does.
      try? await lease.run(stop) { (connection) throws(QueryError) in
        try connection.work(through: work, on: snapshot, stop)
      }
    }
    return nil
  }

  /// Runs what is left one by one: a stop at a limit ends a connection, and with it the shared moment.
  private func finish(_ work: BatchWork, after failure: QueryError?, in pool: ConnectionPool<Self>) async {
    if let failure, failure.kind != .timeout, failure.kind != .tooLarge { return }
    let worker = work.join()
    while let index = work.take(1, by: worker).first {
      do throws(QueryError) {
        let result = try await pool.withLease { (lease, stop) async throws(QueryError) in
          try await lease.run(stop) { (connection) throws(QueryError) in
            try ResultSet.timed { () throws(QueryError) in try connection.run(work.query(index), stop) }
          }
        }
        work.answer(index, .success(result), by: worker)
      } catch {
        work.answer(index, .failure(error), by: worker)
        if error.kind == .cancelled, Task.isCancelled { return }
      }
    }
  }
}

extension PostgreSQLConnection {
  private static var maxBurst: Int { 64 }
  /// A burst should not take much longer than this, so that others can have a share.
  private static var burstTime: Duration { .milliseconds(30) }

  private static var begin: String { "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY" }
  /// How long it takes to look again whether another connection needs help, in microseconds.
  private static var lookAgain: UInt32 { 5000 }

  /// Works until nothing is left; tells the name of its snapshot before all.
  func work(
    through work: BatchWork, _ stop: StopSignal, announce: ((String) -> Void)?
  ) throws(QueryError) {
    try exchange(work, stop) { () throws(QueryError) in
      if let announce, let snapshot = try openSharing() {
        announce(snapshot)
      } else {
        try open(Self.begin, setting: nil)
      }
      try run(work, stop)
    }
  }

  /// Works on another connection's snapshot until nothing is left.
  func work(through work: BatchWork, on snapshot: String, _ stop: StopSignal) throws(QueryError) {
    try exchange(work, stop) { () throws(QueryError) in
      try open(Self.begin, setting: snapshot)
      // Only now is it known that there is such a snapshot still.
      try receiveBegin()
      try run(work, stop)
    }
  }

  private func exchange(
    _ work: BatchWork, _ stop: StopSignal, _ body: () throws(QueryError) -> Void
  ) throws(QueryError) {
    try wire.exchange(seconds: sourceLimits.timeoutSeconds + 1, stop) { () throws(QueryError) in
      try body()
      guard !wire.isBroken else { return }
      try sendEnd()
      receiveEnd()
    }
  }

  private func open(_ begin: String, setting snapshot: String?) throws(QueryError) {
    try wire.sendQuery(begin)
    if let snapshot { try wire.sendQuery("SET TRANSACTION SNAPSHOT '\(snapshot)'") }
    try wire.sendQuery("SAVEPOINT query")
    try wire.sendSync()
    pendingBegin = snapshot == nil ? 2 : 3
  }

  private func run(_ work: BatchWork, _ stop: StopSignal) throws(QueryError) {
    let worker = work.join()
    var size = 1
    while !wire.isBroken, !stop.isStopped {
      let indices = work.take(size, by: worker)
      if indices.isEmpty {
        guard work.mayHaveMore(for: worker) else { return }
        usleep(Self.lookAgain)
        continue
      }
      let burstStarted = ContinuousClock.now
      do throws(QueryError) {
        try burst(indices, work, worker, stop)
      } catch {
        work.putBack(indices, by: worker)
        throw error
      }
      work.putBack(indices, by: worker)
      let each = burstStarted.duration(to: .now) / indices.count
      size = max(1, min(Self.maxBurst, Int(Self.burstTime / max(each, .microseconds(1)))))
    }
  }

  /// Sends queries ahead of their answers. Those whose answer is only known after a description go one by one.
  private func burst(
    _ indices: [Int], _ work: BatchWork, _ worker: Int, _ stop: StopSignal
  ) throws(QueryError) {
    var sent: [Int] = []
    for index in indices {
      let query = work.query(index)
      do throws(QueryError) {
        try Self.refuseNUL(in: query)
      } catch {
        work.answer(index, .failure(error), by: worker)
        continue
      }
      let isSelect = PostgreSQLGuard.startsWithSelect(query.sql)
      if !isSelect { try receive(sent, work, worker, stop) }
      try sendInBatch(query)
      sent = isSelect ? sent + [index] : [index]
      if !isSelect {
        try receive(sent, work, worker, stop)
        sent = []
      }
      if wire.isBroken { return }
    }
    try receive(sent, work, worker, stop)
  }

  private func sendInBatch(_ query: Query) throws(QueryError) {
    if query.limits.timeoutSeconds != sourceLimits.timeoutSeconds {
      let milliseconds = PostgreSQLSettings.milliseconds(query.limits)
      try wire.sendQuery("SET LOCAL statement_timeout = \(milliseconds)")
      try wire.sendSync()
    }
    try send(query)
    if PostgreSQLGuard.startsWithSelect(query.sql) { try sendRollback() }
  }

  /// Undoes whatever the query left, also a transaction that it failed.
  private func sendRollback() throws(QueryError) {
    try wire.sendQuery("ROLLBACK TO SAVEPOINT query")
    try wire.sendSync()
  }

  private func receive(
    _ indices: [Int], _ work: BatchWork, _ worker: Int, _ stop: StopSignal
  ) throws(QueryError) {
    for index in indices where !wire.isBroken {
      let query = work.query(index)
      let started = ContinuousClock.now
      wire.restartClock(seconds: query.limits.timeoutSeconds + 1)
      if query.limits.timeoutSeconds != sourceLimits.timeoutSeconds {
        _ = try control()
        try wire.sync()
      }
      var result: Result<ResultSet, QueryError>
      do throws(QueryError) {
        result = try receive(query)
      } catch {
        // The time limit of one query is its own error; a lost connection is that of all.
        let reason = explained(error, query.limits, since: started, stop)
        if reason.kind == .timeout || reason.kind == .tooLarge { work.answer(index, .failure(reason), by: worker) }
        throw reason
      }
      if case .success(var rows) = result {
        rows.seconds = started.duration(to: .now) / .seconds(1)
        result = .success(rows)
      }
      work.answer(index, result.mapError { explained($0, query.limits, since: started, stop) }, by: worker)
      if wire.isBroken {
        if stop.isStopped { throw .cancelled }
        return
      }
      if !PostgreSQLGuard.startsWithSelect(query.sql) { try sendRollback() }
      _ = try control()
      try wire.sync()
    }
  }

  /// Begins, and exports the snapshot, which cannot be done from inside a savepoint. Returns its name; `nil` where the
  /// database gives none, and nothing has begun.
  private func openSharing() throws(QueryError) -> String? {
    try wire.sendQuery(Self.begin)
    try wire.sendQuery("SELECT pg_catalog.pg_export_snapshot()")
    try wire.sendQuery("SAVEPOINT query")
    try wire.sendSync()
    let begun = try control()
    let exported = try control()
    let saved = try control()
    try wire.sync()
    if case .failed(let error) = begun {
      wire.giveUp()
      throw error
    }
    if case .done = saved, case .rows(let result) = exported, result.rowCount == 1 {
      return result.cell(row: 0, column: 0).text
    }
    try wire.sendQuery("ROLLBACK")
    try wire.sendSync()
    _ = try control()
    try wire.sync()
    return nil
  }
}
