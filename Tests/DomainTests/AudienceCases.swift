import Domain
import Foundation

/// What happens to the alarm of a critical checker, and to where it goes.
enum AudienceStep: String {
  case warns, fails, passes, errors, acknowledged, reminder
  /// The run fails, and a silence withholds what it says.
  case silenced = "fails in a silence"
  case ends = "passes in a silence"
  case silenceEnds = "the silence ends"
  /// From here on every alarm goes to `desk`.
  case edited = "routing edited"
  /// Its severity was `warning` until then.
  case raised = "severity raised"
  case deleted = "checker deleted"

  var outcome: Outcome? {
    switch self {
    case .warns: .warned
    case .fails, .silenced: .failed
    case .passes, .ends: .passed
    case .errors: .errored
    default: nil
    }
  }

  var isWithheld: Bool { self == .silenced || self == .ends }
}

/// One line of the second table in docs/alarms.md.
struct AudienceCase {
  var title: String
  var steps: [AudienceStep]
  /// The actions that are sent a notice at each step, with its kind.
  var told: [String]

  private struct Play {
    var checker = Checker(
      id: QualifiedName(namespace: "shop", name: "orders"), severity: .critical, body: .rules([]))
    var alarm = Alarm(since: AlarmCase.start)
    var tree = RoutingTree(routes: [
      .init(matchers: [AlarmMatcher(.severity, ["critical"])], actions: ["pager"]), .init(actions: ["chat"]),
    ])

    mutating func take(_ step: AudienceStep, at time: Date) -> String {
      guard let notice = notice(of: step, at: time) else { return "–" }
      let subject = AlarmSubject(checker: checker, alarm: alarm, notice: notice)
      let routed = tree.explain(subject).destinations.map { Action(name: $0.action, channel: "webhook", settings: [:]) }
      let audience = notice.audience(routed: routed)
      alarm.noteFate(
        of: notice, wasSent: !step.isWithheld && !audience.isEmpty, wasWithheld: step.isWithheld,
        to: step.isWithheld ? [] : audience, severity: subject.severity)
      if step.isWithheld || audience.isEmpty { return "–" }
      return "\(notice.kind.rawValue): \(audience.joined(separator: " and "))"
    }

    private mutating func notice(of step: AudienceStep, at time: Date) -> AlarmNotice? {
      if let outcome = step.outcome {
        let evidence = AlarmEvidence(outcome: outcome, runID: "run", startedAt: time, finishedAt: time)
        return alarm.receive(evidence, policy: .standard).notice
      }
      switch step {
      case .acknowledged: return alarm.acknowledge(Acknowledgement(author: "ana", at: time))
      case .reminder:
        let policy = AlarmPolicy(staleAfterSeconds: nil, repeatSeconds: 1)
        return alarm.tick(at: time, policy: policy, dueAt: nil).notice
      case .silenceEnds: return alarm.silenceEnded(at: time)
      case .deleted: return alarm.checkerDeleted(at: time)
      case .raised:
        checker.severity = .critical
        return alarm.severityRose(with: checker, at: time)
      default:
        tree = RoutingTree(routes: [.init(actions: ["desk"])])
        return nil
      }
    }
  }

  func play() -> [String] {
    var play = Play()
    if steps.contains(.raised) { play.checker.severity = .warning }
    return steps.enumerated().map { play.take($1, at: AlarmCase.start + Double($0 * 60)) }
  }

  var line: String {
    "| \(title) | \(steps.map(\.rawValue).joined(separator: ", ")) | \(told.joined(separator: ", ")) |"
  }

  static let all: [AudienceCase] = [
    AudienceCase(title: "A failure", steps: [.fails, .passes], told: ["red: pager", "resolved: pager"]),
    AudienceCase(
      title: "A warning of a critical checker", steps: [.warns, .passes], told: ["red: chat", "resolved: chat"]),
    AudienceCase(
      title: "A warning that becomes a failure", steps: [.warns, .fails, .passes],
      told: ["red: chat", "red: pager and chat", "resolved: chat and pager"]),
    AudienceCase(
      title: "A failure that becomes a warning", steps: [.fails, .warns, .reminder, .passes],
      told: ["red: pager", "red: chat and pager", "reminder: chat", "resolved: pager and chat"]),
    AudienceCase(
      title: "A warning, and then an error", steps: [.warns, .errors, .passes],
      told: ["red: chat", "error: pager and chat", "resolved: chat and pager"]),
    AudienceCase(
      title: "Another routing meanwhile", steps: [.fails, .edited, .passes, .fails],
      told: ["red: pager", "–", "resolved: pager", "red: desk"]),
    AudienceCase(
      title: "Reminded by another routing", steps: [.fails, .edited, .reminder, .passes],
      told: ["red: pager", "–", "reminder: desk", "resolved: pager and desk"]),
    AudienceCase(
      title: "Acknowledged", steps: [.fails, .edited, .acknowledged, .passes],
      told: ["red: pager", "–", "acknowledged: pager", "resolved: pager"]),
    AudienceCase(
      title: "The severity is raised while it is open", steps: [.fails, .raised, .passes],
      told: ["red: chat", "red: pager and chat", "resolved: chat and pager"]),
    AudienceCase(
      title: "A silence hid all of it", steps: [.silenced, .ends, .silenceEnds], told: ["–", "–", "–"]),
    AudienceCase(
      title: "A silence hid the end", steps: [.fails, .ends, .edited, .silenceEnds],
      told: ["red: pager", "–", "–", "resolved: pager"]),
    AudienceCase(
      title: "A silence hid the end, and it opened anew", steps: [.warns, .ends, .fails, .passes],
      told: ["red: chat", "–", "red: pager and chat", "resolved: chat and pager"]),
    AudienceCase(
      title: "The checker is deleted", steps: [.warns, .edited, .deleted], told: ["red: chat", "–", "resolved: chat"]),
  ]
}
