import Domain
import Yams

/// Reads `alarm` of a checker.
struct AlarmPolicyReader {
  let log: ProblemLog

  func read(_ node: Node, path: String) -> AlarmPolicy {
    guard let reader = MappingReader(node, path: path, known: AlarmPolicyText.keys, log: log) else { return .standard }
    let standard = AlarmPolicy.standard
    let policy = AlarmPolicy(
      forSeconds: time("for", reader) ?? standard.forSeconds,
      forRuns: reader.integer("for_runs") ?? standard.forRuns,
      keepFiringSeconds: time("keep_firing_for", reader) ?? standard.keepFiringSeconds,
      recoverAfterRuns: reader.integer("recover_after") ?? standard.recoverAfterRuns,
      onError: reader.choice("on_error", AlarmPolicy.Reaction.self) ?? standard.onError,
      errorGraceSeconds: time("error_grace", reader) ?? standard.errorGraceSeconds,
      onEmpty: reader.choice("on_empty", AlarmPolicy.Reaction.self),
      emptyGraceSeconds: time("empty_grace", reader) ?? standard.emptyGraceSeconds,
      staleAfterSeconds: optionalTime("stale_after", reader, standard.staleAfterSeconds),
      missedAfterSeconds: optionalTime("missed_after", reader, standard.missedAfterSeconds),
      repeatSeconds: optionalTime("repeat_every", reader, standard.repeatSeconds),
      perRow: reader.texts("per_row"), maxAlarms: reader.integer("max_alarms") ?? standard.maxAlarms)
    for problem in policy.problems { reader.problem(problem.key, problem.message) }
    return policy
  }

  private func time(_ key: String, _ reader: MappingReader) -> Double? {
    guard let text = reader.text(key) else { return nil }
    if let seconds = DurationText.seconds(text) { return seconds }
    reader.problem(key, "must be a time such as 90s, 10m or '1h 30m', not '\(text)'")
    return nil
  }

  /// `never` is `nil`.
  private func optionalTime(_ key: String, _ reader: MappingReader, _ standard: Double?) -> Double? {
    guard reader.has(key) else { return standard }
    if case .scalar(let scalar)? = reader.valueNode(key), scalar.string == AlarmPolicyText.never { return nil }
    return time(key, reader) ?? standard
  }
}
