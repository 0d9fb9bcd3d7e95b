import Domain

/// Batches of databases that give connections no common snapshot.
extension DatabaseConnector {
  /// A query that takes longer must not hold up others, where another connection can be had.
  private var stuckAfter: Duration { .milliseconds(500) }

  /// One after the other on one connection; what waits behind a slow one is taken over by another.
  func run(_ batch: QueryBatch, in pool: ConnectionPool<Self>) async -> [QueryBatch.Answer] {
    await run(batch, in: pool) { (_, _, body) throws(QueryError) in try body() }
  }

  /// The same, each connection's share within what `around` does.
  func run(
    _ batch: QueryBatch, in pool: ConnectionPool<Self>,
    around: @escaping @Sendable (Connection, StopSignal, () throws(QueryError) -> Void) throws(QueryError) -> Void
  ) async -> [QueryBatch.Answer] {
    let work = BatchWork(batch, isShared: false, patience: stuckAfter)
    let failure = await withTaskGroup(of: QueryError?.self) { group in
      group.addTask {
        defer { work.close() }
        do throws(QueryError) {
          try await pool.withLease { (lease, stop) async throws(QueryError) in
            try await Self.share(work, lease, stop, around)
          }
          return nil
        } catch {
          return error
        }
      }
      if batch.queries.count > 1 {
        await work.watch(after: stuckAfter) {
          guard work.isHeldUp(for: stuckAfter) else { return }
          group.addTask {
            await pool.withSpareLease { lease, stop in try? await Self.share(work, lease, stop, around) }
            return nil
          }
        }
      }
      return await group.reduce(nil) { $0 ?? $1 }
    }
    return work.answers { failure ?? .cancelled }
  }

  private static func share(
    _ work: BatchWork, _ lease: ConnectionLease<Connection>, _ stop: StopSignal,
    _ around: @escaping @Sendable (Connection, StopSignal, () throws(QueryError) -> Void) throws(QueryError) -> Void
  ) async throws(QueryError) {
    let isReused = lease.isReused
    try await lease.run(stop) { (connection) throws(QueryError) in
      try around(connection, stop) { () throws(QueryError) in
        try work.share(on: connection, isReused: isReused, stop)
      }
    }
  }
}

extension BatchWork {
  fileprivate func share(
    on connection: some DatabaseConnection, isReused: Bool, _ stop: StopSignal
  ) throws(QueryError) {
    let worker = join()
    var isFirst = true
    while let index = take(1, by: worker).first {
      defer { isFirst = false }
      do throws(QueryError) {
        if stop.isStopped { throw .cancelled }
        let query = query(index)
        let rows = try ResultSet.timed { () throws(QueryError) in try connection.run(query, stop) }
        answer(index, .success(rows), by: worker)
      } catch {
        // Had the connection died while idle, nothing has run yet: the pool tries again when told so.
        if isFirst, isReused, error.kind == .connection, connection.wasStale {
          putBack([index], by: worker)
          throw error
        }
        answer(index, .failure(error), by: worker)
      }
    }
  }
}
