import Checking
import Domain
import Foundation
import Mustache

/// One checker in a list: `checker-row.mustache`.
struct CheckerRow: Sendable, MustacheParent {
  var css: String
  var icon: StateIcon
  /// Shown before the name where checkers of several namespaces stand together.
  var prefix: String?
  var name: String
  var href: String
  var detail: String
  var timeline: String
  var result: String
  var when: TimeText?
  var isCritical: Bool
  var isPushed: Bool

  init(
    _ stored: StoredChecker, slots: [Outcome?]?, range: TimelineRange, now: Date, showsNamespace: Bool
  ) {
    let checker = stored.checker
    let state = stored.displayState(at: now)
    let shape = StateIcon.Shape(state)
    css = shape.rawValue
    icon = StateIcon(state)
    prefix = showsNamespace ? checker.id.namespace : nil
    name = checker.id.name
    isPushed = checker.body.isPushed
    href = Link.checker(checker.id)
    result = stored.lastRun?.result ?? ""
    isCritical = checker.severity == .critical
    timeline = Timeline.svg(
      slots ?? Array(repeating: nil, count: range.slots), range: range, state: state.word)
    detail = Self.detail(stored, state, now: now)
    switch state {
    case .red, .erroring, .stale, .recovering, .pending: when = .lasting(since: stored.shownAlarm.since, now: now)
    case .green, .muted: when = stored.lastRun.map { .ago($0.startedAt, now: now) }
    case .unknown: when = nil
    }
  }

  private static func detail(
    _ stored: StoredChecker, _ state: DisplayState, now: Date
  ) -> String {
    let checker = stored.checker
    switch state {
    case .red, .stale: return stored.finding
    case .erroring: return "Could not run: \(stored.lastRun?.summary ?? "no reason is known")"
    case .recovering: return checker.recoveringSentence
    case .pending: return "Not yet red: \(stored.lastRun?.summary ?? checker.description)"
    case .muted:
      guard let mute = stored.mute else { return checker.description }
      let end = mute.endsAt.map { " until \(Words.moment($0)) UTC" } ?? ""
      return "Muted by \(mute.author)\(end)" + (mute.reason.isEmpty ? "" : ": \(mute.reason)")
    default:
      if !checker.isEnabled { return "Disabled. \(checker.description)" }
      if let due = stored.nextRunAt, now.timeIntervalSince(due) > overdueSeconds {
        return "\(Words.due(due, now: now).capitalizedFirst). \(checker.description)"
      }
      if checker.description.isEmpty, state == .unknown {
        return checker.schedule == nil ? "Saved, no schedule yet" : "Waits for its first run"
      }
      return checker.description
    }
  }

  /// A run that is late by more than this many seconds is shown as overdue.
  static let overdueSeconds: Double = 90

  // Lists are long, and looking names up through reflection is slow; so is looking for what is not there in all that
  // stands around it.
  func child(named name: String) -> Any? {
    switch name {
    case "css": css
    case "icon": icon
    case "prefix": prefix as Any? ?? false
    case "name": self.name
    case "href": href
    case "isPushed": isPushed
    case "detail": detail
    case "timeline": timeline
    case "result": result
    case "when": when as Any? ?? false
    case "isCritical": isCritical
    default: nil
    }
  }
}

extension TimeText: MustacheParent {
  package func child(named name: String) -> Any? {
    switch name {
    case "text": text
    case "iso": iso
    case "full": full
    default: nil
    }
  }
}

extension String {
  var capitalizedFirst: String { prefix(1).uppercased() + dropFirst() }
}

extension Site {
  /// Rows of `checkers`, with their timelines.
  func rows(
    _ checkers: [StoredChecker], range: TimelineRange, showsNamespace: Bool
  ) async throws -> [CheckerRow] {
    let now = service.now()
    let timelines = try await service.store.timelines(of: checkers.map(\.checker.id), range: range, until: now)
    return checkers.map {
      CheckerRow(
        $0, slots: timelines[$0.checker.id], range: range, now: now, showsNamespace: showsNamespace)
    }
  }
}
