import Dispatch
import Domain
import Synchronization

/// Stops a statement at its deadline or when told to, again and again until it ends: a driver may not hear a stop that
/// comes a moment before the statement starts.
final class Watchdog: Sendable {
  private struct State {
    var cancel: ADBCCancellation?
    var isExpired = false
  }

  private let state: Mutex<State>

  private init(_ cancel: ADBCCancellation) { state = Mutex(State(cancel: cancel)) }

  /// Runs `body`, which works with `statement`, for as long as `limits` allow.
  static func watch<Value>(
    _ statement: ADBCStatement, _ limits: QueryLimits, _ stop: StopSignal, _ body: () throws(QueryError) -> Value
  ) throws(QueryError) -> Value {
    let watchdog = Watchdog(statement.cancellation)
    DispatchQueue.global().asyncAfter(deadline: .now() + limits.timeoutSeconds) { [weak watchdog] in
      watchdog?.expire()
    }
    defer { watchdog.state.withLock { $0.cancel = nil } }
    do throws(QueryError) {
      return try stop.whileRunning(onStop: { watchdog.bite() }, body)
    } catch {
      if stop.isStopped { throw .cancelled }
      if watchdog.state.withLock({ $0.isExpired }) { throw .timedOut(limits) }
      throw error
    }
  }

  private func expire() {
    state.withLock { $0.isExpired = true }
    bite()
  }

  private func bite() {
    let isRunning = state.withLock { state in
      state.cancel?()
      return state.cancel != nil
    }
    guard isRunning else { return }
    DispatchQueue.global().asyncAfter(deadline: .now() + 0.25) { [weak self] in self?.bite() }
  }
}

extension ADBCSession {
  /// Runs `sql` within the limits of `query`.
  func rows(_ sql: String, _ query: Query, _ stop: StopSignal) throws(QueryError) -> ResultSet {
    let statement = try ADBCStatement(sql, on: self)
    return try Watchdog.watch(statement, query.limits, stop) { () throws(QueryError) in
      try statement.execute().rows(query)
    }
  }

  /// Runs a statement for what it does.
  func execute(_ sql: String, _ limits: QueryLimits, _ stop: StopSignal) throws(QueryError) {
    let statement = try ADBCStatement(sql, on: self)
    try Watchdog.watch(statement, limits, stop) { () throws(QueryError) in _ = try statement.execute() }
  }

  /// The columns of `sql`; `nil` when the driver cannot tell without running it.
  func columns(_ sql: String, _ limits: QueryLimits, _ stop: StopSignal) throws(QueryError) -> [ColumnDescription]? {
    let statement = try ADBCStatement(sql, on: self)
    return try Watchdog.watch(statement, limits, stop) { () throws(QueryError) in try statement.schema()?.columns }
  }
}
