import Dispatch
import Domain

/// A connection with the queue that it lives on.
final class ConnectionLease<Connection: DatabaseConnection>: Sendable {
  let connection: Connection
  private let queue: DispatchQueue
  /// It has answered before: an error now may only mean that it died while idle.
  let isReused: Bool

  init(_ connection: Connection, queue: DispatchQueue, isReused: Bool) {
    self.connection = connection
    self.queue = queue
    self.isReused = isReused
  }

  /// Runs `body` on the connection's queue; stops it when the task is cancelled.
  func run<Value: Sendable>(
    _ stop: StopSignal, _ body: @escaping @Sendable (Connection) throws(QueryError) -> Value
  ) async throws(QueryError) -> Value {
    let connection = connection
    return try await blocking(on: queue, stop) { () throws(QueryError) in try body(connection) }
  }

  func reused() -> ConnectionLease { ConnectionLease(connection, queue: queue, isReused: true) }

  func close() {
    let connection = connection
    queue.async { connection.close() }
  }
}

/// Runs a blocking call away from the cooperative pool; a cancelled task stops it by `stop`.
func blocking<Value: Sendable>(
  on queue: DispatchQueue, _ stop: StopSignal, _ body: @escaping @Sendable () throws(QueryError) -> Value
) async throws(QueryError) -> Value {
  let result: Result<Value, QueryError> = await withTaskCancellationHandler {
    await withCheckedContinuation { continuation in
      queue.async {
        do throws(QueryError) {
          continuation.resume(returning: .success(try body()))
        } catch {
          continuation.resume(returning: .failure(error))
        }
      }
    }
  } onCancel: {
    stop.stop()
  }
  return try result.get()
}
