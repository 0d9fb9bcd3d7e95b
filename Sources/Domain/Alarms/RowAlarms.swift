package import Foundation

/// How a run moves the alarms of single rows. Pure.
package struct RowAlarms: Sendable {
  /// What became of one row's alarm.
  package struct Moved: Sendable {
    package var row: RowAlarm
    package var change: AlarmChange
    /// What the run found about it; `nil` when it does not fail.
    package var failing: RowFindings.Failing?
    package var isGone: Bool
  }

  /// Why the checker's own alarm is green while its rows have theirs.
  package static let nothingBesideRows = "the rows tell for themselves"

  package var moved: [Moved] = []
  /// Failing rows for which there was no room; `unopenedIsAtLeast`: there may be more.
  package var unopened = 0
  package var unopenedIsAtLeast = false
  package var unopenedIsWarning = false

  /// `evidence` is the run's; each row gets its own outcome. `sequence` is that of the newest transition which is known
  /// of a row that has no alarm. A run that was errored moves nothing.
  package init(
    _ known: [RowAlarm], findings: RowFindings, evidence: AlarmEvidence, policy: AlarmPolicy,
    sequence: (RowKey) throws -> Int
  ) rethrows {
    guard evidence.outcome != .errored else { return }
    let failing = Dictionary(findings.failing.map { ($0.key, $0) }, uniquingKeysWith: { first, _ in first })
    var policy = policy
    policy.onEmpty = nil
    for row in known {
      let found = failing[row.key]
      // Whether it fails is not known.
      if found == nil, findings.unread != nil { continue }
      moved.append(Self.move(row, found, findings, evidence, policy))
    }
    let kept = known.count - moved.count { $0.row.alarm.state == .green }
    let names = Set(known.map(\.key))
    let new = findings.failing.filter { !names.contains($0.key) }
    let opened = (new.filter { !$0.isWarning } + new.filter(\.isWarning)).prefix(max(0, policy.maxAlarms - kept))
    for found in opened {
      var alarm = Alarm(since: evidence.finishedAt)
      alarm.state = .green
      alarm.sequence = try sequence(found.key)
      moved.append(Self.move(RowAlarm(key: found.key, alarm: alarm), found, findings, evidence, policy))
    }
    let told = opened.count + known.count { failing[$0.key] != nil }
    unopened = max(0, max(findings.total, failing.count) - told)
    unopenedIsAtLeast = findings.isAtLeast && unopened > 0
    unopenedIsWarning = findings.failing.allSatisfy(\.isWarning)
  }

  private static func move(
    _ row: RowAlarm, _ found: RowFindings.Failing?, _ findings: RowFindings, _ evidence: AlarmEvidence,
    _ policy: AlarmPolicy
  ) -> Moved {
    var row = row
    var own = evidence
    own.outcome = found.map { $0.isWarning ? .warned : .failed } ?? .passed
    own.hasNoData = false
    own.isGone = found == nil && findings.gone.contains(row.key)
    if own.isGone { own.isRecovered = true }
    let change = row.alarm.receive(own, policy: policy)
    return Moved(row: row, change: change, failing: found, isGone: own.isGone)
  }

  /// What the checker's own alarm is told in place of the run: what no row tells.
  package func ownEvidence(_ run: Run, _ findings: RowFindings, policy: AlarmPolicy) -> (AlarmEvidence, Run) {
    guard run.outcome != .errored else { return (AlarmEvidence(run), run) }
    var own = run
    own.assertions = run.assertions.enumerated().filter { !findings.assertions.contains($0.offset) }.map(\.element)
    if let overflow = overflow(policy) { own.assertions.insert(overflow, at: 0) }
    own.outcome = own.assertions.isEmpty ? .passed : Run.outcome(of: own.assertions)
    if own.assertions.isEmpty { own.reason = Self.nothingBesideRows }
    return (AlarmEvidence(own), own)
  }

  package func overflow(_ policy: AlarmPolicy) -> Assertion? {
    guard unopened > 0 else { return nil }
    let count = NumberText.grouped("\(unopened)")
    let more = "and \(unopenedIsAtLeast ? "at least " : "")\(count) more \(unopened == 1 ? "row" : "rows")"
    return Assertion(
      name: "rows without an alarm of their own", check: "max_alarms", dataset: "",
      outcome: unopenedIsWarning ? .warned : .failed,
      message: "\(more); max_alarms is \(policy.maxAlarms)", observed: nil,
      expected: "at most \(policy.maxAlarms) rows that fail")
  }
}

extension Alarm {
  /// It ends, as nobody asks any more: its checker has no alarm per row, or other columns.
  package mutating func close(at time: Date) -> AlarmChange {
    memory.failingRuns = 0
    memory.failingSince = nil
    memory.passingRuns = 0
    memory.passingSince = nil
    var change = move(to: .green, isWarning: false, at: time, runID: nil)
    if case .resolved(let seconds)? = change.notice?.reason { change.notice?.reason = .ruleGone(afterSeconds: seconds) }
    return change
  }
}

extension Run {
  /// As a message about a checker's own alarm tells it, where no other run is at hand: the rows without an alarm.
  package func telling(of beyond: Assertion?) -> Run {
    guard let beyond, outcome == .failed || outcome == .warned else { return self }
    var run = self
    run.assertions = [beyond]
    run.outcome = beyond.outcome
    return run
  }

  /// As a message about one row tells it: what fails for that row. `assertions` `nil`: all that fail.
  package func narrowed(to key: RowKey, assertions chosen: [Int]?, outcome: Outcome) -> Run {
    var run = self
    run.outcome = outcome
    run.assertions = assertions.enumerated().filter { index, assertion in
      chosen?.contains(index) ?? (assertion.outcome == .failed || assertion.outcome == .warned)
    }.map { $0.element.narrowed(to: key) }
    if outcome == .passed || run.assertions.isEmpty { run.assertions = [] }
    return run
  }
}

extension Assertion {
  /// With those rows of its sample that are the key's, where the sample shows the key's columns.
  fileprivate func narrowed(to key: RowKey) -> Assertion {
    var assertion = self
    // What was measured is of all rows, and so is a sentence that says it.
    assertion.observed = nil
    if assertion.message.hasSuffix(", must be \(assertion.expected)") { assertion.message = assertion.name }
    guard let sample else { return assertion }
    let places = key.fields.map { field in sample.columns.firstIndex(of: field.column).map { ($0, field.value) } }
    guard !places.contains(where: { $0 == nil }) else {
      assertion.sample = nil
      return assertion
    }
    let rows = sample.rows.filter { row in
      places.compactMap(\.self).allSatisfy { place, value in
        row.indices.contains(place) && (row[place] == .null ? value == nil : row[place].text == value)
      }
    }
    assertion.sample = rows.isEmpty ? nil : Sample(columns: sample.columns, rows: rows, total: rows.count)
    return assertion
  }
}
