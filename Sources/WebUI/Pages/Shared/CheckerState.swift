package import Domain
package import Foundation

extension StoredChecker {
  /// How it is shown at `time`.
  package func displayState(at time: Date) -> DisplayState {
    if let mute, mute.isActive(at: time) { return .muted }
    let state = shownAlarm.state
    if ![.red, .error].contains(state), isOverdue(at: time) { return .stale }
    return switch state {
    case .unknown: .unknown
    case .green: .green
    case .pending: .pending
    case .red: .red
    case .recovering: .recovering
    case .error: .erroring
    case .stale: .stale
    }
  }

  /// A run was due so long ago that what is known is old.
  private func isOverdue(at time: Date) -> Bool {
    guard let nextRunAt, let grace = checker.alarm.staleAfterSeconds else { return false }
    return nextRunAt + grace <= time
  }
}

extension DisplayState {
  package var word: String {
    switch self {
    case .red: "Red"
    case .erroring: "Erroring"
    case .stale: "Stale"
    case .recovering: "Recovering"
    case .pending: "Pending"
    case .green: "Green"
    case .muted: "Muted"
    case .unknown: "Never run"
    }
  }
}

extension Outcome {
  package var word: String {
    switch self {
    case .passed: "Green"
    case .warned: "Red, a warning"
    case .failed: "Red"
    case .errored: "Erroring"
    }
  }
}

extension RunSummary {
  /// `1 of 4 failed`, `3 ok`, `Could not run`.
  package var result: String {
    switch outcome {
    case .passed: "\(Words.number(assertions)) ok"
    case .warned: "\(Words.number(failedAssertions)) of \(Words.number(assertions)) warned"
    case .failed: "\(Words.number(failedAssertions)) of \(Words.number(assertions)) failed"
    case .errored: "Could not run"
    }
  }
}

extension Run.Trigger {
  package var words: String {
    switch self {
    case .schedule: "by the schedule"
    case .manual: "by hand"
    case .api: "through the API"
    case .commandLine: "from the command line"
    case .ping: "by a ping"
    }
  }
}

/// Three bars and a word.
package struct SeverityMark: Sendable {
  package var css: String
  package var word: String

  package init(_ severity: Severity) {
    switch severity {
    case .info: (css, word) = ("s1", "Info")
    case .warning: (css, word) = ("s2", "Warning")
    case .critical: (css, word) = ("s3", "Critical")
    }
  }
}

extension StateIcon.Shape {
  package init(_ state: Alarm.State) {
    self =
      switch state {
      case .green: .ok
      case .pending: .pend
      case .red: .red
      case .recovering: .rec
      case .error: .err
      case .stale: .stale
      case .unknown: .none
      }
  }
}

extension AlarmTransition {
  package var words: String {
    switch to {
    case .green: "Turned green"
    case .red: isWarning ? "Turned red, a warning" : "Turned red"
    case .pending: "Is wrong, and not yet for long enough to be red"
    case .recovering: "Is well, and not yet as it takes to be green"
    case .error: "Could not run"
    case .stale: "Went stale"
    case .unknown: "Unknown"
    }
  }

  /// How long the state before lasted, written as in what people were told: `1h 30m`. The trouble as a whole may have
  /// lasted longer than its recovery.
  package var timeBefore: String {
    let time = DurationText.write(at.timeIntervalSince(previousSince))
    return from == .recovering ? "\(time) of recovering" : time
  }
}

extension StoredChecker {
  /// What the alarm is about: what the last run found, or that none came.
  var finding: String {
    if alarm.state == .stale || alarm.memory.missedAt != nil { return missing }
    return lastRun?.summary ?? checker.description
  }

  /// `No run came. One was due 2 Mar 12:00 UTC.`
  private var missing: String {
    let due = nextRunAt.map { " One was due \(Words.moment($0)) UTC." } ?? ""
    return "No \(checker.body.isPushed ? "report" : "run") came.\(due)"
  }
}
