package import Domain
import Foundation

/// Lets time pass for alarms: those that go stale, reminders, acknowledgements and silences that end.
package struct AlarmClock: Sendable {
  private let store: any AlarmStore
  private let time: TimeSource
  private let tick: @Sendable () async throws -> Int
  private let report: @Sendable (String) -> Void
  private let bell = Bell()

  /// The longest sleep, in seconds: a clock that was set shows within it.
  private static let longestPause: Double = 5
  private static let trouble: Double = 1

  /// `tick` works off what waits, and returns how many alarms changed; `report` is told of trouble.
  package init(
    store: any AlarmStore, time: TimeSource = .system, tick: @escaping @Sendable () async throws -> Int,
    report: @escaping @Sendable (String) -> Void
  ) {
    self.store = store
    self.time = time
    self.tick = tick
    self.report = report
  }

  /// Something may wait for a sooner time than before.
  package func poke() { bell.ring() }

  /// Works until its task is cancelled.
  package func serve() async {
    while !Task.isCancelled {
      let pause = await work()
      if pause > 0 { await bell.wait(seconds: pause, time) }
    }
  }

  /// Returns how long there is nothing to do, in seconds.
  private func work() async -> Double {
    do {
      guard let next = try await store.nextTick() else { return Self.longestPause }
      let wait = next.timeIntervalSince(time.now())
      if wait > 0 { return min(wait, Self.longestPause) }
      return try await tick() > 0 ? 0 : Self.trouble
    } catch {
      report("alarms: \(error)")
      return Self.trouble
    }
  }
}
