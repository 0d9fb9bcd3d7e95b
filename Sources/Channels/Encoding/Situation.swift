import Domain
import Foundation

/// What an event means to whoever is told, as all channels see it. The one place that knows the alarm's own words.
struct Situation: Hashable, Sendable {
  enum Kind: String, Sendable, CaseIterable {
    /// The data is not as it must be.
    case problem
    /// The check could not be made, or was not made in time.
    case trouble
    case resolved, acknowledged
    /// A silence is about to end.
    case ending
    case finished, test
  }

  var kind: Kind
  /// The state's own word: `red`, `error`, `resolved`; `finished` and `test` for what is no alarm.
  var word: String
  /// Only warnings say so.
  var isWarning: Bool
  /// Told before, and still so.
  var isReminder: Bool
  /// When what it tells of began.
  var since: Date
  /// The state before; empty for what is no alarm.
  var previous: String
  var previousSince: Date?
  /// Of what is resolved, how long the trouble lasted; else how long the state before lasted, on a reminder this one:
  /// seconds.
  var duration: Double?

  /// The alarm asks for somebody.
  var isFiring: Bool { kind == .problem || kind == .trouble }

  /// The state before was that the check could not be made, or was not made in time: told of under a name of its own.
  var endsTrouble: Bool { previous == "error" || previous == "stale" }

  init(_ event: Event) {
    switch event.subject {
    case .alarm(let transition): self.init(transition, event)
    case .runFinished: self.init(.finished, "finished", at: event.time)
    case .test: self.init(.test, "test", at: event.time)
    }
  }

  private init(_ kind: Kind, _ word: String, at time: Date) {
    self.kind = kind
    self.word = word
    isWarning = false
    isReminder = false
    since = time
    previous = ""
  }

  private init(_ transition: AlarmTransition, _ event: Event) {
    let notice = CloudEvent.state(of: event)
    kind = Self.kind(of: notice) ?? Self.kind(of: transition.to.rawValue) ?? .problem
    isReminder = Self.kind(of: notice) == nil && (kind == .problem || kind == .trouble)
    word = isReminder ? transition.to.rawValue : notice
    isWarning = kind == .problem && transition.isWarning
    let goesOn = transition.from == transition.to
    since = goesOn ? transition.previousSince : transition.at
    previous = transition.from.rawValue
    previousSince = transition.previousSince
    let stateSeconds = (isReminder ? event.time : transition.at).timeIntervalSince(transition.previousSince)
    duration = max(0, event.lastedSeconds ?? stateSeconds)
  }

  /// `nil` for a word that says nothing about the data, such as `reminder`.
  private static func kind(of word: String) -> Kind? {
    switch word {
    case "red", "firing": .problem
    case "error", "stale", "overdue": .trouble
    case "resolved", "green": .resolved
    case "acknowledged": .acknowledged
    case "silence_ending": .ending
    default: nil
    }
  }

  /// `Red`, `Warning`, `Error`, `Resolved` ...; `Still red` on a reminder.
  var heading: String {
    let plain = isWarning ? "warning" : word.replacing("_", with: " ")
    return isReminder ? "Still \(plain)" : plain.prefix(1).uppercased() + plain.dropFirst()
  }

  var icon: String {
    switch kind {
    case .problem: isWarning ? "🟠" : "🔴"
    case .trouble: "🟣"
    case .resolved: "🟢"
    case .acknowledged: "🔵"
    case .ending: "⏳"
    case .finished, .test: "⚪"
    }
  }

  /// Six hexadecimal digits, red first.
  var colour: String {
    switch kind {
    case .problem: isWarning ? "d68910" : "c0392b"
    case .trouble: "8e44ad"
    case .resolved: "27ae60"
    case .acknowledged, .ending: "2980b9"
    case .finished, .test: "5d6d7e"
    }
  }

  static func icon(of member: EventGroup.Member) -> String {
    switch member.notice {
    case .resolved: "🟢"
    case .acknowledged: "🔵"
    default: member.state == .red ? "🔴" : "🟣"
    }
  }

  static func heading(of member: EventGroup.Member) -> String {
    let word = member.notice == .reminder ? "still \(member.state.rawValue)" : member.notice.rawValue
    return word.prefix(1).uppercased() + word.dropFirst()
  }

  /// The same within each channel for all events of one alarm. Trouble has a name of its own, so that an error never
  /// closes what red has opened.
  static func key(_ event: Event, _ kind: Kind) -> String {
    let suffix =
      switch kind {
      case .trouble: "#error"
      case .test: "#test"
      default: ""
      }
    let row = event.rowID.map { "#row-\($0)" } ?? ""
    return "malleable/\(event.alarmName)\(row)\(suffix)"
  }
}

extension EventGroup.Member {
  /// The row before what is said of it; empty for a checker's own alarm.
  var place: String { row.map { "\($0.text): " } ?? "" }
}
