import Dispatch
import Domain
import Foundation
import Synchronization

/// Keeps one connection to a broker open and opens it again when it is lost.
///
/// `@unchecked Sendable`: `connection` and `heartbeat` are touched on `blocking.queue` only, which is serial;
/// everything else is immutable and Sendable.
final class RabbitMQSession: @unchecked Sendable {
  private let settings: RabbitMQSettings
  private let blocking = BlockingQueue("malleable.channels.rabbitmq")
  private var connection: RabbitMQConnection?
  private var heartbeat: (any DispatchSourceTimer)?
  /// Cut from any thread when a call takes too long.
  private let socket = OpenSocket()

  init(_ settings: RabbitMQSettings) {
    self.settings = settings
  }

  /// Nobody uses the queue any more: every block on it holds the session.
  deinit {
    heartbeat?.cancel()
  }

  /// Returns once the broker has confirmed that it keeps the message.
  func publish(_ message: RabbitMQMessage, seconds: Double) async throws(DeliveryError) {
    try await blocking.run(seconds: seconds, giveUp: { self.socket.cut() }, body: { self.publishNow(message) })
  }

  func close() async {
    await blocking.run {
      self.connection?.closePolitely()
      self.drop()
    }
  }

  private func publishNow(_ message: RabbitMQMessage) -> Result<Void, DeliveryError> {
    let isReused = connection != nil
    do {
      return try attempt(message)
    } catch {
      drop()
      // The broker may have closed an idle connection; a new one gets a second chance at once.
      guard isReused, error.isConnectionLost else { return .failure(described(error)) }
    }
    do {
      return try attempt(message)
    } catch {
      drop()
      return .failure(described(error))
    }
  }

  private func attempt(_ message: RabbitMQMessage) throws(RabbitMQError) -> Result<Void, DeliveryError> {
    let connection = try openConnection()
    let wasDeclared = try declare(message.route, on: connection)
    var answer = try connection.publish(message)
    if answer == .unroutable, wasDeclared {
      // What was made for an earlier message may be deleted by now.
      connection.forgetDeclared()
      _ = try declare(message.route, on: connection)
      answer = try connection.publish(message)
    }
    switch answer {
    case .kept: return .success(())
    case .unroutable where settings.unroutable == .drop: return .success(())
    case .unroutable: return .failure(unroutable(message))
    case .refused:
      return .failure(.transient("the broker \(settings.address.name) refused the message", retryAfterSeconds: nil))
    }
  }

  /// Makes what the message needs; `true` when it was all made for an earlier one.
  private func declare(
    _ route: RabbitMQMessage.Route, on connection: RabbitMQConnection
  ) throws(RabbitMQError) -> Bool {
    let wasDeclared = connection.hasDeclared
    try connection.declare(route)
    if case .exchange(let exchange, _) = route, !settings.queue.isEmpty {
      try connection.bind(settings.queue, to: exchange)
    }
    return wasDeclared
  }

  private func openConnection() throws(RabbitMQError) -> RabbitMQConnection {
    if let connection { return connection }
    let connection = try RabbitMQConnection(settings, socket: socket)
    self.connection = connection
    let timer = DispatchSource.makeTimerSource(queue: blocking.queue)
    timer.schedule(deadline: .now() + 10, repeating: 10, leeway: .seconds(1))
    timer.setEventHandler { [weak self] in self?.beat() }
    timer.resume()
    heartbeat = timer
    return connection
  }

  /// The library sends heartbeats only while it is called.
  private func beat() {
    guard let connection else { return }
    do {
      try connection.drain()
    } catch {
      drop()
    }
  }

  private func drop() {
    heartbeat?.cancel()
    heartbeat = nil
    connection = nil
  }

  private func unroutable(_ message: RabbitMQMessage) -> DeliveryError {
    .transient(
      "no queue takes the routing key '\(message.routingKey)' from the exchange '\(message.exchange)'. Bind one to it",
      retryAfterSeconds: nil)
  }

  private func described(_ error: RabbitMQError) -> DeliveryError {
    let text = "the broker \(settings.address.name): \(error.message)"
    return .transient(settings.redaction.apply(to: text), retryAfterSeconds: nil)
  }
}

/// The socket of the connection in use, to be cut from another thread: closing and cutting exclude each other, so
/// that a number that the system gave to another file is never cut.
final class OpenSocket: Sendable {
  private let descriptor = Mutex<Int32?>(nil)

  func opened(_ descriptor: Int32) { self.descriptor.withLock { $0 = descriptor } }

  /// Runs `close` after which the descriptor is not ours any more.
  func closing(_ close: () -> Void) {
    descriptor.withLock { descriptor in
      descriptor = nil
      close()
    }
  }

  /// Makes whatever waits for the socket return.
  func cut() {
    descriptor.withLock { descriptor in
      if let descriptor { _ = shutdown(descriptor, Int32(SHUT_RDWR)) }
    }
  }
}
