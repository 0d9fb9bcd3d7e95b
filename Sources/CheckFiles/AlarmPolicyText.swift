package import Domain

/// An alarm's settings under their keys in check files.
package enum AlarmPolicyText {
  package enum Value: Hashable, Sendable {
    case text(String)
    case number(Int)
    case list([String])
  }

  package static let keys = [
    "for", "for_runs", "keep_firing_for", "recover_after", "on_error", "error_grace", "on_empty", "empty_grace",
    "stale_after", "missed_after", "repeat_every", "per_row", "max_alarms",
  ]

  /// What switches a time off that has a default.
  package static let never = "never"

  /// What differs from the standard policy, in the order of `keys`.
  package static func fields(_ policy: AlarmPolicy) -> [(key: String, value: Value)] {
    let standard = AlarmPolicy.standard
    var fields: [(key: String, value: Value)] = []
    func time(_ key: String, _ value: Double?, _ standard: Double?) {
      if value != standard { fields.append((key, .text(value.map(DurationText.write) ?? never))) }
    }
    func number(_ key: String, _ value: Int, _ standard: Int) {
      if value != standard { fields.append((key, .number(value))) }
    }
    time("for", policy.forSeconds, standard.forSeconds)
    number("for_runs", policy.forRuns, standard.forRuns)
    time("keep_firing_for", policy.keepFiringSeconds, standard.keepFiringSeconds)
    number("recover_after", policy.recoverAfterRuns, standard.recoverAfterRuns)
    if policy.onError != standard.onError { fields.append(("on_error", .text(policy.onError.rawValue))) }
    time("error_grace", policy.errorGraceSeconds, standard.errorGraceSeconds)
    if let onEmpty = policy.onEmpty { fields.append(("on_empty", .text(onEmpty.rawValue))) }
    time("empty_grace", policy.emptyGraceSeconds, standard.emptyGraceSeconds)
    time("stale_after", policy.staleAfterSeconds, standard.staleAfterSeconds)
    time("missed_after", policy.missedAfterSeconds, standard.missedAfterSeconds)
    time("repeat_every", policy.repeatSeconds, standard.repeatSeconds)
    if !policy.perRow.isEmpty { fields.append(("per_row", .list(policy.perRow))) }
    number("max_alarms", policy.maxAlarms, standard.maxAlarms)
    return fields
  }
}
