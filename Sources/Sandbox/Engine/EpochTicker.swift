import CWasmtime
import Foundation
import Synchronization

/// Moves an engine's epoch on every 10 ms while a guest runs: at each tick a guest is asked whether it may go on.
///
/// `@unchecked Sendable`: the engine's pointer may be used from any thread, the rest is behind atomics and a condition.
final class EpochTicker: @unchecked Sendable {
  private let engine: OpaquePointer
  private let running = Atomic<Int>(0)
  private let isParked = Atomic<Bool>(true)
  private let condition = NSCondition()
  /// Behind `condition`.
  private var isStopped = false
  private var isStarted = false
  private var hasEnded = false

  /// Idle ticks before the thread sleeps, so that guests in quick succession do not wake it each time.
  private static let patience = 100

  init(_ engine: OpaquePointer) { self.engine = engine }

  /// Ticks at least until `end` is called as often as `begin`.
  func begin() {
    running.wrappingAdd(1, ordering: .sequentiallyConsistent)
    guard isParked.load(ordering: .sequentiallyConsistent) else { return }
    condition.withLock {
      isParked.store(false, ordering: .sequentiallyConsistent)
      if !isStarted {
        isStarted = true
        let thread = Thread { [self] in tick() }
        thread.name = "sandbox-ticker"
        thread.start()
      }
      condition.broadcast()
    }
  }

  func end() { running.wrappingSubtract(1, ordering: .sequentiallyConsistent) }

  /// Returns when the thread no longer touches the engine.
  func stop() {
    condition.withLock {
      isStopped = true
      condition.broadcast()
      while isStarted, !hasEnded { condition.wait() }
    }
  }

  private func tick() {
    var idle = 0
    while true {
      usleep(10_000)
      if running.load(ordering: .sequentiallyConsistent) > 0 {
        idle = 0
        wasmtime_engine_increment_epoch(engine)
      } else {
        idle += 1
      }
      if !(idle < Self.patience) || isAskedToStop {
        guard park() else { return }
        idle = 0
      }
    }
  }

  private var isAskedToStop: Bool { condition.withLock { isStopped } }

  /// Sleeps until a guest starts; `false` when there will be none.
  private func park() -> Bool {
    condition.withLock {
      isParked.store(true, ordering: .sequentiallyConsistent)
      while running.load(ordering: .sequentiallyConsistent) == 0, !isStopped, isParked.load(ordering: .relaxed) {
        condition.wait()
      }
      isParked.store(false, ordering: .sequentiallyConsistent)
      if isStopped {
        hasEnded = true
        condition.broadcast()
      }
      return !isStopped
    }
  }
}
