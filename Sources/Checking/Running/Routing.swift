import Domain
import Foundation

/// Decides which actions hear of a run and of an alarm, and what keeps them from hearing.
struct Routing: NoticeRouting {
  var actions: [Action]
  /// The names of the actions that want a message per run.
  var everyRun: Set<String> = []
  /// The channels of which one message may tell of several alarms.
  var grouping: Set<String> = []
  var tree = RoutingTree()
  /// Those that may withhold something now.
  var silences: [Silence] = []
  /// Which data sources each checker asks.
  var sources: @Sendable (Checker) -> Set<String> = { _ in [] }
  /// Data sources that cannot be reached, which is told once for all of their checkers.
  var down: [String: Outage] = [:]
  /// Addresses for messages.
  var links: @Sendable (StoredChecker, RowKey?) -> EventLinks? = { _, _ in nil }

  func deliveries(for update: AlarmUpdate) -> [NewDelivery] {
    let subject = subject(of: update.stored, notice: update.change.notice)
    let bound = destinations(of: update.stored.checker, subject)
    return notices(update, subject, bound) + finished(update, bound)
  }

  private func notices(_ update: AlarmUpdate, _ subject: AlarmSubject, _ bound: [Bound]) -> [NewDelivery] {
    guard let notice = update.change.notice else { return [] }
    let event = event(notice, update, subject)
    let obstacle = obstacle(notice, update)
    return audience(of: notice, bound, isWithheld: obstacle != nil).filter {
      $0.action.notices.contains(notice.kind)
    }.map { bound in
      let reason = obstacle ?? "\(notice.words); \(bound.reason)"
      return NewDelivery(
        event: event, action: bound.action.name, isWithheld: obstacle != nil, reason: reason,
        group: group(bound, subject))
    }
  }

  /// `bound` are those that the alarm goes to as it stands now. Where a notice is withheld and nobody has heard of the
  /// trouble, it is withheld from those.
  private func audience(of notice: AlarmNotice, _ bound: [Bound], isWithheld: Bool) -> [Bound] {
    if isWithheld, notice.told?.isEmpty ?? true { return bound }
    return notice.audience(routed: bound.map(\.action)).compactMap { name in
      if let known = bound.first(where: { $0.action.name == name }) { return known }
      guard let action = actions.first(where: { $0.name == name && $0.isEnabled }) else { return nil }
      return Bound(action: action, destination: .init(action: name), reason: "it heard of this trouble before")
    }
  }

  /// What it waits for and is told with: as its route says, else as its action does.
  private func group(_ bound: Bound, _ subject: AlarmSubject) -> NewDelivery.Group? {
    guard grouping.contains(bound.action.channel),
      let settings = bound.destination.grouping ?? bound.action.grouping
    else { return nil }
    return NewDelivery.Group(
      key: settings.key(of: subject), waitSeconds: settings.waitSeconds, intervalSeconds: settings.intervalSeconds)
  }

  private func event(_ notice: AlarmNotice, _ update: AlarmUpdate, _ subject: AlarmSubject) -> Event {
    let (stored, run) = (update.stored, update.run)
    let moment = Int(update.at.timeIntervalSince1970 * 1000)
    let place = update.row.map { "-\($0.digest)" } ?? ""
    let id = "\(run.id)\(place)-\(notice.kind.rawValue)" + (update.isFromRun ? "" : "-\(moment)")
    var transition = notice.transition
    transition.notice = notice.kind
    var event = Event(
      id: id, subject: .alarm(transition), checker: stored.checker, checkerVersion: run.version, run: run,
      time: update.at)
    event.severity = subject.severity
    event.reason = notice.words
    event.knownAs = notice.knownAs
    event.lastedSeconds = notice.lastedSeconds
    event.acknowledgement = stored.alarm.acknowledgement
    event.links = links(stored, update.row)
    event.row = update.row
    event.rowID = update.row?.digest
    return event
  }

  /// Why this notice is not sent, in words.
  private func obstacle(_ notice: AlarmNotice, _ update: AlarmUpdate) -> String? {
    if let reason = withholding(update.stored, at: update.at) { return reason }
    if notice.kind == .resolved, !notice.wasTold { return "nobody was told of the trouble" }
    return notice.transition.to == .error ? inhibition(update.stored, update.run) : nil
  }

  /// A data source that is down has an alarm of its own; those of its checkers tell nothing new.
  private func inhibition(_ stored: StoredChecker, _ run: Run) -> String? {
    guard run.outcome == .errored else { return nil }
    guard let name = sources(stored.checker).sorted().first(where: { down[$0] != nil }) else { return nil }
    return "data source '\(name)' cannot be reached, which is told once for all of its checkers"
  }

  func withholding(_ stored: StoredChecker, at time: Date) -> String? {
    if let mute = stored.mute, mute.isActive(at: time) {
      return "muted by \(mute.author)" + (mute.reason.isEmpty ? "" : ": \(mute.reason)")
    }
    let subject = subject(of: stored)
    if let silence = silences.first(where: { $0.hides(subject, at: time) }) { return silence.reason }
    guard stored.alarm.state == .error, let run = stored.lastRun, run.outcome == .errored else { return nil }
    return inhibition(stored, .unknownError(of: stored))
  }

  func withholdingEnds(_ stored: StoredChecker, at time: Date) -> Date? {
    if let mute = stored.mute, mute.isActive(at: time) { return mute.endsAt }
    let subject = subject(of: stored)
    return silences.first { $0.hides(subject, at: time) }?.hidesUntil(at: time)
  }

  func subject(of stored: StoredChecker, notice: AlarmNotice? = nil) -> AlarmSubject {
    AlarmSubject(
      checker: stored.checker, alarm: stored.alarm, notice: notice, dataSources: sources(stored.checker).sorted())
  }

  private func finished(_ update: AlarmUpdate, _ bound: [Bound]) -> [NewDelivery] {
    guard update.isFromRun, update.row == nil else { return [] }
    let finished = bound.filter { everyRun.contains($0.action.name) }
    if finished.isEmpty { return [] }
    let run = update.wholeRun ?? update.run
    let event = Event(
      id: "\(run.id)-run", subject: .runFinished, checker: update.stored.checker, checkerVersion: run.version, run: run,
      time: run.finishedAt)
    return finished.map {
      NewDelivery(event: event, action: $0.action.name, isWithheld: false, reason: Delivery.everyRun)
    }
  }
}

extension Routing {
  /// An action that hears of a checker, and why.
  struct Bound {
    var action: Action
    var destination: RoutingTree.Destination
    var reason: String
  }

  /// What the checker names; else what the tree says; else the actions that take every checker.
  func destinations(of checker: Checker, _ subject: AlarmSubject) -> [Bound] {
    let enabled = Dictionary(
      actions.filter(\.isEnabled).map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
    if !checker.actions.isEmpty {
      return checker.actions.compactMap { name in
        enabled[name].map { Bound(action: $0, destination: .init(action: name), reason: "the checker names it") }
      }
    }
    let routed = tree.explain(subject).destinations.compactMap { destination in
      enabled[destination.action].map {
        Bound(action: $0, destination: destination, reason: "route \(destination.path)")
      }
    }
    if !routed.isEmpty { return routed }
    return actions.filter { $0.isDefault && $0.isEnabled }.map {
      Bound(action: $0, destination: .init(action: $0.name), reason: "it takes every checker")
    }
  }
}

extension Run {
  /// An error of which no more is known than that it was one.
  fileprivate static func unknownError(of stored: StoredChecker) -> Run {
    Run(
      id: "", checker: stored.checker.id, version: stored.version, trigger: .schedule, startedAt: stored.alarm.since,
      finishedAt: stored.alarm.since, outcome: .errored, assertions: [])
  }
}
