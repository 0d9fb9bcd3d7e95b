import CPostgreSQL
import Domain

#if canImport(Glibc)
  import Glibc
#endif

/// A connection of libpq in pipeline mode, read with a deadline and a stop.
///
/// Commands are sent ahead and answered in order; after an error the server skips to the next `sync`.
/// `@unchecked Sendable`: every call but `wakeUp.signal` is made on the connection's own queue, one at a time.
final class PostgreSQLWire: @unchecked Sendable {
  /// How one command ended.
  enum Reply {
    case rows(ResultSet)
    /// A statement that gives no rows, or the description of one that does.
    case done([ColumnDescription], parameterCount: Int)
    case failed(QueryError)
    /// An earlier command failed, so the server did not look at this one.
    case skipped
  }

  private var connection: OpaquePointer?
  private let cancel: PostgreSQLCancel?
  let wakeUp: WakeUp
  /// Nothing may be sent any more: the server went away, or a stop may still arrive.
  private(set) var isBroken = false
  /// The server said something good in this exchange.
  private(set) var hasAnswered = false
  private var isStopping = false
  private var deadline: ContinuousClock.Instant = .now
  private var stop = StopSignal()

  /// How long the server has to answer a stop before the connection is given up.
  private static let grace: Duration = .seconds(5)

  init(connecting settings: PostgreSQLSettings, _ stop: StopSignal) throws(QueryError) {
    let wakeUp = WakeUp()
    self.wakeUp = wakeUp
    do throws(QueryError) {
      let wake: @Sendable () -> Void = { wakeUp.signal() }
      let connection = try stop.whileRunning(onStop: wake) { () throws(QueryError) in
        try Self.connect(settings, wakeUp, stop)
      }
      self.connection = connection
      cancel = PostgreSQLCancel(connection)
    } catch {
      wakeUp.close()
      throw error
    }
    wakeUp.clear()
    PQsetNoticeProcessor(connection, { _, _ in }, nil)
    guard PQsetnonblocking(connection, 1) == 0, PQenterPipelineMode(connection) == 1 else {
      throw QueryError(.connection, sentences("The connection cannot be used: \(lastMessage)"))
    }
  }

  deinit {
    disconnect()
    wakeUp.close()
  }

  /// The way to wake up stays until the end: a stop may just be using it.
  func disconnect() {
    guard let connection else { return }
    PQfinish(connection)
    self.connection = nil
    isBroken = true
  }

  /// `15.4 (Debian ...)`, as the server said at the start.
  func parameter(_ name: String) -> String? {
    guard let connection, let value = PQparameterStatus(connection, name) else { return nil }
    return String(cString: value)
  }

  /// Runs one exchange of commands that may take until `seconds` from now, or until it is stopped.
  func exchange<Value>(
    seconds: Double, _ stop: StopSignal, _ body: () throws(QueryError) -> Value
  ) throws(QueryError) -> Value {
    self.stop = stop
    restartClock(seconds: seconds)
    (isStopping, hasAnswered) = (false, false)
    let wakeUp = wakeUp
    defer { wakeUp.clear() }
    return try stop.whileRunning(onStop: { wakeUp.signal() }, body)
  }

  func restartClock(seconds: Double) { deadline = .now + .seconds(seconds) }

  /// Marks the connection as one that must not be used again.
  func giveUp() { isBroken = true }

  // MARK: sending

  func sendQuery(_ sql: String) throws(QueryError) {
    try sent(PQsendQueryParams(connection, sql, 0, nil, nil, nil, nil, 0))
  }

  func sendPrepare(_ sql: String) throws(QueryError) { try sent(PQsendPrepare(connection, "", sql, 0, nil)) }

  func sendDescribe() throws(QueryError) { try sent(PQsendDescribePrepared(connection, "")) }

  func sendExecute() throws(QueryError) { try sent(PQsendQueryPrepared(connection, "", 0, nil, nil, nil, 0)) }

  func sendSync() throws(QueryError) { try sent(PQpipelineSync(connection)) }

  private func sent(_ code: Int32) throws(QueryError) {
    guard code == 1 else {
      isBroken = true
      throw QueryError(.connection, lastMessage)
    }
  }

  // MARK: receiving

  /// The answer to the next command that is no sync.
  ///
  /// - Throws: when the connection was lost, the deadline passed or the stop came; the connection is then broken.
  func reply(_ budget: ResultBudget) throws(QueryError) -> Reply {
    if let connection { PQsetSingleRowMode(connection) }
    var reader = PostgreSQLReader(budget)
    while let result = try next(atMost: budget.limits.maxBytes) {
      defer { PQclear(result) }
      do throws(QueryError) {
        try reader.read(result)
      } catch {
        reader.fail(error)
      }
      if reader.isFull { requestStop() }
    }
    if connection == nil || PQstatus(connection) == CONNECTION_BAD { isBroken = true }
    return reader.reply
  }

  /// Reads up to the end of the pipeline's section, passing over what is left of it.
  func sync() throws(QueryError) {
    while true {
      let result = try next(atMost: .max)
      defer { PQclear(result) }
      if let result, PQresultStatus(result) == PGRES_PIPELINE_SYNC {
        hasAnswered = true
        return
      }
      if isBroken || PQstatus(connection) == CONNECTION_BAD {
        isBroken = true
        throw result.map { QueryError(postgreSQL: $0) } ?? QueryError(.connection, lastMessage)
      }
    }
  }

  /// The server may still act on the stop after what it was meant for, so the connection is not used again.
  private func requestStop() {
    guard !isStopping else { return }
    isStopping = true
    isBroken = true
    deadline = .now + Self.grace
    cancel?.request()
  }

  private func next(atMost maxBytes: Int) throws(QueryError) -> OpaquePointer? {
    var received = 0
    while PQisBusy(connection) == 1 {
      try wait()
      var available: Int32 = 0
      _ = ioctl(PQsocket(connection), UInt(FIONREAD), &available)
      received += Int(available)
      guard PQconsumeInput(connection) == 1 else {
        isBroken = true
        break
      }
      // One row of that size would have to fit into memory before libpq hands it over.
      if received / 2 > maxBytes, PQisBusy(connection) == 1 { throw abandon(.tooLarge) }
    }
    return PQgetResult(connection)
  }

  private func wait() throws(QueryError) {
    while true {
      let unsent = PQflush(connection)
      var descriptors = [
        pollfd(
          fd: PQsocket(connection), events: Int16(POLLIN) | (unsent > 0 ? Int16(POLLOUT) : 0), revents: 0),
        pollfd(fd: isStopping ? -1 : wakeUp.descriptor, events: Int16(POLLIN), revents: 0),
      ]
      let count = poll(&descriptors, 2, Self.milliseconds(until: deadline))
      if count == 0 {
        if isStopping { throw abandon(stop.isStopped ? .cancelled : .timeout) }
        requestStop()
      } else if count > 0, descriptors[1].revents != 0 {
        // Else it is left over from a stop that came after its exchange.
        if stop.isStopped { requestStop() } else { wakeUp.clear() }
      } else if count > 0, descriptors[0].revents & ~Int16(POLLOUT) != 0 {
        return
      }
    }
  }

  private enum Abandoned { case timeout, cancelled, tooLarge }

  /// Gives the connection up: the server did not answer the stop, or would send more than memory should hold.
  private func abandon(_ reason: Abandoned) -> QueryError {
    if !isStopping { cancel?.request() }
    // Now, for a server that still writes holds everybody up who waits for its sessions.
    disconnect()
    return switch reason {
    case .timeout:
      QueryError(.timeout, "The database did not answer in time, and did not answer the request to stop.")
    case .cancelled: .cancelled
    case .tooLarge:
      QueryError(
        .tooLarge, "The query gave a row with more bytes than the limit of this data source.",
        hint: "Select fewer columns, or raise the byte limit.")
    }
  }

  /// True when this side asked the server to stop, so that its error says nothing new.
  var wasStopped: Bool { isStopping }

  private var lastMessage: String { connection.map { sentences(String(cString: PQerrorMessage($0))) } ?? "closed" }

  static func milliseconds(until deadline: ContinuousClock.Instant) -> Int32 {
    let left = ContinuousClock.now.duration(to: deadline)
    let milliseconds = left.components.seconds * 1000 + left.components.attoseconds / 1_000_000_000_000_000
    return Int32(clamping: max(0, milliseconds + 1))
  }
}
