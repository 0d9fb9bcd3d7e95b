package import Domain
import Foundation

/// Runs checkers when they are due.
///
/// What is due at the same moment is claimed together and handed over together, so that rules on the same data source
/// can share their queries. A claim ends when its run is recorded; one whose run was lost ends by itself, after the
/// lease.
package struct Scheduler: Sendable {
  package struct Limits: Sendable {
    /// Calls of `run` under way at once.
    package var batches: Int
    /// Checkers in one call of `run`.
    package var checkersPerBatch: Int
    /// How long a claim lasts, in seconds: longer than any run may take.
    package var leaseSeconds: Double
    /// How long a stop waits for the runs under way, in seconds, before it cancels them.
    package var stopSeconds: Double

    package init(
      batches: Int = 16, checkersPerBatch: Int = 200, leaseSeconds: Double = 2 * 3600, stopSeconds: Double = 20
    ) {
      self.batches = batches
      self.checkersPerBatch = checkersPerBatch
      self.leaseSeconds = leaseSeconds
      self.stopSeconds = stopSeconds
    }
  }

  private let store: any RunStore
  private let time: TimeSource
  private let limits: Limits
  private let run: @Sendable ([StoredChecker]) async throws -> Void
  private let report: @Sendable (String) -> Void
  private let alive: @Sendable () -> Void
  private let bell = Bell()
  private let work = WorkInProgress()

  /// The longest sleep, in seconds: a clock that was set shows within it.
  private static let longestPause: Double = 5
  /// After trouble, and when something stays due that cannot be claimed.
  private static let trouble: Double = 1

  /// `run` records the runs of the checkers it is given, which moves their next time on; `report` is told of trouble,
  /// `alive` each time that the store was asked for what is due.
  package init(
    store: any RunStore, time: TimeSource = .system, limits: Limits = Limits(),
    run: @escaping @Sendable ([StoredChecker]) async throws -> Void, report: @escaping @Sendable (String) -> Void,
    alive: @escaping @Sendable () -> Void = {}
  ) {
    self.store = store
    self.time = time
    self.limits = limits
    self.run = run
    self.report = report
    self.alive = alive
  }

  /// Something may be due sooner than it was.
  package func poke() { bell.ring() }

  /// Works until its task is cancelled; then claims nothing more and lets the runs under way come to their end.
  package func serve() async {
    while !Task.isCancelled {
      let pause = await tick()
      if pause > 0 { await bell.wait(seconds: pause, time) }
    }
    await work.finish(within: limits.stopSeconds, time)
  }

  /// Starts what is due; returns how long there is nothing to do, in seconds.
  private func tick() async -> Double {
    guard work.count < limits.batches else { return Self.longestPause }
    do {
      let due = try await store.claimDue(
        at: time.now(), limit: limits.checkersPerBatch, lease: limits.leaseSeconds)
      alive()
      if due.isEmpty { return try await pauseUntilNextDue() }
      start(due)
      return 0
    } catch {
      report("scheduler: \(error)")
      return Self.trouble
    }
  }

  private func pauseUntilNextDue() async throws(StoreError) -> Double {
    guard let next = try await store.nextDue() else { return Self.longestPause }
    let wait = next.timeIntervalSince(time.now())
    return wait > 0 ? min(wait, Self.longestPause) : Self.trouble
  }

  private func start(_ due: [StoredChecker]) {
    work.start {
      do {
        try await run(due)
      } catch {
        report("scheduler: \(due.count) runs: \(error)")
        // They are due again at once; a store that does not work gets a moment.
        try? await time.sleep(Self.trouble)
      }
    } atEnd: {
      bell.ring()
    }
  }
}
