package import Foundation

/// An alarm's change of state.
package struct AlarmTransition: Hashable, Sendable {
  /// From 1, without gaps within one alarm.
  package var sequence: Int
  package var from: Alarm.State
  package var to: Alarm.State
  package var isWarning: Bool
  package var wasWarning: Bool
  package var at: Date
  /// When the state that ended had begun.
  package var previousSince: Date
  /// Empty when no run brought it about.
  package var runID: String
  /// What people are told, or `nil` when there is nothing to tell: a first green run is no news.
  package var notice: Notice?

  /// `notice` defaults to what the two states say by themselves.
  package init(
    sequence: Int, from: Alarm.State, to: Alarm.State, isWarning: Bool, wasWarning: Bool, at: Date,
    previousSince: Date, runID: String, notice: Notice?? = .none
  ) {
    self.sequence = sequence
    self.from = from
    self.to = to
    self.isWarning = isWarning
    self.wasWarning = wasWarning
    self.at = at
    self.previousSince = previousSince
    self.runID = runID
    self.notice = notice ?? Notice(from: from, to: to)
  }

  package enum Notice: String, Codable, Sendable, CaseIterable {
    case red, error
    /// No run came when one was due.
    case stale
    case resolved
    /// It is still so.
    case reminder
    /// Somebody looks after it.
    case acknowledged
    /// A silence is about to end, and alarms that it hides are open.
    case silenceEnding = "silence_ending"

    /// Those that say how things stand: whoever heard one of them is told of the end.
    package static let ofState: Set<Notice> = [.red, .error, .stale]

    fileprivate init?(from: Alarm.State, to: Alarm.State) {
      switch (from, to) {
      case (.recovering, .red): return nil
      case (_, .red): self = .red
      case (_, .error): self = .error
      case (_, .stale): self = .stale
      case (.red, .green), (.error, .green), (.recovering, .green), (.stale, .green): self = .resolved
      default: return nil
      }
    }
  }
}

extension AlarmTransition: Codable {
  private enum CodingKeys: String, CodingKey {
    case sequence, from, to, isWarning, wasWarning, at, previousSince, runID, notice
  }

  package init(from decoder: any Decoder) throws {
    let values = try decoder.container(keyedBy: CodingKeys.self)
    self.init(
      sequence: try values.decode(Int.self, forKey: .sequence),
      from: try values.decode(Alarm.State.self, forKey: .from),
      to: try values.decode(Alarm.State.self, forKey: .to), isWarning: try values.decode(Bool.self, forKey: .isWarning),
      wasWarning: try values.decode(Bool.self, forKey: .wasWarning), at: try values.decode(Date.self, forKey: .at),
      previousSince: try values.decode(Date.self, forKey: .previousSince),
      runID: try values.decode(String.self, forKey: .runID))
    // Events of older versions have none: their states tell.
    if values.contains(.notice) { notice = try values.decode(Notice?.self, forKey: .notice) }
  }

  package func encode(to encoder: any Encoder) throws {
    var values = encoder.container(keyedBy: CodingKeys.self)
    try values.encode(sequence, forKey: .sequence)
    try values.encode(from, forKey: .from)
    try values.encode(to, forKey: .to)
    try values.encode(isWarning, forKey: .isWarning)
    try values.encode(wasWarning, forKey: .wasWarning)
    try values.encode(at, forKey: .at)
    try values.encode(previousSince, forKey: .previousSince)
    try values.encode(runID, forKey: .runID)
    try values.encode(notice, forKey: .notice)
  }
}

/// News for people, and why they are told.
package struct AlarmNotice: Hashable, Codable, Sendable {
  package enum Reason: Hashable, Codable, Sendable {
    /// The alarm opened.
    case opened
    /// It was open, and is of another kind now.
    case changed
    /// It was a warning and is a failure now.
    case worse
    /// It was a failure and is a warning now.
    case better
    /// All is well again after so many seconds.
    case resolved(afterSeconds: Double)
    /// The row that it was about is in no dataset any more.
    case rowGone(afterSeconds: Double)
    /// Its checker has no alarm for this row any more.
    case ruleGone(afterSeconds: Double)
    /// Somebody deleted its checker.
    case checkerGone(afterSeconds: Double)
    /// Somebody raised its checker's severity while it was open.
    case moreSevere
    /// Still open after so many seconds, and nobody has acknowledged it.
    case stillOpen(forSeconds: Double)
    case acknowledged(by: String)
    /// What somebody acknowledged is still open at the end of the time they took.
    case acknowledgementExpired(by: String)
    /// Nobody was told while a silence, or an outage of its data source, withheld it, and it is still open.
    case silenceEnded
  }

  package var transition: AlarmTransition
  package var kind: AlarmTransition.Notice
  package var reason: Reason
  /// When the trouble began.
  package var openedAt: Date
  /// `false` when every notice about this trouble before this one was withheld.
  package var wasTold: Bool
  /// The actions that heard of this trouble before; `nil` where that is not known.
  package var told: [String]?
  /// It is about a warning only; of what is resolved: that is how people knew it.
  package var isWarning: Bool
  /// What people know the alarm as, where its checker has another name now.
  package var knownAs: QualifiedName?

  package init(
    transition: AlarmTransition, kind: AlarmTransition.Notice, reason: Reason, openedAt: Date, wasTold: Bool,
    told: [String]?, isWarning: Bool, knownAs: QualifiedName?
  ) {
    self.transition = transition
    self.kind = kind
    self.reason = reason
    self.openedAt = openedAt
    self.wasTold = wasTold
    self.told = told
    self.isWarning = isWarning
    self.knownAs = knownAs
  }

  /// Why people are told, in words, with the name that they know the alarm by.
  package var words: String { reason.text + (knownAs.map { "; it opened as \($0)" } ?? "") }

  /// How long the trouble lasted, in seconds; `nil` while it lasts.
  package var lastedSeconds: Double? {
    switch reason {
    case .resolved(let seconds), .rowGone(let seconds), .ruleGone(let seconds), .checkerGone(let seconds): seconds
    default: nil
    }
  }
}

extension AlarmNotice.Reason {
  /// Why people are told, in words: `resolved after 1h 4m`.
  package var text: String {
    switch self {
    case .opened: "the alarm opened"
    case .changed: "the open alarm changed its kind"
    case .worse: "a warning became a failure"
    case .better: "a failure became a warning"
    case .resolved(let seconds): "resolved after \(DurationText.write(seconds))"
    case .rowGone(let seconds): "its row is gone, after \(DurationText.write(seconds))"
    case .ruleGone(let seconds): "its rule is gone or changed, after \(DurationText.write(seconds))"
    case .checkerGone(let seconds): "its checker was deleted, after \(DurationText.write(seconds))"
    case .moreSevere: "its severity was raised"
    case .stillOpen(let seconds): "still open after \(DurationText.write(seconds)), not acknowledged"
    case .acknowledged(let author): "\(author) looks after it"
    case .acknowledgementExpired(let author): "the time that \(author) took for it is over, and it is still open"
    case .silenceEnded: "it was withheld until now, and is still open"
    }
  }
}
