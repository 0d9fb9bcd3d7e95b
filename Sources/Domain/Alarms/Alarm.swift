package import Foundation

/// What a checker's runs say about the data now. A pure value: time and run come in as parameters.
package struct Alarm: Hashable, Codable, Sendable {
  package enum State: String, Codable, Sendable, CaseIterable {
    /// No run has concluded anything yet.
    case unknown
    case green
    case red
    /// The check could not be made.
    case error
  }

  package var state: State
  /// When `state` began.
  package var since: Date
  /// Red because of warnings only.
  package var isWarning: Bool
  /// The run that brought the state about.
  package var runID: String?
  /// Counts transitions, from 0: the order of this alarm's events.
  package var sequence: Int

  package init(since: Date) {
    state = .unknown
    self.since = since
    isWarning = false
    sequence = 0
  }

  /// Takes in a run's outcome; returns the transition, or `nil` when nothing changed.
  ///
  /// Runs that agree make one transition however many they are. From warning to failure, and back, is a transition
  /// too: other people may answer for it.
  package mutating func receive(_ outcome: Outcome, run runID: String, at time: Date) -> AlarmTransition? {
    let next = Self.state(for: outcome)
    let warning = outcome == .warned
    guard next != state || (next == .red && warning != isWarning) else { return nil }
    let transition = AlarmTransition(
      sequence: sequence + 1, from: state, to: next, isWarning: warning, wasWarning: isWarning, at: time,
      previousSince: since, runID: runID)
    if next != state { since = time }
    state = next
    isWarning = warning
    self.runID = runID
    sequence += 1
    return transition
  }

  private static func state(for outcome: Outcome) -> State {
    switch outcome {
    case .passed: .green
    case .warned, .failed: .red
    case .errored: .error
    }
  }
}

/// An alarm's change of state.
package struct AlarmTransition: Hashable, Codable, Sendable {
  /// From 1, without gaps within one alarm.
  package var sequence: Int
  package var from: Alarm.State
  package var to: Alarm.State
  package var isWarning: Bool
  package var wasWarning: Bool
  package var at: Date
  /// When the state that ended had begun.
  package var previousSince: Date
  package var runID: String

  package init(
    sequence: Int, from: Alarm.State, to: Alarm.State, isWarning: Bool, wasWarning: Bool, at: Date,
    previousSince: Date, runID: String
  ) {
    self.sequence = sequence
    self.from = from
    self.to = to
    self.isWarning = isWarning
    self.wasWarning = wasWarning
    self.at = at
    self.previousSince = previousSince
    self.runID = runID
  }

  /// What people are told, or `nil` when there is nothing to tell: a first green run is no news.
  package var notice: Notice? {
    switch (from, to) {
    case (_, .red): .red
    case (_, .error): .error
    case (.red, .green), (.error, .green): .resolved
    default: nil
    }
  }

  package enum Notice: String, Codable, Sendable, CaseIterable {
    case red, error, resolved
  }
}

/// Why and how long a checker's alarm tells nobody. Its runs and its state go on.
package struct Mute: Hashable, Codable, Sendable {
  package var reason: String
  /// Who muted it.
  package var author: String
  package var startedAt: Date
  /// `nil`: until somebody takes it off.
  package var endsAt: Date?

  package init(reason: String, author: String, startedAt: Date, endsAt: Date?) {
    self.reason = reason
    self.author = author
    self.startedAt = startedAt
    self.endsAt = endsAt
  }

  package func isActive(at time: Date) -> Bool { endsAt.map { time < $0 } ?? true }
}
