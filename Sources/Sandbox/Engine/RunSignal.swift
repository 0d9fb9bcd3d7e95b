import Dispatch
import Synchronization

/// Tells a guest's thread to stop, also while it waits for data.
final class RunSignal: Sendable {
  private struct State {
    var isCancelled = false
    var wake: (@Sendable () -> Void)?
  }

  private let state = Mutex(State())
  private let flag = Atomic<Bool>(false)

  var isCancelled: Bool { flag.load(ordering: .relaxed) }

  func cancel() {
    flag.store(true, ordering: .relaxed)
    let wake = state.withLock { state in
      state.isCancelled = true
      return state.wake
    }
    wake?()
  }

  enum Waited<Value: Sendable>: Sendable {
    case answered(Value)
    case timedOut, cancelled
  }

  /// What takes an answer back when nobody waits for it any longer.
  typealias Withdrawal = @Sendable () -> Void

  /// As the other, for what a task answers.
  func wait<Value: Sendable>(seconds: Double, _ body: @escaping @Sendable () async -> Value) -> Waited<Value> {
    wait(seconds: seconds) { reply in
      let task = Task { reply(await body()) }
      return { task.cancel() }
    }
  }

  /// Blocks this thread, which must be a guest's own, until what `ask` begins has replied, `seconds` are over or the run
  /// is cancelled; then it is withdrawn.
  func wait<Value: Sendable>(
    seconds: Double, asking ask: (@escaping @Sendable (Value) -> Void) -> Withdrawal
  ) -> Waited<Value> {
    let answer = Answer<Value>()
    let semaphore = DispatchSemaphore(value: 0)
    let withdraw = ask { value in
      answer.value.withLock { $0 = value }
      semaphore.signal()
    }
    let isCancelled = state.withLock { state in
      state.wake = { semaphore.signal() }
      return state.isCancelled
    }
    defer { state.withLock { $0.wake = nil } }
    if isCancelled {
      withdraw()
      return .cancelled
    }
    let outcome = semaphore.wait(timeout: .now() + seconds)
    if let value = answer.value.withLock({ $0 }) { return .answered(value) }
    withdraw()
    return outcome == .timedOut ? .timedOut : .cancelled
  }

  private final class Answer<Value: Sendable>: Sendable {
    let value = Mutex<Value?>(nil)
  }
}
