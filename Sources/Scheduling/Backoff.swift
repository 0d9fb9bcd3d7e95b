/// How long to wait before another try: twice as long each time, spread so that many do not come at once.
package struct Backoff: Sendable {
  /// Seconds before the second try.
  package var first: Double
  /// Seconds that no wait exceeds.
  package var longest: Double

  package init(first: Double = 1, longest: Double = 60) {
    self.first = first
    self.longest = longest
  }

  /// Seconds to wait after `attempts` tries (from 1); `chance` is 0 to 1 and moves the wait by up to a quarter.
  package func seconds(afterAttempts attempts: Int, chance: Double) -> Double {
    // Beyond 2^20 the limit has long been reached.
    var wait = first
    for _ in 1..<max(2, min(attempts, 21)) where attempts > 1 { wait *= 2 }
    return min(longest, wait * (0.75 + chance / 2))
  }
}
