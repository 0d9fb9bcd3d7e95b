package import Foundation

/// What a checker's runs say about the data now. A pure value: time and run come in as parameters.
///
/// `AlarmPolicy` says when it moves; docs/alarms.md has the table.
package struct Alarm: Hashable, Codable, Sendable {
  package enum State: String, Codable, Sendable, CaseIterable {
    /// No run has concluded anything yet.
    case unknown
    case green
    /// The data is wrong, and not yet for as long as it takes to turn red.
    case pending
    case red
    /// The data is well again, and not yet for as long as it takes to turn green.
    case recovering
    /// The check could not be made.
    case error
    /// No run came when one was due.
    case stale
  }

  package var state: State
  /// When `state` began.
  package var since: Date
  /// Red, pending or recovering because of warnings only.
  package var isWarning: Bool
  /// The run that brought the state about.
  package var runID: String?
  /// Counts transitions, from 0: the order of this alarm's events.
  package var sequence: Int
  /// What it must remember to move on.
  package var memory: Memory

  package init(since: Date) {
    state = .unknown
    self.since = since
    isWarning = false
    sequence = 0
    memory = Memory()
  }

  /// That something is wrong, from its beginning until all is well again, whatever its kind.
  package struct Trouble: Hashable, Codable, Sendable {
    package var openedAt: Date
    /// It was red at some time, so that it has to recover.
    package var wasRed: Bool
    /// Whether the red that people were told of was a warning; `nil` when there was none.
    package var toldAsWarning: Bool?
    /// Some notice about it was sent.
    package var wasTold: Bool
    /// What was sent last of red, error and stale: as people know it.
    package var toldKind: AlarmTransition.Notice?
    /// The newest notice about it was withheld: people do not know how it stands.
    package var isWithheld: Bool
    /// When people were last told, or would have been.
    package var lastNoticeAt: Date
    package var acknowledgement: Acknowledgement?
    /// The names of the actions that some notice of its state went to, in the order they first heard; `nil` in what
    /// older versions stored, which did not know.
    package var told: [String]?
    /// When the red began that people were told of.
    package var redSince: Date?
    /// The severity that the newest notice of its state had.
    package var toldSeverity: Severity?

    package init(
      openedAt: Date, wasRed: Bool, toldAsWarning: Bool?, wasTold: Bool, isWithheld: Bool, lastNoticeAt: Date,
      acknowledgement: Acknowledgement? = nil
    ) {
      self.openedAt = openedAt
      self.wasRed = wasRed
      self.toldAsWarning = toldAsWarning
      self.wasTold = wasTold
      self.isWithheld = isWithheld
      self.lastNoticeAt = lastNoticeAt
      self.acknowledgement = acknowledgement
      told = []
    }
  }

  /// People were told of a trouble, and its end was withheld from them: they are to hear of it.
  package struct OwedResolution: Hashable, Codable, Sendable {
    package var openedAt: Date
    package var resolvedAt: Date
    /// The actions that are owed it; `nil` in what older versions stored.
    package var told: [String]?
    /// What they were told of was a warning.
    package var wasWarning: Bool?
    /// The state that ended, and when that began; `nil` in what older versions stored.
    package var from: State?
    package var fromSince: Date?
  }

  package struct Memory: Hashable, Sendable {
    /// Runs in a row that found the data wrong, and the second in which the first of them started.
    package var failingRuns = 0
    package var failingSince: Date?
    /// Runs in a row that found it well again.
    package var passingRuns = 0
    package var passingSince: Date?
    /// Runs in a row that could not be made.
    package var erroredRuns = 0
    package var erroringSince: Date?
    package var emptySince: Date?
    /// When a run that did not come turned it red; `nil` once a run came.
    package var missedAt: Date?
    /// The state that went stale.
    package var beforeStale: State?
    package var trouble: Trouble?
    package var owed: OwedResolution?
    /// What people and their pagers know it as: its checker's name when they were told, where that is another one now.
    package var knownAs: QualifiedName?

    package init() {}
  }

  package var acknowledgement: Acknowledgement? { memory.trouble?.acknowledgement }

  /// When the newest notice was withheld of which people are still to hear; `nil` when they know how it stands.
  package var withheldAt: Date? {
    if let trouble = memory.trouble, trouble.isWithheld { return trouble.lastNoticeAt }
    return memory.trouble == nil ? memory.owed?.resolvedAt : nil
  }
}

extension Alarm.Memory: Codable {
  private enum CodingKeys: String, CodingKey {
    case failingRuns, failingSince, passingRuns, passingSince, erroredRuns, erroringSince, emptySince, beforeStale
    case trouble, owed, missedAt, knownAs
  }

  /// What is missing is as at the beginning, so that what older versions stored can be read.
  package init(from decoder: any Decoder) throws {
    let values = try decoder.container(keyedBy: CodingKeys.self)
    failingRuns = try values.decodeIfPresent(Int.self, forKey: .failingRuns) ?? 0
    failingSince = try values.decodeIfPresent(Date.self, forKey: .failingSince)
    passingRuns = try values.decodeIfPresent(Int.self, forKey: .passingRuns) ?? 0
    passingSince = try values.decodeIfPresent(Date.self, forKey: .passingSince)
    erroredRuns = try values.decodeIfPresent(Int.self, forKey: .erroredRuns) ?? 0
    erroringSince = try values.decodeIfPresent(Date.self, forKey: .erroringSince)
    emptySince = try values.decodeIfPresent(Date.self, forKey: .emptySince)
    beforeStale = try values.decodeIfPresent(Alarm.State.self, forKey: .beforeStale)
    missedAt = try values.decodeIfPresent(Date.self, forKey: .missedAt)
    trouble = try values.decodeIfPresent(Alarm.Trouble.self, forKey: .trouble)
    owed = try values.decodeIfPresent(Alarm.OwedResolution.self, forKey: .owed)
    knownAs = try values.decodeIfPresent(QualifiedName.self, forKey: .knownAs)
  }
}

/// What a run says about the data.
package struct AlarmEvidence: Hashable, Sendable {
  package var outcome: Outcome
  package var runID: String
  package var startedAt: Date
  package var finishedAt: Date
  /// Some rule had nothing to measure, and all that had something passed.
  package var hasNoData: Bool
  /// What was measured is beyond the recovery threshold of every rule that has one.
  package var isRecovered: Bool
  /// Of one row's alarm: the row is in no dataset any more.
  package var isGone = false

  package init(
    outcome: Outcome, runID: String, startedAt: Date, finishedAt: Date, hasNoData: Bool = false,
    isRecovered: Bool = true
  ) {
    self.outcome = outcome
    self.runID = runID
    self.startedAt = startedAt
    self.finishedAt = finishedAt
    self.hasNoData = hasNoData
    self.isRecovered = isRecovered
  }

  package init(_ run: Run) {
    let measured = run.assertions.filter { $0.remark != .noData }
    self.init(
      outcome: run.outcome, runID: run.id, startedAt: run.startedAt, finishedAt: run.finishedAt,
      hasNoData: measured.count < run.assertions.count && measured.allSatisfy { $0.outcome == .passed },
      isRecovered: !run.assertions.contains { $0.remark == .notRecovered })
  }
}

/// What became of an alarm; nothing when both are `nil`.
package struct AlarmChange: Hashable, Sendable {
  package var transition: AlarmTransition?
  package var notice: AlarmNotice?
  /// An acknowledgement whose time was over.
  package var expired: Acknowledgement?
  /// How many alarms of its rows changed beside it.
  package var changedRows = 0

  package init(transition: AlarmTransition? = nil, notice: AlarmNotice? = nil, expired: Acknowledgement? = nil) {
    self.transition = transition
    self.notice = notice
    self.expired = expired
  }

  package static let none = AlarmChange()
}
