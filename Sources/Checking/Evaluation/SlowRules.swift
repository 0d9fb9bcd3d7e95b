import Domain
import Rules
import Synchronization

/// Remembers for a while which rules were stopped at a data source's time limit, so that they are asked apart from
/// the others from the start.
final class SlowRules: Sendable {
  private struct Key: Hashable {
    var source: String
    var request: PushDown.Request
  }

  /// After this, a rule is tried in company again.
  private static let memory: Duration = .seconds(3600)
  /// Beyond so many something else is wrong than a few rules.
  private static let capacity = 10_000

  private let slow = Mutex<[Key: ContinuousClock.Instant]>([:])

  func note(_ requests: [PushDown.Request], on source: DataSource) {
    let until = ContinuousClock.now + Self.memory
    slow.withLock { slow in
      if slow.count >= Self.capacity { slow = slow.filter { $0.value > .now } }
      for request in requests where slow.count < Self.capacity {
        slow[Key(source: source.name, request: request)] = until
      }
    }
  }

  func contains(_ request: PushDown.Request, on source: DataSource) -> Bool {
    slow.withLock { slow in slow[Key(source: source.name, request: request)].map { $0 > .now } ?? false }
  }
}

/// What the statements of each checker of a round took.
final class StatementTimes: Sendable {
  private let times = Mutex<[Int: Double]>([:])

  func add(_ seconds: Double, to checkers: Set<Int>) {
    times.withLock { times in for checker in checkers { times[checker, default: 0] += seconds } }
  }

  func atLeast(_ seconds: Double, for checker: Int) {
    times.withLock { $0[checker] = max($0[checker] ?? 0, seconds) }
  }

  func seconds(of checker: Int) -> Double? { times.withLock { $0[checker] } }
}

/// How often one round may still wait for a statement until the time limit. A data source that is slow as a whole
/// must not be asked for each of its rules.
final class Patience: Sendable {
  private let left = Mutex(16)

  var isLost: Bool { left.withLock { $0 <= 0 } }

  func lose() { left.withLock { $0 -= 1 } }
}
