import Domain
import Synchronization

/// Keeps the events of one action below the rate that its receiver bears.
///
/// A short wait is waited out here, in the action's own lane; a longer one goes back to the outbox with the time, so
/// that no delivery takes longer than it may.
final class RateGate: Sendable {
  private let bucket: Mutex<TokenBucket?>
  private let clock = ContinuousClock()
  private let start: ContinuousClock.Instant

  /// The longest wait within a delivery, in seconds.
  static let patience: Double = 4

  /// `perMinute` of 0 sets no limit.
  init(perMinute: Int) {
    start = clock.now
    bucket = Mutex(perMinute > 0 ? TokenBucket(perMinute: perMinute, at: 0) : nil)
  }

  /// Returns when the next event may go out.
  func pass() async throws(DeliveryError) {
    while true {
      let now = (clock.now - start) / .seconds(1)
      let wait = bucket.withLock { $0?.take(at: now) ?? 0 }
      if wait == 0 { return }
      guard wait <= Self.patience else {
        throw .transient("waits its turn: 'max_per_minute' of the action is reached", retryAfterSeconds: wait)
      }
      do {
        try await Task.sleep(for: .seconds(wait))
      } catch {
        throw .transient("the service stopped before it was sent", retryAfterSeconds: nil)
      }
    }
  }
}
