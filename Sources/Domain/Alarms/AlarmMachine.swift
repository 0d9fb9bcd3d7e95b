package import Foundation

/// How runs move an alarm.
///
/// Runs alone decide: a time such as `for` is over when the first run after it says the same as those before, so that
/// no alarm rings on the strength of old news. `confirmsAt` says when such a run is wanted.
extension Alarm {
  private enum Verdict {
    case well
    case wrong(isWarning: Bool)
    case error
    case nothing
  }

  /// Takes in what a run says. Runs that agree make one change however many they are.
  ///
  /// From warning to failure, and back, is a transition too: other people may answer for it.
  package mutating func receive(_ evidence: AlarmEvidence, policy: AlarmPolicy) -> AlarmChange {
    let verdict = verdict(evidence, policy)
    let base = state == .stale ? memory.beforeStale ?? .unknown : state
    var warning = isWarning
    let next: State
    switch verdict {
    case .nothing: next = base
    case .error:
      (next, warning) = (.error, false)
      (memory.passingRuns, memory.passingSince) = (0, nil)
    case .well:
      next = afterWell(evidence, policy, from: base)
      if next == .green { warning = false }
    case .wrong(let isWarning): (next, warning) = (afterWrong(evidence, policy, from: base), isWarning)
    }
    (memory.beforeStale, memory.missedAt) = (nil, nil)
    var change = move(to: next, isWarning: warning, at: evidence.finishedAt, runID: evidence.runID)
    if evidence.isGone, case .resolved(let seconds)? = change.notice?.reason {
      change.notice?.reason = .rowGone(afterSeconds: seconds)
    }
    return change
  }

  /// Under the standard policy.
  package mutating func receive(_ outcome: Outcome, run runID: String, at time: Date) -> AlarmTransition? {
    let evidence = AlarmEvidence(outcome: outcome, runID: runID, startedAt: time, finishedAt: time)
    return receive(evidence, policy: .standard).transition
  }

  private mutating func verdict(_ evidence: AlarmEvidence, _ policy: AlarmPolicy) -> Verdict {
    let start = Self.second(evidence.startedAt)
    if evidence.outcome == .errored {
      memory.erroredRuns += 1
    } else {
      memory.erroredRuns = 0
    }
    if evidence.hasNoData, let reaction = policy.onEmpty {
      memory.erroringSince = nil
      let since = memory.emptySince ?? start
      memory.emptySince = since
      return react(reaction, after: policy.emptyGraceSeconds, since, evidence)
    }
    memory.emptySince = nil
    if evidence.outcome == .errored {
      let since = memory.erroringSince ?? start
      memory.erroringSince = since
      return react(policy.onError, after: policy.errorGraceSeconds, since, evidence)
    }
    memory.erroringSince = nil
    return evidence.outcome == .passed ? .well : .wrong(isWarning: evidence.outcome == .warned)
  }

  private func react(
    _ reaction: AlarmPolicy.Reaction, after grace: Double, _ since: Date, _ evidence: AlarmEvidence
  ) -> Verdict {
    if evidence.startedAt.timeIntervalSince(since) < grace { return .nothing }
    return switch reaction {
    case .alarm: .wrong(isWarning: false)
    case .error: .error
    case .keep: .nothing
    case .ok: .well
    }
  }

  private mutating func afterWell(_ evidence: AlarmEvidence, _ policy: AlarmPolicy, from base: State) -> State {
    (memory.failingRuns, memory.failingSince) = (0, nil)
    guard [.red, .recovering].contains(base) || memory.trouble?.wasRed ?? false else { return .green }
    guard evidence.isRecovered else {
      (memory.passingRuns, memory.passingSince) = (0, nil)
      return .recovering
    }
    let since = memory.passingSince ?? Self.second(evidence.startedAt)
    memory.passingRuns += 1
    memory.passingSince = since
    let isOver =
      memory.passingRuns >= policy.recoverAfterRuns
      && evidence.startedAt.timeIntervalSince(since) >= policy.keepFiringSeconds
    return isOver ? .green : .recovering
  }

  private mutating func afterWrong(_ evidence: AlarmEvidence, _ policy: AlarmPolicy, from base: State) -> State {
    (memory.passingRuns, memory.passingSince) = (0, nil)
    let since = memory.failingSince ?? Self.second(evidence.startedAt)
    memory.failingRuns += 1
    memory.failingSince = since
    if [.red, .recovering].contains(base) || memory.trouble?.wasRed ?? false { return .red }
    let isOver =
      memory.failingRuns >= policy.forRuns && evidence.startedAt.timeIntervalSince(since) >= policy.forSeconds
    return isOver ? .red : .pending
  }

  /// The second in which `time` lies: runs that are due every minute start some milliseconds late, now more, now less.
  private static func second(_ time: Date) -> Date {
    Date(timeIntervalSince1970: time.timeIntervalSince1970.rounded(.down))
  }

  /// When a run would decide what now is open: whether a pending alarm turns red, a recovering one green, an error
  /// counts. `nil` when nothing waits for a time.
  package func confirmsAt(_ policy: AlarmPolicy) -> Date? {
    let waits: [Date?] = [
      state == .pending && policy.forSeconds > 0 ? memory.failingSince.map { $0 + policy.forSeconds } : nil,
      state == .recovering && policy.keepFiringSeconds > 0
        ? memory.passingSince.map { $0 + policy.keepFiringSeconds } : nil,
      state != .error && policy.errorGraceSeconds > 0
        ? memory.erroringSince.map { $0 + policy.errorGraceSeconds } : nil,
      policy.onEmpty != nil && policy.emptyGraceSeconds > 0
        ? memory.emptySince.map { $0 + policy.emptyGraceSeconds } : nil,
    ]
    return waits.compactMap(\.self).min()
  }
}

/// What changes and who hears of it.
extension Alarm {
  mutating func move(to next: State, isWarning warning: Bool, at time: Date, runID: String?) -> AlarmChange {
    guard next != state || (next == .red && warning != isWarning) else {
      isWarning = warning
      return .none
    }
    let (isNew, told) = (memory.trouble == nil, memory.trouble)
    if [.red, .error, .stale].contains(next), isNew {
      if memory.owed == nil { memory.knownAs = nil }
      memory.trouble = Trouble(
        openedAt: time, wasRed: false, toldAsWarning: nil, wasTold: false, isWithheld: false, lastNoticeAt: time)
    }
    let (kind, reason) = news(of: next, isWarning: warning, isNew: isNew, told: told, at: time)
    sequence += 1
    let transition = AlarmTransition(
      sequence: sequence, from: state, to: next, isWarning: warning, wasWarning: isWarning, at: time,
      previousSince: since, runID: runID ?? "", notice: .some(kind))
    let notice = kind.flatMap { kind in reason.flatMap { note(kind, $0, transition, at: time) } }
    if next != state { since = time }
    if next == .red {
      // Of an error between, nobody heard: it is as red as before.
      if told?.toldKind == .red, [.error, .stale].contains(state), let red = told?.redSince { since = red }
      memory.trouble?.redSince = since
      memory.trouble?.wasRed = true
      if kind != nil { memory.trouble?.toldAsWarning = warning }
    }
    if kind == nil, [.red, .error, .stale].contains(next) { memory.trouble?.isWithheld = false }
    if next == .green || next == .unknown { memory.trouble = nil }
    state = next
    isWarning = warning
    self.runID = runID ?? self.runID
    return AlarmChange(transition: transition, notice: notice)
  }

  private func news(
    of next: State, isWarning warning: Bool, isNew: Bool, told: Trouble?, at time: Date
  ) -> (AlarmTransition.Notice?, AlarmNotice.Reason?) {
    let kindChange: AlarmNotice.Reason = isNew ? .opened : .changed
    switch next {
    case .red:
      // Where it was never resolved, or people never heard that it was anything else, only another level is news.
      if state == .recovering || state == .red || told?.toldKind == .red {
        return told?.toldAsWarning == warning ? (nil, nil) : (.red, warning ? .better : .worse)
      }
      return (.red, kindChange)
    case .error: return told?.toldKind == .error ? (nil, nil) : (.error, kindChange)
    case .stale: return told?.toldKind == .stale ? (nil, nil) : (.stale, kindChange)
    case .green, .unknown:
      guard let trouble = memory.trouble else { return (nil, nil) }
      return (.resolved, .resolved(afterSeconds: time.timeIntervalSince(trouble.openedAt)))
    case .pending, .recovering: return (nil, nil)
    }
  }

  private mutating func note(
    _ kind: AlarmTransition.Notice, _ reason: AlarmNotice.Reason, _ transition: AlarmTransition, at time: Date
  ) -> AlarmNotice? {
    guard let trouble = memory.trouble else { return nil }
    memory.trouble?.lastNoticeAt = time
    return AlarmNotice(
      transition: transition, kind: kind, reason: reason, openedAt: trouble.openedAt,
      wasTold: trouble.wasTold || !trouble.isWithheld || memory.owed != nil, told: told(of: trouble),
      isWarning: kind == .resolved ? wasWarning(trouble, transition) : transition.isWarning, knownAs: memory.knownAs)
  }

  /// Who heard of it, and who still waits for the end of the one before; `nil` when that is not known.
  private func told(of trouble: Trouble) -> [String]? {
    guard let told = trouble.told else { return nil }
    guard let owed = memory.owed else { return told }
    return owed.told.map { first in first + told.filter { !first.contains($0) } }
  }

  private func wasWarning(_ trouble: Trouble, _ transition: AlarmTransition) -> Bool {
    switch trouble.toldKind {
    case .red: trouble.toldAsWarning ?? false
    case nil: transition.wasWarning || memory.owed?.wasWarning ?? false
    default: false
    }
  }

  /// A notice without a change of state.
  mutating func remark(
    _ kind: AlarmTransition.Notice, _ reason: AlarmNotice.Reason, at time: Date
  ) -> AlarmNotice? {
    note(kind, reason, standing(kind, at: time), at: time)
  }

  func standing(_ kind: AlarmTransition.Notice, at time: Date) -> AlarmTransition {
    AlarmTransition(
      sequence: sequence, from: state, to: state, isWarning: isWarning, wasWarning: isWarning, at: time,
      previousSince: since, runID: runID ?? "", notice: kind)
  }
}

/// What happens without a run.
extension Alarm {
  /// Lets time pass. `dueAt` is when the next run is or was due, `nil` when none is. Before `aliveSince` nobody could
  /// have run it.
  package mutating func tick(
    at time: Date, policy: AlarmPolicy, dueAt: Date?, aliveSince: Date = .distantPast
  ) -> AlarmChange {
    if let missed = missedAt(policy, dueAt: dueAt, aliveSince: aliveSince), missed <= time {
      (memory.beforeStale, memory.missedAt) = (nil, time)
      (memory.failingRuns, memory.failingSince) = (0, nil)
      (memory.passingRuns, memory.passingSince) = (0, nil)
      return move(to: .red, isWarning: false, at: time, runID: nil)
    }
    if let stale = staleAt(policy, dueAt: dueAt, aliveSince: aliveSince), stale <= time {
      memory.beforeStale = state
      (memory.failingRuns, memory.failingSince) = (0, nil)
      return move(to: .stale, isWarning: isWarning, at: time, runID: nil)
    }
    if let acknowledgement, let end = acknowledgement.expiresAt,
      Self.decided(end, dueAt: dueAt, aliveSince: aliveSince) <= time
    {
      memory.trouble?.acknowledgement = nil
      let notice = remark(.reminder, .acknowledgementExpired(by: acknowledgement.author), at: time)
      return AlarmChange(notice: notice, expired: acknowledgement)
    }
    if let reminder = reminderAt(policy), Self.decided(reminder, dueAt: dueAt, aliveSince: aliveSince) <= time,
      let trouble = memory.trouble
    {
      let open = time.timeIntervalSince(trouble.openedAt)
      return AlarmChange(notice: remark(.reminder, .stillOpen(forSeconds: open), at: time))
    }
    return .none
  }

  /// When `tick` has something to do next.
  package func ticksAt(_ policy: AlarmPolicy, dueAt: Date?, aliveSince: Date = .distantPast) -> Date? {
    [
      staleAt(policy, dueAt: dueAt, aliveSince: aliveSince), missedAt(policy, dueAt: dueAt, aliveSince: aliveSince),
      acknowledgement?.expiresAt.map { Self.decided($0, dueAt: dueAt, aliveSince: aliveSince) },
      reminderAt(policy).map { Self.decided($0, dueAt: dueAt, aliveSince: aliveSince) },
    ].compactMap(\.self).min()
  }

  /// For how long what is known waits for a run that is due, in seconds.
  package static let patience: Double = 300

  /// When to remind of what still stands at `time`: a run that is due by then, as after a restart, decides first.
  private static func decided(_ time: Date, dueAt: Date?, aliveSince: Date) -> Date {
    let time = max(time, aliveSince)
    guard let dueAt, dueAt <= time else { return time }
    return max(time, max(dueAt, aliveSince) + patience)
  }

  private func staleAt(_ policy: AlarmPolicy, dueAt: Date?, aliveSince: Date) -> Date? {
    guard state != .stale, memory.missedAt == nil, let grace = policy.staleAfterSeconds, let dueAt else { return nil }
    // Where it counts as a failure no later, that is all there is to tell.
    if let missed = policy.missedAfterSeconds, missed <= grace { return nil }
    return max(dueAt, aliveSince) + grace
  }

  /// A failure already is as red as it gets.
  private func missedAt(_ policy: AlarmPolicy, dueAt: Date?, aliveSince: Date) -> Date? {
    guard memory.missedAt == nil, state != .red || isWarning, let grace = policy.missedAfterSeconds, let dueAt else {
      return nil
    }
    return max(dueAt, aliveSince) + grace
  }

  private func reminderAt(_ policy: AlarmPolicy) -> Date? {
    guard [.red, .error, .stale].contains(state), let pause = policy.repeatSeconds, let trouble = memory.trouble,
      trouble.acknowledgement == nil
    else { return nil }
    return trouble.lastNoticeAt + pause
  }

  /// Somebody looks after it; `nil` when there is nothing to look after.
  package mutating func acknowledge(_ acknowledgement: Acknowledgement) -> AlarmNotice? {
    guard memory.trouble != nil else { return nil }
    memory.trouble?.acknowledgement = acknowledgement
    return remark(.acknowledged, .acknowledged(by: acknowledgement.author), at: acknowledgement.at)
  }

  package mutating func withdrawAcknowledgement() { memory.trouble?.acknowledgement = nil }
}
