package import Domain
import Foundation

/// Sends what waits in the outbox: at least once, in order for each checker and action.
///
/// The store leases only the oldest delivery of each checker and action, which keeps the order; actions do not wait
/// for one another. A delivery whose sending was cut off is leased again once its lease is over.
package struct OutboxDispatcher: Sendable {
  package struct Limits: Sendable {
    /// Deliveries held at once.
    package var deliveries: Int
    /// How long a lease lasts, in seconds; more than twice what a channel takes to send.
    package var leaseSeconds: Double
    /// Seconds without a delivery after which an action's channel is closed.
    package var idleSeconds: Double
    /// How long a stop waits for what is being sent, in seconds.
    package var stopSeconds: Double
    package var backoff: Backoff

    package init(
      deliveries: Int = 500, leaseSeconds: Double = 90, idleSeconds: Double = 300, stopSeconds: Double = 10,
      backoff: Backoff = Backoff()
    ) {
      self.deliveries = deliveries
      self.leaseSeconds = leaseSeconds
      self.idleSeconds = idleSeconds
      self.stopSeconds = stopSeconds
      self.backoff = backoff
    }
  }

  private let store: any OutboxStore
  private let time: TimeSource
  private let limits: Limits
  private let report: @Sendable (String) -> Void
  private let bell = Bell()
  private let work = WorkInProgress()
  private let lanes: Lanes

  /// The longest sleep, in seconds.
  private static let longestPause: Double = 15
  private static let trouble: Double = 1

  /// `report` is told of trouble with the store; what a receiver had against an event stands in its delivery.
  package init(
    store: any OutboxStore & CatalogueStore, channels: any ChannelMaking, time: TimeSource = .system,
    limits: Limits = Limits(), report: @escaping @Sendable (String) -> Void
  ) {
    self.store = store
    self.time = time
    self.limits = limits
    self.report = report
    lanes = Lanes { [bell] in
      LaneWork(store: store, channels: channels, time: time, limits: limits, report: report, poke: { bell.ring() })
    }
  }

  /// Something may have been put into the outbox, or an action has changed.
  package func poke() { bell.ring() }

  /// Works until its task is cancelled; then leases nothing more, puts back what has not been tried, and closes the
  /// channels.
  package func serve() async {
    while !Task.isCancelled {
      let pause = await tick()
      if pause > 0 { await bell.wait(seconds: pause, time) }
    }
    await lanes.stop()
    await work.finish(within: limits.stopSeconds, time)
    await lanes.close()
  }

  /// Hands out what is due; returns how long there is nothing to do, in seconds.
  private func tick() async -> Double {
    await lanes.closeIdle(before: time.now() - limits.idleSeconds)
    let room = limits.deliveries - (await lanes.waiting)
    guard room > 0 else { return Self.longestPause }
    do {
      let now = time.now()
      let due = try await store.lease(at: now, limit: min(room, 100), seconds: limits.leaseSeconds)
      if due.isEmpty { return try await pauseUntilNextAttempt() }
      for delivery in due { await hand(delivery, leasedUntil: now + limits.leaseSeconds) }
      return 0
    } catch {
      report("outbox: \(error)")
      return Self.trouble
    }
  }

  private func hand(_ delivery: Delivery, leasedUntil end: Date) async {
    guard let lane = await lanes.add(delivery, leasedUntil: end) else { return }
    // Nobody works on that lane yet.
    work.start {
      await lane.drain()
    } atEnd: {
      bell.ring()
    }
  }

  private func pauseUntilNextAttempt() async throws(StoreError) -> Double {
    guard let next = try await store.nextAttempt() else { return Self.longestPause }
    let wait = next.timeIntervalSince(time.now())
    return wait > 0 ? min(wait, Self.longestPause) : Self.trouble
  }
}
