import Foundation
import Synchronization

/// Tasks that outlive the loop that starts them, so that a loop that is stopped can let them come to their end.
final class WorkInProgress: Sendable {
  private let state = Mutex((next: 0, tasks: [Int: Task<Void, Never>]()))

  var count: Int { state.withLock { $0.tasks.count } }

  /// `atEnd` is called once `body` is over and no longer counted.
  func start(_ body: @escaping @Sendable () async -> Void, atEnd: @escaping @Sendable () -> Void) {
    state.withLock { state in
      let number = state.next
      state.next += 1
      state.tasks[number] = Task {
        await body()
        self.remove(number)
        atEnd()
      }
    }
  }

  private func remove(_ number: Int) { state.withLock { _ = $0.tasks.removeValue(forKey: number) } }

  /// Waits for all of it for at most `seconds`, then cancels the rest and waits for that.
  func finish(within seconds: Double, _ time: TimeSource) async {
    let tasks = state.withLock { Array($0.tasks.values) }
    let deadline = Task {
      do {
        try await time.sleep(seconds)
        for task in tasks { task.cancel() }
      } catch {
        // All came to their end in time.
      }
    }
    for task in tasks { await task.value }
    deadline.cancel()
  }
}
