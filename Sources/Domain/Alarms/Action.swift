package import Foundation

/// What a user binds to alarms: a channel with its settings.
package struct Action: Hashable, Codable, Sendable {
  package var name: String
  /// The channel's key: `rabbitmq`, `webhook`.
  package var channel: String
  /// The channel's own settings; values may hold `${NAME}` for a variable of the environment.
  package var settings: [String: String]
  /// Which notices it delivers.
  package var notices: Set<AlarmTransition.Notice>
  /// Takes the alarms of every checker that names no action; otherwise only of those that name this one.
  package var isDefault: Bool
  package var isEnabled: Bool

  package init(
    name: String, channel: String, settings: [String: String],
    notices: Set<AlarmTransition.Notice> = Set(AlarmTransition.Notice.allCases), isDefault: Bool = true,
    isEnabled: Bool = true
  ) {
    self.name = name
    self.channel = channel
    self.settings = settings
    self.notices = notices
    self.isDefault = isDefault
    self.isEnabled = isEnabled
  }
}

/// Something that happened and that an action tells somebody about.
package struct Event: Hashable, Codable, Sendable {
  package enum Subject: Hashable, Codable, Sendable {
    case alarm(AlarmTransition)
    /// One per run, for the actions that want every run.
    case runFinished
    /// Sent by hand, to see whether an action works.
    case test
  }

  /// The same for every delivery of the same thing, so that receivers can drop repeats.
  package var id: String
  package var subject: Subject
  package var checker: QualifiedName
  package var checkerVersion: Int
  package var description: String
  package var severity: Severity
  package var owner: String
  package var tags: [String]
  package var runbook: String
  package var run: Run
  package var time: Date

  package init(
    id: String, subject: Subject, checker: Checker, checkerVersion: Int, run: Run, time: Date
  ) {
    self.id = id
    self.subject = subject
    self.checker = checker.id
    self.checkerVersion = checkerVersion
    description = checker.description
    severity = checker.severity
    owner = checker.owner
    tags = checker.tags
    runbook = checker.runbook
    self.run = run
    self.time = time
  }
}

/// One event on its way to one action.
package struct Delivery: Hashable, Codable, Sendable, Identifiable {
  package enum State: String, Codable, Sendable {
    case waiting, sending, delivered
    /// Given up: the channel said that trying again is of no use.
    case failed
    /// Withheld because the checker is muted.
    case withheld
  }

  package var id: Int64
  package var event: Event
  package var action: String
  package var state: State
  package var attempts: Int
  package var nextAttemptAt: Date
  package var lastError: String?
  package var createdAt: Date
  package var finishedAt: Date?

  package init(
    id: Int64, event: Event, action: String, state: State, attempts: Int = 0, nextAttemptAt: Date,
    lastError: String? = nil, createdAt: Date, finishedAt: Date? = nil
  ) {
    self.id = id
    self.event = event
    self.action = action
    self.state = state
    self.attempts = attempts
    self.nextAttemptAt = nextAttemptAt
    self.lastError = lastError
    self.createdAt = createdAt
    self.finishedAt = finishedAt
  }
}
