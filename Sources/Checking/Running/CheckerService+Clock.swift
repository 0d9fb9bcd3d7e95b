import Domain
import Foundation

extension CheckerService {
  /// Plans anew what was planned while the clock ran ahead: it would wait for as long as the clock went back by.
  ///
  /// - Returns: How many checkers are due sooner now.
  package func planAfterClockWentBack() async throws(ServiceError) -> Int {
    let time = now()
    let checkers = try await reading { () async throws(StoreError) in try await store.checkers() }
    var moved = 0
    for stored in checkers {
      guard stored.checker.isEnabled, let due = stored.nextRunAt else { continue }
      let latest = latestPlan(of: stored, at: time)
      if due <= latest + 1 { continue }
      try await reading { () async throws(StoreError) in
        try await store.replan(stored.checker.id, nextRunAt: latest)
      }
      moved += 1
    }
    for action in try await reading({ () async throws(StoreError) in try await store.actions() }) {
      try await reading { () async throws(StoreError) in try await store.hurry(action: action.name, at: time) }
    }
    wake()
    return moved
  }

  /// No later than this is a checker due that was planned by a clock that is right. One without a schedule waits for what
  /// its alarm needs to know; a run too many does no harm.
  private func latestPlan(of stored: StoredChecker, at time: Date) -> Date {
    let checker = stored.checker
    let planned = checker.body.isPushed ? Self.expected(checker, after: time) : nextRun(of: checker, after: time)
    return max(planned ?? time, stored.runDelay == nil ? time : time + RunDelay.longest)
  }
}
