package import Checking
package import Domain
import Foundation
import Synchronization

/// Tells open pages what happened: one per service.
package final class Broadcaster: Sendable {
  package struct News: Sendable, Hashable {
    /// `state`, `run` or `alarm`.
    package var event: String
    package var checker: QualifiedName

    package init(event: String, checker: QualifiedName) {
      self.event = event
      self.checker = checker
    }
  }

  private struct State {
    var listeners: [Int: AsyncStream<News>.Continuation] = [:]
    var next = 0
    var isClosed = false
  }

  private let state = Mutex(State())
  /// Takes what whoever operates the service must be able to read afterwards: errors that no user sees, who signed in
  /// or failed to, and who brought which files.
  private let log: @Sendable (String) -> Void
  /// A page that reads slowly loses older news, not newer.
  private static let buffered = 256
  /// Most pages that listen at once.
  private static let mostListeners = 500

  package init(log: @escaping @Sendable (String) -> Void = { _ in }) { self.log = log }

  package func send(_ news: News) {
    let listeners = state.withLock { Array($0.listeners.values) }
    for listener in listeners { listener.yield(news) }
  }

  package func send(_ news: CheckerNews) {
    let event =
      switch news.kind {
      case .run: "run"
      case .alarm: "alarm"
      case .edited: "state"
      }
    send(News(event: event, checker: news.checker))
  }

  /// Ends every stream; later ones end at once.
  package func close() {
    let listeners = state.withLock { state in
      state.isClosed = true
      defer { state.listeners = [:] }
      return Array(state.listeners.values)
    }
    for listener in listeners { listener.finish() }
  }

  /// `nil` when too many listen already.
  func listen() -> AsyncStream<News>? {
    let (stream, continuation) = AsyncStream<News>.makeStream(bufferingPolicy: .bufferingNewest(Self.buffered))
    let number: Int? = state.withLock { state in
      guard state.listeners.count < Self.mostListeners else { return nil }
      if state.isClosed {
        continuation.finish()
        return -1
      }
      state.next += 1
      state.listeners[state.next] = continuation
      return state.next
    }
    guard let number else { return nil }
    continuation.onTermination = { [weak self] _ in
      self?.state.withLock { _ = $0.listeners.removeValue(forKey: number) }
    }
    return stream
  }

  func report(_ line: String) { log(line) }
}
