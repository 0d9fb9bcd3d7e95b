/// How many events may go out: so many a minute, with short bursts. A pure value; time comes in as a parameter.
struct TokenBucket: Hashable, Sendable {
  /// Seconds for one token to come back.
  let interval: Double
  /// The most tokens there are at once: five seconds' worth, at least one.
  let capacity: Double
  private var tokens: Double
  /// When `tokens` was right, in seconds.
  private var at: Double

  /// `perMinute` is at least 1; the bucket starts full.
  init(perMinute: Int, at time: Double) {
    interval = 60 / Double(max(1, perMinute))
    capacity = max(1, 5 / interval)
    tokens = capacity
    at = time
  }

  /// Takes a token and returns 0, or returns the seconds until there is one.
  mutating func take(at time: Double) -> Double {
    tokens = min(capacity, tokens + max(0, time - at) / interval)
    at = max(at, time)
    // A hair below one is one: sums of fractions are never exact.
    guard tokens >= 1 - 1e-9 else { return (1 - tokens) * interval }
    tokens -= 1
    return 0
  }
}
