package import Foundation
import Synchronization

/// A clock that moves only when a test says so.
package final class ManualClock: Sendable {
  private struct Sleeper {
    var id: UUID
    var until: Date
    var continuation: CheckedContinuation<Void, any Error>
  }

  private let state: Mutex<(now: Date, sleepers: [Sleeper])>

  package init(_ start: Date = sampleTime) {
    state = Mutex((start, []))
  }

  package var now: Date { state.withLock { $0.now } }

  /// Seconds until each of those who sleep wakes.
  package var pauses: [Double] {
    state.withLock { state in state.sleepers.map { $0.until.timeIntervalSince(state.now) } }
  }

  package func advance(by seconds: Double) {
    let woken = state.withLock { state in
      state.now += seconds
      let now = state.now
      let woken = state.sleepers.filter { $0.until <= now }
      state.sleepers.removeAll { $0.until <= now }
      return woken
    }
    for sleeper in woken { sleeper.continuation.resume() }
  }

  /// To the time at which the first of those who sleep wakes; nowhere while nobody sleeps, so that a machine that is slow
  /// changes nothing.
  package func advanceToNext() {
    guard let pause = pauses.min() else { return }
    advance(by: max(0, pause))
  }

  package func sleep(_ seconds: Double) async throws {
    let id = UUID()
    try await withTaskCancellationHandler {
      try await withCheckedThrowingContinuation { continuation in
        let isCancelled = state.withLock { state in
          if Task.isCancelled { return true }
          state.sleepers.append(Sleeper(id: id, until: state.now + seconds, continuation: continuation))
          return false
        }
        if isCancelled { continuation.resume(throwing: CancellationError()) }
      }
    } onCancel: {
      let sleeper = state.withLock { state in
        let found = state.sleepers.first { $0.id == id }
        state.sleepers.removeAll { $0.id == id }
        return found
      }
      sleeper?.continuation.resume(throwing: CancellationError())
    }
  }
}

/// Waits until `condition` holds; `false` when it does not within `seconds`, or throws to the last.
package func eventually(seconds: Double = 120, _ condition: () async throws -> Bool) async -> Bool {
  let deadline = ContinuousClock.now + .seconds(seconds)
  while ContinuousClock.now < deadline {
    if let holds = try? await condition(), holds { return true }
    try? await Task.sleep(for: .milliseconds(5))
  }
  return (try? await condition()) ?? false
}
