import Checking
import Domain
import Foundation

/// Three days of runs before the first start, so that the timelines have something to show.
struct DemoHistory {
  let service: CheckerService

  private static let span: Double = 3 * 86_400
  private static let step: Double = 1800

  /// When a checker was in trouble, as hours before now: from, to, outcome.
  private static let troubles: [String: [(from: Double, to: Double, outcome: Outcome)]] = [
    "emails-present": [(44, 42.5, .failed), (2.2, 0, .failed)],
    "amounts-above-zero": [(51, 50, .failed), (6, 0, .failed)],
    "paid-orders-shipped": [(20, 19, .failed), (0.8, 0, .failed)],
    "order-status-known": [(30, 0, .warned)],
    "stock-not-negative": [(26, 0, .errored)],
    "payments-have-orders": [(60, 58, .failed)],
    "weekly-revenue": [(38, 37, .errored)],
    "sign-ups-arrive": [(12, 11, .failed)],
  ]

  func write() async throws {
    let now = service.now()
    let checkers = try await service.store.checkers()
    let present = try await evaluate(checkers)
    var age = Self.span
    while age > 0 {
      for (stored, evaluation) in zip(checkers, present) {
        let outcome = Self.outcome(of: stored.checker.id.name, hoursAgo: age / 3600)
        let run = run(stored, evaluation, outcome, at: now.addingTimeInterval(-age))
        _ = try await service.store.record(run, nextRunAt: stored.nextRunAt) { _, _ in [] }
      }
      age -= Self.step
    }
  }

  private func evaluate(_ checkers: [StoredChecker]) async throws -> [Evaluation] {
    let definitions = try await service.definitions()
    return await service.evaluator.evaluate(checkers.map(\.checker), with: definitions, at: service.now())
  }

  private static func outcome(of name: String, hoursAgo: Double) -> Outcome {
    troubles[name]?.first { $0.from >= hoursAgo && $0.to < hoursAgo }?.outcome ?? .passed
  }

  /// What the checker would have found at that time.
  private func run(_ stored: StoredChecker, _ today: Evaluation, _ outcome: Outcome, at time: Date) -> Run {
    // What code says now, it said before.
    let code = stored.checker.body.rules.isEmpty ? today.assertions : []
    let past =
      code
      + stored.checker.body.rules.enumerated().map { index, rule in
        let now = today.assertions.indices.contains(index) ? today.assertions[index] : nil
        // Trouble is the first rule's; a database that cannot be asked is every rule's.
        let wanted = index == 0 || outcome == .errored ? outcome : .passed
        return PastAssertion(rule: rule, today: now).assertion(wanted)
      }
    let reason = past.first { $0.outcome == .errored }?.message
    let seconds = 0.004 + Double(abs(time.hashValue % 17)) / 1000
    return Run(
      id: RunID.make(at: time), checker: stored.checker.id, version: 1, trigger: .schedule, scheduledFor: time,
      startedAt: time, finishedAt: time.addingTimeInterval(seconds), outcome: Run.outcome(of: past), reason: reason,
      assertions: past)
  }
}
