package import Domain
import Foundation

extension CheckerService {
  /// Evaluates a run again as it was: the checker's version of then, the run's moment and randomness, and only the runs
  /// before it to look back at. The data are those of today. Nothing is saved or sent.
  ///
  /// - Throws: `notFound` when there is no such run, or its version is gone.
  package func replay(_ runID: String) async throws(ServiceError) -> Replay {
    guard let run = try await reading({ () async throws(StoreError) in try await store.run(runID) }) else {
      throw .notFound("There is no run '\(runID)'; old runs are dropped after a while.")
    }
    let versions = try await reading { () async throws(StoreError) in try await store.versions(of: run.checker) }
    guard var checker = versions.first(where: { $0.version == run.version })?.checker else {
      throw .notFound("Version \(run.version) of '\(run.checker)', which this run was of, is gone.")
    }
    // It may have been renamed since.
    checker.id = run.checker
    let definitions = try await definitions()
    let startedAt = now()
    let evaluation = await Evaluator(engines: engines, code: codeRunner(before: runID)).evaluate(
      [checker], with: definitions, moments: [Evaluator.Moment(runID: runID, time: run.startedAt)])[0]
    let milliseconds = now().timeIntervalSince(startedAt) * 1000
    return Replay(run: run, preview: CheckerPreview(evaluation: evaluation, milliseconds: milliseconds))
  }
}

/// What a run came to, and what it comes to on the data of today.
package struct Replay: Sendable {
  package var run: Run
  package var preview: CheckerPreview

  /// The same assertions in the same order with the same outcome.
  package var hasSameVerdicts: Bool {
    let (then, now) = (run.assertions, preview.evaluation.assertions)
    return run.outcome == preview.evaluation.outcome && run.trouble?.reason == preview.evaluation.trouble?.reason
      && then.map(\.name) == now.map(\.name) && then.map(\.outcome) == now.map(\.outcome)
  }

  /// Code that sees the same data uses as much fuel, to the last unit; `nil` where there is no code.
  package var hasSameFuel: Bool? {
    guard let then = run.cost, let now = preview.evaluation.cost else { return nil }
    return then.fuel == now.fuel
  }
}
