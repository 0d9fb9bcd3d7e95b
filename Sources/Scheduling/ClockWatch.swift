package import Foundation
import Synchronization

/// Notices that the machine's clock was set back.
package final class ClockWatch: Sendable {
  private let latest: Mutex<Date>

  /// How far it may go back without notice, in seconds: clocks are corrected by little all the time.
  private static let tolerance: Double = 5

  /// - Parameter latest: The latest time that is known to have been read from it.
  package init(latest: Date) { self.latest = Mutex(latest) }

  /// By how many seconds the clock went back since it was last asked; `nil` when it did not.
  package func wentBack(to time: Date) -> Double? {
    latest.withLock { latest in
      let seconds = latest.timeIntervalSince(time)
      latest = time
      return seconds > Self.tolerance ? seconds : nil
    }
  }
}
