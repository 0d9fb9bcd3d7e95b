import Domain
import Foundation

/// What happens to an alarm, a minute apart.
enum AlarmStep: String {
  case passes, warns, fails
  /// The run could not be made.
  case errors
  /// It could not be made because its data source is down, which is told once for all: the notice is withheld.
  case down = "data source down"
  /// A rule that fails on nothing to measure had nothing to measure.
  case empty
  /// Passes, but not beyond the recovery threshold.
  case almost = "passes, not recovered"
  /// No run; time passes.
  case nothing = "no run"
  case acknowledged

  var outcome: Outcome? {
    switch self {
    case .passes, .almost: .passed
    case .warns: .warned
    case .fails, .empty: .failed
    case .errors, .down: .errored
    case .nothing, .acknowledged: nil
    }
  }
}

/// One line of the table in docs/alarms.md.
struct AlarmCase {
  var title: String
  var settings: String
  var policy: AlarmPolicy
  var steps: [AlarmStep]
  var states: [Alarm.State]
  /// What people are told at each step.
  var told: [AlarmTransition.Notice?]

  init(
    _ title: String, _ settings: String, _ policy: AlarmPolicy, _ steps: [AlarmStep], _ states: [Alarm.State],
    _ told: [AlarmTransition.Notice?]
  ) {
    self.title = title
    self.settings = settings
    self.policy = policy
    self.steps = steps
    self.states = states
    self.told = told
  }

  static let start = Date(timeIntervalSince1970: 1_772_452_800)

  /// What became of the alarm at each step. A run is due every minute.
  func play() -> [(alarm: Alarm, change: AlarmChange)] {
    var alarm = Alarm(since: Self.start)
    var dueAt = Self.start
    return steps.enumerated().map { index, step in
      let time = Self.start + Double(index * 60)
      var change: AlarmChange
      if let outcome = step.outcome {
        let evidence = AlarmEvidence(
          outcome: outcome, runID: "run-\(index)", startedAt: time, finishedAt: time, hasNoData: step == .empty,
          isRecovered: step != .almost)
        dueAt = time + 60
        change = alarm.receive(evidence, policy: policy)
        if change == .none { change = alarm.tick(at: time, policy: policy, dueAt: dueAt) }
      } else if step == .acknowledged {
        dueAt = time + 60
        change = AlarmChange(notice: alarm.acknowledge(Acknowledgement(author: "ana", at: time)))
      } else {
        change = alarm.tick(at: time, policy: policy, dueAt: dueAt)
      }
      if let notice = change.notice {
        alarm.noteFate(of: notice, wasSent: step != .down, wasWithheld: step == .down)
        if step == .down {
          change.notice = nil
          change.transition?.notice = nil as AlarmTransition.Notice?
        }
      }
      return (alarm, change)
    }
  }

  /// As the table in docs/alarms.md shows it: runs of the same are counted.
  var line: String {
    let told = told.map { $0?.rawValue ?? "–" }
    return "| \(title) | \(settings) | \(Self.counted(steps.map(\.rawValue))) "
      + "| \(Self.counted(states.map(\.rawValue))) | \(Self.counted(told)) |"
  }

  private static func counted(_ words: [String]) -> String {
    var groups: [(word: String, count: Int)] = []
    for word in words {
      if groups.last?.word == word { groups[groups.count - 1].count += 1 } else { groups.append((word, 1)) }
    }
    return groups.map { $0.count == 1 ? $0.word : "\($0.word) ×\($0.count)" }.joined(separator: ", ")
  }

  static let all: [AlarmCase] = [
    AlarmCase(
      "Runs that agree are told once", "", .standard, [.fails, .fails, .fails, .passes, .passes],
      [.red, .red, .red, .green, .green], [.red, nil, nil, .resolved, nil]),
    AlarmCase("A first green run is no news", "", .standard, [.passes], [.green], [nil]),
    AlarmCase(
      "A warning that becomes a failure is news", "", .standard, [.passes, .warns, .fails, .warns],
      [.green, .red, .red, .red], [nil, .red, .red, .red]),
    AlarmCase(
      "An error is no failure", "", .standard, [.passes, .errors, .errors, .fails, .errors, .passes],
      [.green, .error, .error, .red, .error, .green], [nil, .error, nil, .red, .error, .resolved]),
    AlarmCase(
      "Red as before once its data source is back is no news", "", .standard,
      [.fails, .acknowledged, .down, .down, .fails, .passes], [.red, .red, .error, .error, .red, .green],
      [.red, .acknowledged, nil, nil, nil, .resolved]),
    AlarmCase(
      "What turned red meanwhile is news", "", .standard, [.passes, .down, .fails, .passes],
      [.green, .error, .red, .green], [nil, nil, .red, .resolved]),
    AlarmCase(
      "Must last", "`for: 2m`", AlarmPolicy(forSeconds: 120), [.fails, .fails, .fails, .fails],
      [.pending, .pending, .red, .red], [nil, nil, .red, nil]),
    AlarmCase(
      "One good run starts the time again", "`for: 2m`", AlarmPolicy(forSeconds: 120),
      [.fails, .fails, .passes, .fails, .fails, .fails], [.pending, .pending, .green, .pending, .pending, .red],
      [nil, nil, nil, nil, nil, .red]),
    AlarmCase(
      "Time alone does not make it red", "`for: 2m`", AlarmPolicy(forSeconds: 120),
      [.fails, .nothing, .nothing, .nothing, .passes], [.pending, .pending, .pending, .pending, .green],
      [nil, nil, nil, nil, nil]),
    AlarmCase(
      "Must fail several times in a row", "`for_runs: 3`", AlarmPolicy(forRuns: 3),
      [.fails, .fails, .passes, .fails, .fails, .fails], [.pending, .pending, .green, .pending, .pending, .red],
      [nil, nil, nil, nil, nil, .red]),
    AlarmCase(
      "An error is not a failure in the row, and does not end it", "`for_runs: 3`", AlarmPolicy(forRuns: 3),
      [.fails, .fails, .errors, .fails], [.pending, .pending, .error, .red], [nil, nil, .error, .red]),
    AlarmCase(
      "Time and number must both be met", "`for: 1m`, `for_runs: 3`", AlarmPolicy(forSeconds: 60, forRuns: 3),
      [.fails, .fails, .fails], [.pending, .pending, .red], [nil, nil, .red]),
    AlarmCase(
      "Keeps firing until it has been well for a while", "`keep_firing_for: 2m`", AlarmPolicy(keepFiringSeconds: 120),
      [.fails, .passes, .passes, .fails, .passes, .passes, .passes],
      [.red, .recovering, .recovering, .red, .recovering, .recovering, .green],
      [.red, nil, nil, nil, nil, nil, .resolved]),
    AlarmCase(
      "Must pass several times in a row", "`recover_after: 2`", AlarmPolicy(recoverAfterRuns: 2),
      [.fails, .passes, .fails, .passes, .passes], [.red, .recovering, .red, .recovering, .green],
      [.red, nil, nil, nil, .resolved]),
    AlarmCase(
      "Must be beyond the recovery threshold", "`recovery` of a rule", .standard,
      [.fails, .almost, .almost, .passes, .almost], [.red, .recovering, .recovering, .green, .green],
      [.red, nil, nil, .resolved, nil]),
    AlarmCase(
      "An error while it recovers", "`recover_after: 2`", AlarmPolicy(recoverAfterRuns: 2),
      [.fails, .passes, .errors, .passes, .passes], [.red, .recovering, .error, .recovering, .green],
      [.red, nil, .error, nil, .resolved]),
    AlarmCase(
      "Errors as failures", "`on_error: alarm`", AlarmPolicy(onError: .alarm), [.passes, .errors, .passes],
      [.green, .red, .green], [nil, .red, .resolved]),
    AlarmCase(
      "Errors change nothing", "`on_error: keep`", AlarmPolicy(onError: .keep), [.fails, .errors, .errors, .passes],
      [.red, .red, .red, .green], [.red, nil, nil, .resolved]),
    AlarmCase(
      "Errors count as well", "`on_error: ok`", AlarmPolicy(onError: .ok), [.fails, .errors], [.red, .green],
      [.red, .resolved]),
    AlarmCase(
      "Short errors are forgiven", "`error_grace: 2m`", AlarmPolicy(errorGraceSeconds: 120),
      [.passes, .errors, .errors, .passes, .errors, .errors, .errors],
      [.green, .green, .green, .green, .green, .green, .error], [nil, nil, nil, nil, nil, nil, .error]),
    AlarmCase(
      "Nothing to measure, as the rule says", "", .standard, [.passes, .empty], [.green, .red], [nil, .red]),
    AlarmCase(
      "Nothing to measure is an error", "`on_empty: error`, `empty_grace: 1m`",
      AlarmPolicy(onEmpty: .error, emptyGraceSeconds: 60), [.passes, .empty, .empty, .passes],
      [.green, .green, .error, .green], [nil, nil, .error, .resolved]),
    AlarmCase(
      "Nothing to measure changes nothing", "`on_empty: keep`", AlarmPolicy(onEmpty: .keep), [.fails, .empty, .passes],
      [.red, .red, .green], [.red, nil, .resolved]),
    AlarmCase(
      "Goes stale when no run comes", "`stale_after: 1m`", AlarmPolicy(staleAfterSeconds: 60),
      [.passes, .nothing, .nothing, .nothing, .passes], [.green, .green, .stale, .stale, .green],
      [nil, nil, .stale, nil, .resolved]),
    AlarmCase(
      "A red alarm goes stale and is still red", "`stale_after: 1m`", AlarmPolicy(staleAfterSeconds: 60),
      [.fails, .nothing, .nothing, .fails, .passes], [.red, .red, .stale, .red, .green],
      [.red, nil, .stale, .red, .resolved]),
    AlarmCase(
      "A run that does not come is a failure", "`missed_after: 1m`", AlarmPolicy(missedAfterSeconds: 60),
      [.passes, .nothing, .nothing, .nothing, .passes], [.green, .green, .red, .red, .green],
      [nil, nil, .red, nil, .resolved]),
    AlarmCase(
      "Late is stale first, and a failure then", "`stale_after: 1m`, `missed_after: 2m`",
      AlarmPolicy(staleAfterSeconds: 60, missedAfterSeconds: 120),
      [.passes, .nothing, .nothing, .nothing, .nothing, .fails, .passes],
      [.green, .green, .stale, .red, .red, .red, .green], [nil, nil, .stale, .red, nil, nil, .resolved]),
    AlarmCase(
      "What failed and is late has failed", "`missed_after: 1m`", AlarmPolicy(missedAfterSeconds: 60),
      [.fails, .nothing, .nothing, .passes], [.red, .red, .red, .green], [.red, nil, nil, .resolved]),
    AlarmCase(
      "Reminds while nobody has acknowledged it", "`repeat_every: 2m`",
      AlarmPolicy(staleAfterSeconds: nil, repeatSeconds: 120),
      [.fails, .fails, .fails, .fails, .fails, .passes, .nothing],
      [.red, .red, .red, .red, .red, .green, .green], [.red, nil, .reminder, nil, .reminder, .resolved, nil]),
    AlarmCase(
      "A reminder waits up to five minutes for a run that is due", "`repeat_every: 2m`",
      AlarmPolicy(staleAfterSeconds: nil, repeatSeconds: 120),
      [.fails, .nothing, .nothing, .passes, .fails, .nothing, .nothing, .nothing, .nothing, .nothing, .nothing],
      [.red, .red, .red, .green, .red, .red, .red, .red, .red, .red, .red],
      [.red, nil, nil, .resolved, .red, nil, nil, nil, nil, nil, .reminder]),
    AlarmCase(
      "Acknowledged until it is resolved", "`repeat_every: 1m`", AlarmPolicy(staleAfterSeconds: nil, repeatSeconds: 60),
      [.fails, .acknowledged, .fails, .fails, .passes, .fails, .fails],
      [.red, .red, .red, .red, .green, .red, .red],
      [.red, .acknowledged, nil, nil, .resolved, .red, .reminder]),
  ]
}
