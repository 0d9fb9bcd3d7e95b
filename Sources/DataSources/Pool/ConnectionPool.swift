import Dispatch
import Domain

/// At most so many connections at once; further callers wait in line.
actor ConnectionPool<Connector: DatabaseConnector> {
  typealias Lease = ConnectionLease<Connector.Connection>

  /// What a caller in line gets.
  private enum Grant {
    case lease(Lease)
    /// The right to open a connection.
    case permit
    case nothing
  }

  private struct Failure: Error {
    var error: QueryError
    var isWorthAnotherTry: Bool
  }

  private let connector: Connector
  private let limit: Int
  private var idle: [(lease: Lease, since: ContinuousClock.Instant)] = []
  /// Connections that exist or are being made.
  private var open = 0
  private var isClosed = false
  private var waiters: [(id: Int, continuation: CheckedContinuation<Grant, Never>)] = []
  private var nextWaiter = 0
  private var running: [ObjectIdentifier: StopSignal] = [:]
  private var trimming: Task<Void, Never>?

  init(_ connector: Connector, limit: Int) {
    self.connector = connector
    self.limit = max(1, min(64, limit))
  }

  /// Runs `body` with a connection of its own. What failed because its connection had died while it was idle is run
  /// once more on a fresh one.
  func withLease<Value: Sendable>(
    _ body: @Sendable (Lease, StopSignal) async throws(QueryError) -> Value
  ) async throws(QueryError) -> Value {
    do throws(Failure) {
      return try await attempt(freshly: false, body)
    } catch {
      guard error.isWorthAnotherTry else { throw error.error }
    }
    do throws(Failure) {
      return try await attempt(freshly: true, body)
    } catch {
      throw error.error
    }
  }

  /// Runs `body` with one more connection when one can be had without waiting.
  func withSpareLease(_ body: @Sendable (Lease, StopSignal) async -> Void) async {
    guard !isClosed, waiters.isEmpty, !idle.isEmpty || open < limit else { return }
    _ = try? await attempt(freshly: false) { (lease, stop) async throws(QueryError) in await body(lease, stop) }
  }

  /// Stops what runs and closes every connection; whoever waits gets an error.
  func close() {
    isClosed = true
    trimming?.cancel()
    for stop in running.values { stop.stop() }
    closeIdle()
    for waiter in waiters { waiter.continuation.resume(returning: .nothing) }
    waiters = []
  }

  private func attempt<Value: Sendable>(
    freshly: Bool, _ body: @Sendable (Lease, StopSignal) async throws(QueryError) -> Value
  ) async throws(Failure) -> Value {
    let stop = StopSignal()
    running[ObjectIdentifier(stop)] = stop
    defer { running[ObjectIdentifier(stop)] = nil }
    let lease: Lease
    do throws(QueryError) {
      lease = try await acquire(freshly: freshly, stop)
    } catch {
      throw Failure(error: error, isWorthAnotherTry: false)
    }
    defer { giveBack(lease) }
    do throws(QueryError) {
      return try await body(lease, stop)
    } catch {
      let isDead = error.kind == .connection && lease.isReused && lease.connection.wasStale
      throw Failure(error: error, isWorthAnotherTry: isDead && !freshly && !stop.isStopped)
    }
  }

  private func acquire(freshly: Bool, _ stop: StopSignal) async throws(QueryError) -> Lease {
    if Task.isCancelled { throw Self.cancelled }
    if isClosed { throw Self.closed }
    // The others that idled died with the one that failed.
    if freshly { closeIdle() }
    if let last = idle.popLast() { return last.lease.reused() }
    if open < limit {
      open += 1
      return try await connect(stop)
    }
    switch await grant() {
    case .lease(let lease): return lease.reused()
    case .permit: return try await connect(stop)
    case .nothing: throw isClosed ? Self.closed : Self.cancelled
    }
  }

  private func connect(_ stop: StopSignal) async throws(QueryError) -> Lease {
    let queue = DispatchQueue(label: "data source")
    let connector = connector
    do throws(QueryError) {
      let connection = try await blocking(on: queue, stop) { () throws(QueryError) in try connector.connect(stop) }
      return Lease(connection, queue: queue, isReused: false)
    } catch {
      handOn(.permit)
      throw error
    }
  }

  private func grant() async -> Grant {
    let id = nextWaiter
    nextWaiter += 1
    return await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        if Task.isCancelled {
          continuation.resume(returning: .nothing)
        } else {
          waiters.append((id, continuation))
        }
      }
    } onCancel: {
      Task { await self.leaveLine(id) }
    }
  }

  private func leaveLine(_ id: Int) {
    guard let index = waiters.firstIndex(where: { $0.id == id }) else { return }
    waiters.remove(at: index).continuation.resume(returning: .nothing)
  }

  private func giveBack(_ lease: Lease) {
    if lease.connection.isUsable, !isClosed {
      handOn(.lease(lease))
    } else {
      lease.close()
      handOn(.permit)
    }
  }

  /// Gives what became free to the first in line, or keeps it.
  private func handOn(_ grant: Grant) {
    if !waiters.isEmpty {
      waiters.removeFirst().continuation.resume(returning: grant)
    } else if case .lease(let lease) = grant {
      idle.append((lease, .now))
      if trimming == nil { trimming = Task { [weak self] in await self?.trim() } }
    } else {
      open -= 1
    }
  }

  private func closeIdle() {
    for entry in idle { entry.lease.close() }
    open -= idle.count
    idle = []
  }

  private func trim() async {
    let idleTime = connector.idleTime
    while !idle.isEmpty, !isClosed {
      try? await Task.sleep(for: idleTime)
      let now = ContinuousClock.now
      let old = idle.filter { $0.since.duration(to: now) >= idleTime }
      idle.removeAll { $0.since.duration(to: now) >= idleTime }
      for entry in old { entry.lease.close() }
      open -= old.count
    }
    trimming = nil
  }

  private static var cancelled: QueryError { QueryError(.cancelled, "The query was cancelled.") }
  private static var closed: QueryError { QueryError(.connection, "The data source was closed.") }
}
