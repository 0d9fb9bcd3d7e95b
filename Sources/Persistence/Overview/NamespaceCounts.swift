import Domain
import Foundation
import Synchronization

/// How many checkers of each state every namespace has, as last counted: each page shows them, and counting reads every
/// checker.
///
/// A count serves until something is written, or time alone makes a checker overdue or ends a mute.
final class NamespaceCounts: Sendable {
  private struct State {
    var writes = 0
    var counted: (writes: Int, at: Date, counts: CheckerScan.Counts)?
  }

  private let state = Mutex(State())

  /// After each write, before whoever asked for it goes on.
  func noteWrite() {
    state.withLock { $0.writes += 1 }
  }

  var writes: Int { state.withLock { $0.writes } }

  func known(at time: Date) -> [NamespaceSummary]? {
    state.withLock { state in
      guard let counted = state.counted, counted.writes == state.writes else { return nil }
      return counted.at <= time && time.stored < counted.counts.changeAt ? counted.counts.summaries : nil
    }
  }

  /// `writes` is how many there were before the counting began.
  func keep(_ counts: CheckerScan.Counts, writes: Int, at time: Date) {
    state.withLock { $0.counted = (writes, time, counts) }
  }
}
