/// When an alarm rings, when it stops, and what it makes of a check that cannot be made. All times are seconds.
package struct AlarmPolicy: Hashable, Sendable {
  /// What an alarm does about a run that concluded nothing about the data.
  package enum Reaction: String, Codable, Sendable, CaseIterable {
    /// As if an assertion had failed.
    case alarm
    /// A state of its own, which people are told of.
    case error
    /// As if the run had not been.
    case keep
    /// As if all had been well.
    case ok
  }

  /// How long the data must be wrong before the alarm turns red; 0: at once.
  package var forSeconds: Double
  /// How many runs in a row must fail before the alarm turns red, 1 to 1,000. Both this and `forSeconds` must be met.
  package var forRuns: Int
  /// How long the data must be well before a red alarm turns green; 0: at once.
  package var keepFiringSeconds: Double
  /// How many runs in a row must pass before a red alarm turns green, 1 to 1,000.
  package var recoverAfterRuns: Int
  /// What a run does that could not be made.
  package var onError: Reaction
  /// How long runs may be impossible before `onError` counts.
  package var errorGraceSeconds: Double
  /// What a run does that found nothing to measure; `nil`: what `on_empty` of its rules says.
  package var onEmpty: Reaction?
  /// How long there may be nothing to measure before `onEmpty` counts.
  package var emptyGraceSeconds: Double
  /// How long after a run was due the alarm goes stale; `nil`: never.
  package var staleAfterSeconds: Double?
  /// How long after a run was due it counts as a failure, so that the alarm turns red; `nil`: never. Not after
  /// `staleAfterSeconds`, the alarm is red without having been stale.
  package var missedAfterSeconds: Double?
  /// How often people are reminded of an open alarm that nobody has acknowledged; `nil`: never.
  package var repeatSeconds: Double?
  /// The columns that tell rows apart: each row that fails has an alarm of its own. Empty: the checker's alarm is the
  /// only one.
  package var perRow: [String]
  /// How many alarms rows may have at a time, 1 to 200.
  package var maxAlarms: Int

  package static let standard = AlarmPolicy()
  package static let runCounts = 1...1000
  package static let rowAlarmCounts = 1...200
  package static let mostRowColumns = 8
  /// The longest time that any of the settings takes: a year.
  package static let longestSeconds: Double = 366 * 86_400
  /// Reminders come no more often than once a minute.
  package static let shortestRepeatSeconds: Double = 60

  package init(
    forSeconds: Double = 0, forRuns: Int = 1, keepFiringSeconds: Double = 0, recoverAfterRuns: Int = 1,
    onError: Reaction = .error, errorGraceSeconds: Double = 0, onEmpty: Reaction? = nil, emptyGraceSeconds: Double = 0,
    staleAfterSeconds: Double? = 3600, missedAfterSeconds: Double? = nil, repeatSeconds: Double? = nil,
    perRow: [String] = [], maxAlarms: Int = 50
  ) {
    self.forSeconds = forSeconds
    self.forRuns = forRuns
    self.keepFiringSeconds = keepFiringSeconds
    self.recoverAfterRuns = recoverAfterRuns
    self.onError = onError
    self.errorGraceSeconds = errorGraceSeconds
    self.onEmpty = onEmpty
    self.emptyGraceSeconds = emptyGraceSeconds
    self.staleAfterSeconds = staleAfterSeconds
    self.missedAfterSeconds = missedAfterSeconds
    self.repeatSeconds = repeatSeconds
    self.perRow = perRow
    self.maxAlarms = maxAlarms
  }
}

extension AlarmPolicy: Codable {
  private enum CodingKeys: String, CodingKey {
    case forSeconds, forRuns, keepFiringSeconds, recoverAfterRuns, onError, errorGraceSeconds, onEmpty
    case emptyGraceSeconds, staleAfterSeconds, missedAfterSeconds, repeatSeconds, perRow, maxAlarms
  }

  /// What is missing has its default, so that documents of older versions can be read.
  package init(from decoder: any Decoder) throws {
    let values = try decoder.container(keyedBy: CodingKeys.self)
    func value<Value: Decodable>(_ key: CodingKeys, _ standard: Value) throws -> Value {
      try values.decodeIfPresent(Value.self, forKey: key) ?? standard
    }
    let standard = AlarmPolicy.standard
    forSeconds = try value(.forSeconds, standard.forSeconds)
    forRuns = try value(.forRuns, standard.forRuns)
    keepFiringSeconds = try value(.keepFiringSeconds, standard.keepFiringSeconds)
    recoverAfterRuns = try value(.recoverAfterRuns, standard.recoverAfterRuns)
    onError = try value(.onError, standard.onError)
    errorGraceSeconds = try value(.errorGraceSeconds, standard.errorGraceSeconds)
    onEmpty = try values.decodeIfPresent(Reaction.self, forKey: .onEmpty)
    emptyGraceSeconds = try value(.emptyGraceSeconds, standard.emptyGraceSeconds)
    staleAfterSeconds =
      values.contains(.staleAfterSeconds)
      ? try values.decode(Double?.self, forKey: .staleAfterSeconds) : standard.staleAfterSeconds
    missedAfterSeconds = try values.decodeIfPresent(Double.self, forKey: .missedAfterSeconds)
    repeatSeconds = try values.decodeIfPresent(Double.self, forKey: .repeatSeconds)
    perRow = try value(.perRow, standard.perRow)
    maxAlarms = try value(.maxAlarms, standard.maxAlarms)
  }

  package func encode(to encoder: any Encoder) throws {
    var values = encoder.container(keyedBy: CodingKeys.self)
    try values.encode(forSeconds, forKey: .forSeconds)
    try values.encode(forRuns, forKey: .forRuns)
    try values.encode(keepFiringSeconds, forKey: .keepFiringSeconds)
    try values.encode(recoverAfterRuns, forKey: .recoverAfterRuns)
    try values.encode(onError, forKey: .onError)
    try values.encode(errorGraceSeconds, forKey: .errorGraceSeconds)
    try values.encodeIfPresent(onEmpty, forKey: .onEmpty)
    try values.encode(emptyGraceSeconds, forKey: .emptyGraceSeconds)
    // `null` means never, and is not the default.
    try values.encode(staleAfterSeconds, forKey: .staleAfterSeconds)
    try values.encodeIfPresent(missedAfterSeconds, forKey: .missedAfterSeconds)
    try values.encodeIfPresent(repeatSeconds, forKey: .repeatSeconds)
    if !perRow.isEmpty { try values.encode(perRow, forKey: .perRow) }
    if maxAlarms != AlarmPolicy.standard.maxAlarms { try values.encode(maxAlarms, forKey: .maxAlarms) }
  }
}

extension AlarmPolicy {
  /// What is wrong with it: the key of the file format, and how to mend it.
  package var problems: [(key: String, message: String)] {
    var problems: [(key: String, message: String)] = []
    let times: [(String, Double?)] = [
      ("for", forSeconds), ("keep_firing_for", keepFiringSeconds), ("error_grace", errorGraceSeconds),
      ("empty_grace", emptyGraceSeconds), ("stale_after", staleAfterSeconds), ("missed_after", missedAfterSeconds),
      ("repeat_every", repeatSeconds),
    ]
    for case (let key, let seconds?) in times where !(0...Self.longestSeconds).contains(seconds) {
      problems.append((key, "a time is from 0s to 366d"))
    }
    if let repeatSeconds, repeatSeconds < Self.shortestRepeatSeconds {
      problems.append(("repeat_every", "people are reminded at most once a minute: write 1m or more, or leave it out"))
    }
    for (key, count) in [("for_runs", forRuns), ("recover_after", recoverAfterRuns)]
    where !Self.runCounts.contains(count) {
      problems.append((key, "a number of runs is from 1 to 1000, not \(count)"))
    }
    if onEmpty == nil, emptyGraceSeconds > 0 {
      problems.append(("empty_grace", "says how long on_empty waits: set on_empty too"))
    }
    if perRow.contains("") { problems.append(("per_row", "a column has a name")) }
    if let repeated = perRow.first(where: { name in perRow.count { $0 == name } > 1 }) {
      problems.append(("per_row", "names the column '\(repeated)' twice"))
    }
    if perRow.count > Self.mostRowColumns {
      problems.append(("per_row", "takes at most \(Self.mostRowColumns) columns, not \(perRow.count)"))
    }
    if !Self.rowAlarmCounts.contains(maxAlarms) {
      problems.append(("max_alarms", "rows have from 1 to 200 alarms at a time, not \(maxAlarms)"))
    }
    if perRow.isEmpty, maxAlarms != Self.standard.maxAlarms {
      problems.append(("max_alarms", "says how many alarms rows may have: set per_row too"))
    }
    return problems
  }
}
