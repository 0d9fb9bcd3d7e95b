import Domain
import Foundation

/// The threads that guests run on: their own, because guests block, and fewer than the engine has room for.
///
/// `@unchecked Sendable`: all state is behind `condition`.
final class GuestThreads: @unchecked Sendable {
  typealias Work = @Sendable () -> Void

  /// Well above the guest's stack, for what the host does on top of it.
  private static let stackBytes = Engine.stackBytes + (3 << 20)

  private let bound: Int
  private let condition = NSCondition()
  private var waiting: [(id: UInt64, work: Work)] = []
  private var nextID: UInt64 = 0
  private var threads = 0
  private var idle = 0
  private var tidying = 0
  private var isClosed = false

  init(bound: Int) { self.bound = bound }

  /// Puts work in line; its number, or `nil` when closed.
  func submit(_ work: @escaping Work) -> UInt64? {
    condition.withLock {
      if isClosed { return nil }
      nextID += 1
      waiting.append((nextID, work))
      if isShort, threads < bound {
        threads += 1
        let thread = Thread { [self] in serve() }
        thread.stackSize = Self.stackBytes
        thread.name = "guest"
        thread.start()
      } else {
        condition.signal()
      }
      return nextID
    }
  }

  /// Whether somebody would wait for long. A thread that tidies up is free in a moment, but where one piece of work
  /// follows the other it is better to have two threads take turns.
  private var isShort: Bool { idle + tidying / 2 < waiting.count }

  /// To be called by work for what is left to do once its result is known.
  func tidy(_ rest: () -> Void) {
    condition.withLock { tidying += 1 }
    rest()
    condition.withLock { tidying -= 1 }
  }

  /// Takes work back that no thread has begun; `false` when it began.
  func withdraw(_ id: UInt64) -> Bool {
    condition.withLock {
      guard let index = waiting.firstIndex(where: { $0.id == id }) else { return false }
      waiting.remove(at: index)
      return true
    }
  }

  /// No new work; threads end when the line is empty.
  func close() {
    condition.withLock {
      isClosed = true
      condition.broadcast()
    }
  }

  private func serve() {
    while let work = next() { work() }
  }

  private func next() -> Work? {
    condition.withLock {
      idle += 1
      while waiting.isEmpty, !isClosed { condition.wait() }
      idle -= 1
      if waiting.isEmpty {
        threads -= 1
        return nil
      }
      return waiting.removeFirst().work
    }
  }
}
