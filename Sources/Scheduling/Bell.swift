import Synchronization

/// Wakes one waiting loop. A ring that nobody waits for is kept for the next wait.
final class Bell: Sendable {
  private enum State {
    case quiet
    case rung
    case waiting(CheckedContinuation<Void, Never>)
  }

  private let state = Mutex(State.quiet)

  func ring() {
    let waiting = state.withLock { state -> CheckedContinuation<Void, Never>? in
      guard case .waiting(let continuation) = state else {
        state = .rung
        return nil
      }
      state = .quiet
      return continuation
    }
    waiting?.resume()
  }

  /// Returns at a ring, after `seconds`, or when the task is cancelled. One task waits at a time.
  func wait(seconds: Double, _ time: TimeSource) async {
    let timer = Task {
      do {
        try await time.sleep(seconds)
        ring()
      } catch {
        // Cancelled: somebody rang before.
      }
    }
    await withTaskCancellationHandler {
      await wait()
    } onCancel: {
      ring()
    }
    timer.cancel()
  }

  private func wait() async {
    await withCheckedContinuation { continuation in
      let isOver = state.withLock { state in
        if case .rung = state {
          state = .quiet
          return true
        }
        state = .waiting(continuation)
        return false
      }
      if isOver { continuation.resume() }
    }
  }
}
