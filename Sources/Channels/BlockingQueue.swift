import Dispatch
import Domain
import Synchronization

/// Runs calls that block, one at a time, away from the threads of Swift's concurrency.
final class BlockingQueue: Sendable {
  let queue: DispatchQueue

  init(_ label: String) {
    queue = DispatchQueue(label: label)
  }

  /// Waits for `body` for at most `seconds`; then calls `giveUp`, which may make `body` return, and throws.
  func run<Value: Sendable>(
    seconds: Double, giveUp: @escaping @Sendable () -> Void,
    body: @escaping @Sendable () -> Result<Value, DeliveryError>
  ) async throws(DeliveryError) -> Value {
    let answer: Result<Value, DeliveryError> = await withCheckedContinuation { continuation in
      let waiting = Waiting(continuation)
      DispatchQueue.global().asyncAfter(deadline: .now() + seconds) {
        let late = DeliveryError.transient("no answer within \(Int(seconds)) s", retryAfterSeconds: nil)
        if waiting.resume(.failure(late)) { giveUp() }
      }
      queue.async {
        // Nobody waits any more: sending now would only repeat what is tried again later.
        guard !waiting.isOver else { return }
        waiting.resume(body())
      }
    }
    return try answer.get()
  }

  func run(_ body: @escaping @Sendable () -> Void) async {
    await withCheckedContinuation { continuation in
      queue.async {
        body()
        continuation.resume()
      }
    }
  }
}

/// Somebody who waits for one answer and gets the first.
private final class Waiting<Answer: Sendable>: Sendable {
  private let continuation: Mutex<CheckedContinuation<Answer, Never>?>

  init(_ continuation: CheckedContinuation<Answer, Never>) {
    self.continuation = Mutex(continuation)
  }

  var isOver: Bool { continuation.withLock { $0 == nil } }

  /// `false` when there was an answer already.
  @discardableResult
  func resume(_ answer: Answer) -> Bool {
    let waiting = continuation.withLock { continuation in
      defer { continuation = nil }
      return continuation
    }
    waiting?.resume(returning: answer)
    return waiting != nil
  }
}
