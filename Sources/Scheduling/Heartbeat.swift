import Foundation
import Synchronization

/// Tells somebody outside, once a minute, that the scheduler is alive: when the word stays away, they ring.
///
/// Alive is a scheduler that has looked for due checkers since the last word. A timer of its own would go on beating
/// over a scheduler that hangs.
package struct Heartbeat: Sendable {
  private final class Pulse: Sendable {
    let ticks = Mutex(0)
  }

  private let pulse = Pulse()
  private let time: TimeSource
  private let send: @Sendable () async throws -> Void
  private let report: @Sendable (String) -> Void

  package static let seconds: Double = 60

  /// `send` reaches whoever listens, if there is anybody; `report` is told of trouble with that.
  package init(
    time: TimeSource = .system, report: @escaping @Sendable (String) -> Void,
    send: @escaping @Sendable () async throws -> Void
  ) {
    self.time = time
    self.send = send
    self.report = report
  }

  /// The scheduler has looked for what is due.
  package func tick() { pulse.ticks.withLock { $0 += 1 } }

  /// Works until its task is cancelled.
  package func serve() async {
    var silent = false
    while !Task.isCancelled {
      let ticks = pulse.ticks.withLock { ticks in
        defer { ticks = 0 }
        return ticks
      }
      if ticks > 0 {
        do {
          try await send()
          silent = false
        } catch {
          if !silent { report("heartbeat: \(error)") }
          silent = true
        }
      }
      // The first tick comes a moment after the start.
      do { try await time.sleep(ticks == 0 ? 1 : Self.seconds) } catch { return }
    }
  }
}
