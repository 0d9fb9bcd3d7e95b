package import Foundation

/// Something that alarms depend on does not work: a data source that cannot be reached, an action that cannot deliver.
///
/// It is told once, for all alarms that depend on it.
package struct Outage: Hashable, Codable, Sendable {
  package enum Subject: Hashable, Codable, Sendable {
    case dataSource(String)
    case action(String)
  }

  package var subject: Subject
  package var since: Date
  /// What the database or the receiver said.
  package var error: String
  /// The actions that told of it.
  package var told: [String]

  package init(_ subject: Subject, since: Date, error: String, told: [String] = []) {
    self.subject = subject
    self.since = since
    self.error = error
    self.told = told
  }
}

extension Outage.Subject {
  /// Where an event says what it is about.
  package var topic: EventTopic {
    switch self {
    case .dataSource(let name): .dataSource(name)
    case .action(let name): .action(name)
    }
  }

  /// `data_source` or `action`.
  package var kind: String { topic.kind }
  package var name: String { topic.name }
  package var id: QualifiedName { topic.id }
  package var words: String { topic.words }

  /// What is wrong, in words.
  package func trouble(_ error: String) -> String {
    switch self {
    case .dataSource: "\(words) cannot be reached: \(error)"
    case .action: "\(words) cannot deliver any more: \(error)"
    }
  }

  package var relief: String {
    switch self {
    case .dataSource: "\(words) is reached again"
    case .action: "\(words) delivers again"
    }
  }
}

extension Event {
  /// That `outage` began, or is over; told at `time`.
  ///
  /// `stops` are the checkers that cannot run because of it, whether or not they were due: the same at its end.
  package init(
    _ outage: Outage, isOver: Bool = false, at time: Date, severity: Severity = .critical, reason: String? = nil,
    stops: [QualifiedName] = []
  ) {
    let moment = Int(outage.since.timeIntervalSince1970 * 1000)
    let checker = Checker(id: outage.subject.id, severity: severity, body: .rules([]))
    let run = Run(
      id: "", checker: checker.id, version: 1, trigger: .schedule, startedAt: time, finishedAt: time,
      outcome: isOver ? .passed : .errored,
      reason: (isOver ? reason ?? outage.subject.relief : outage.subject.trouble(outage.error))
        + Self.words(of: stops, isOver: isOver), assertions: [])
    let transition = AlarmTransition(
      sequence: isOver ? 2 : 1, from: isOver ? .error : .green, to: isOver ? .green : .error,
      isWarning: false, wasWarning: false, at: isOver ? time : outage.since, previousSince: outage.since, runID: "",
      notice: isOver ? .resolved : .error)
    self.init(
      id: "\(outage.subject.kind)-\(outage.subject.name)-\(moment)-\(isOver ? "up" : "down")",
      subject: .alarm(transition), checker: checker, checkerVersion: 1, run: run, time: time)
    about = outage.subject.topic
    if case .dataSource = outage.subject { self.stops = stops }
    if isOver { lastedSeconds = time.timeIntervalSince(outage.since) }
    self.reason =
      isOver ? "over after \(DurationText.write(lastedSeconds ?? 0))" : "told once for all that depends on it"
  }

  /// `; 3 checkers cannot run: shop/a, shop/b and shop/c`.
  private static func words(of stops: [QualifiedName], isOver: Bool) -> String {
    if stops.isEmpty { return "" }
    let shown = stops.prefix(10).map(\.description)
    let more = stops.count > shown.count ? ["\(NumberText.grouped("\(stops.count - shown.count)")) more"] : []
    let count = "\(NumberText.grouped("\(stops.count)")) \(stops.count == 1 ? "checker" : "checkers")"
    let does = isOver ? "can run again" : "cannot run"
    return "; \(count) \(does): \(WordList.text(shown + more))"
  }
}
