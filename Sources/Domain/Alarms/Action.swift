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
  /// What is sent together, unless a route says otherwise; `nil`: each alarm alone. Only for channels that tell people.
  package var grouping: RoutingTree.Grouping?
  /// The action that tells of it when this one cannot deliver any more; `nil`: any other that takes every checker.
  package var fallback: String?

  package init(
    name: String, channel: String, settings: [String: String],
    notices: Set<AlarmTransition.Notice> = Set(AlarmTransition.Notice.allCases), isDefault: Bool = true,
    isEnabled: Bool = true, grouping: RoutingTree.Grouping? = nil, fallback: String? = nil
  ) {
    self.name = name
    self.channel = channel
    self.settings = settings
    self.notices = notices
    self.isDefault = isDefault
    self.isEnabled = isEnabled
    self.grouping = grouping
    self.fallback = fallback
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
  /// Why people are told, in words.
  package var reason: String?
  /// How long the trouble lasted, in seconds; of what is resolved.
  package var lastedSeconds: Double?
  package var acknowledgement: Acknowledgement?
  package var links: EventLinks?
  /// What else this message tells of, where alarms are grouped.
  package var group: EventGroup?
  /// What it is about when it is no checker's alarm; `checker` then names it.
  package var about: EventTopic?
  /// Of a test: the action that it is of, where that is saved.
  package var testedAction: String?
  /// The checkers that cannot run because of it; of a data source's events.
  package var stops: [QualifiedName]?
  /// The row that it is about, of a checker with an alarm per row.
  package var row: RowKey?
  /// What receivers know the alarm as, where its checker had another name when it opened.
  package var knownAs: QualifiedName?
  /// Tells it from other rows, also where its values may not leave.
  package var rowID: String?

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

/// Addresses in the service's pages, where it knows its own.
package struct EventLinks: Hashable, Codable, Sendable {
  package var checker: String
  /// Signed, so that they work without signing in; each asks before it does anything. Empty when there is none.
  package var acknowledge: String
  package var snooze: String

  package init(checker: String, acknowledge: String, snooze: String) {
    self.checker = checker
    self.acknowledge = acknowledge
    self.snooze = snooze
  }
}

/// Alarms that are told of in one message.
package struct EventGroup: Hashable, Codable, Sendable {
  /// What they share: `namespace=shop`.
  package var key: String
  /// All of them, the one that the event itself tells of first.
  package var alarms: [Member]

  package struct Member: Hashable, Codable, Sendable {
    package var checker: QualifiedName
    package var notice: AlarmTransition.Notice
    package var state: Alarm.State
    package var severity: Severity
    package var summary: String
    package var since: Date
    package var row: RowKey?

    package init(
      checker: QualifiedName, notice: AlarmTransition.Notice, state: Alarm.State, severity: Severity, summary: String,
      since: Date, row: RowKey? = nil
    ) {
      self.checker = checker
      self.notice = notice
      self.state = state
      self.severity = severity
      self.summary = summary
      self.since = since
      self.row = row
    }
  }

  package init(key: String, alarms: [Member]) {
    self.key = key
    self.alarms = alarms
  }
}

/// One event on its way to one action.
package struct Delivery: Hashable, Codable, Sendable, Identifiable {
  package enum State: String, Codable, Sendable {
    case waiting, sending, delivered
    /// Given up: the channel said that trying again is of no use.
    case failed
    /// Not sent, and not to be: `reason` says why.
    case withheld
    /// Told of in the message of another delivery.
    case grouped
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
  /// Why it is sent or withheld, in words.
  package var reason: String

  package init(
    id: Int64, event: Event, action: String, state: State, attempts: Int = 0, nextAttemptAt: Date,
    lastError: String? = nil, createdAt: Date, finishedAt: Date? = nil, reason: String = ""
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
    self.reason = reason
  }
}

extension Event {
  /// What all events of one alarm have in common, from its beginning to its end.
  package var alarmName: QualifiedName { knownAs ?? checker }

  /// What it tells, in one line: what the run found, and of what is resolved, after how long.
  package var summary: String {
    guard case .alarm(let transition) = subject, transition.notice == .resolved, let lastedSeconds else {
      return run.summary
    }
    let span = DurationText.write(lastedSeconds)
    return run.reason.map { "\($0), after \(span)" } ?? "well again after \(span)"
  }
}
