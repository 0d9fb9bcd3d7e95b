import Synchronization

/// Tells a blocking call on another thread to stop, once.
final class StopSignal: Sendable {
  private struct State {
    var isStopped = false
    var action: (@Sendable () -> Void)?
  }

  private let state = Mutex(State())

  var isStopped: Bool { state.withLock { $0.isStopped } }

  func stop() {
    state.withLock { state in
      if state.isStopped { return }
      state.isStopped = true
      state.action?()
    }
  }

  /// Runs `body`; a stop meanwhile, or one that came before, calls `action`. It is never called after `body` ended, so
  /// it may touch what `body` uses as far as that allows it from another thread.
  func whileRunning<Value, Failure: Error>(
    onStop action: @escaping @Sendable () -> Void, _ body: () throws(Failure) -> Value
  ) throws(Failure) -> Value {
    state.withLock { state in
      state.action = action
      if state.isStopped { action() }
    }
    defer { state.withLock { $0.action = nil } }
    return try body()
  }
}
