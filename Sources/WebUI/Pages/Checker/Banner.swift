import Domain
import Foundation

/// The state of a checker in a sentence.
struct Banner: Sendable {
  /// The one that the sentence begins with: of what is muted and open, what is wrong.
  var state: DisplayState
  var css: String
  var icon: StateIcon
  var lead: String
  var leadCSS: String
  var text: String
  var runHref: String?

  init(_ stored: StoredChecker, state: DisplayState, now: Date) {
    var unmuted = stored
    unmuted.mute = nil
    let isMuted = state == .muted
    self.state = isMuted && stored.isOpen ? unmuted.displayState(at: now) : state
    let shape = StateIcon.Shape(self.state)
    icon = StateIcon(self.state, isHidden: true)
    css = [.red, .err, .ok].contains(shape) ? shape.rawValue : ""
    leadCSS = shape == .red ? "t-red" : shape == .err ? "t-err" : ""
    runHref = stored.lastRun.map { Link.run($0.id) }
    if self.state == .muted {
      (lead, text) = ("Muted\(Self.end(of: stored)).", Self.mute(of: stored))
    } else {
      (lead, text) = Self.words(stored, self.state, now: now)
      if isMuted { text = "\(Self.ended(text)) Muted\(Self.end(of: stored)). \(Self.mute(of: stored))" }
    }
    if let delay = stored.runDelay { text += " Runs less often: \(delay)." }
    if !stored.checker.isEnabled { text += " Disabled: it does not run on its schedule." }
  }

  private static func words(
    _ stored: StoredChecker, _ state: DisplayState, now: Date
  ) -> (lead: String, text: String) {
    let alarm = stored.shownAlarm
    let lasting = Words.lasting(since: alarm.since, now: now)
    let summary = stored.lastRun?.summary ?? ""
    let found = "\(stored.lastRun?.result ?? ""): \(summary)"
    switch state {
    case .red:
      let isMissing = alarm.memory.missedAt != nil
      return ("Red \(lasting)\(alarm.isWarning ? ", a warning" : "").", isMissing ? stored.finding : found)
    case .erroring: return ("Erroring \(lasting).", "Could not run: \(summary)")
    case .stale: return ("Stale.", stored.finding)
    case .recovering: return ("Recovering \(lasting).", stored.checker.recoveringSentence)
    case .pending: return ("Pending \(lasting).", "Not yet wrong for long enough to be red. \(found)")
    case .green: return ("Green \(lasting).", "Every assertion held.")
    case .unknown, .muted:
      let due = stored.nextRunAt.map { "The first run is due \(Words.due($0, now: now))." }
      return ("Never run.", due ?? "Run it now to see what it finds.")
    }
  }

  /// With the full stop that it may lack.
  private static func ended(_ text: String) -> String {
    text.last.map { ".?!".contains($0) } ?? true ? text : text + "."
  }

  private static func end(of stored: StoredChecker) -> String {
    stored.mute?.endsAt.map { " until \(Words.moment($0)) UTC" } ?? " until somebody unmutes it"
  }

  private static func mute(of stored: StoredChecker) -> String {
    let reason = stored.mute.map { $0.reason.isEmpty ? "" : ended($0.reason) + " " } ?? ""
    return "\(reason)It runs and sends nothing. Muted by \(stored.mute?.author ?? "nobody")."
  }
}
