import Domain
import Foundation

/// What an event tells: the `data` of a CloudEvent.
struct EventData {
  private let event: Event
  private var messages: [String]
  private var assertions: [Assertion]
  private var sample: Sample?
  private var runbook: String
  private var truncated: [String] = []
  /// The texts that stay to the end are short too.
  private var isTerse = false
  private let includesRows: Bool
  private let links: Links

  init(_ event: Event, includesRows: Bool, links: Links = Links()) {
    self.event = event
    self.links = links
    self.includesRows = includesRows
    let notable = event.run.assertions.filter { $0.outcome != .passed }
    assertions = event.run.assertions
    messages = notable.map(\.news)
    if messages.isEmpty, let reason = event.run.reason { messages = [reason] }
    sample = (notable.first { $0.outcome == event.run.outcome && $0.sample != nil } ?? notable.first)?.sample
    runbook = event.runbook
  }

  var json: JSON {
    let about = event.about.map { ($0.kind, JSON.string($0.name)) } ?? ("checker", checker)
    var members: [String: JSON] = [
      about.0: about.1,
      "severity": .string(event.severity.rawValue),
      "outcome": .string(event.run.outcome.rawValue),
      "summary": .string(Self.shortened(event.summary, to: isTerse ? 500 : 2_000)),
      "messages": .array(messages.map { .string($0) }),
      "assertions": .array(assertions.map(Self.assertion)),
      "run_id": .string(event.run.id),
      "started_at": .date(event.run.startedAt),
      "finished_at": .date(event.run.finishedAt),
      "runbook": .string(runbook),
    ]
    if let worst { members.merge(measured(worst)) { $1 } }
    if let sample { members["sample"] = json(of: sample) }
    if case .alarm(let transition) = event.subject { members.merge(states(transition)) { $1 } }
    members.merge(circumstances) { $1 }
    if let url = links.page(of: event) { members["url"] = .string(url) }
    if let url = links.run(of: event) { members["run_url"] = .string(url) }
    if !truncated.isEmpty { members["truncated"] = .array(truncated.map { .string($0) }) }
    return .object(members)
  }

  private var checker: JSON {
    .object([
      "namespace": .string(event.checker.namespace),
      "name": .string(event.checker.name),
      "version": .integer(event.checkerVersion),
      "description": .string(Self.shortened(event.description, to: isTerse ? 200 : 1_000)),
      "owner": .string(Self.shortened(event.owner, to: 200)),
      "tags": .array(event.tags.prefix(isTerse ? 10 : 50).map { .string(Self.shortened($0, to: 100)) }),
    ])
  }

  /// The assertion that made the run what it is.
  private var worst: Assertion? {
    event.run.assertions.first { $0.outcome == event.run.outcome && $0.outcome != .passed }
  }

  private func measured(_ assertion: Assertion) -> [String: JSON] {
    [
      "value": assertion.observed.map { JSON($0.value) } ?? .null,
      "unit": .string(assertion.observed?.unit ?? ""),
      "threshold": .string(Self.shortened(assertion.expected, to: isTerse ? 200 : 1_000)),
      "dataset": .string(Self.shortened(assertion.dataset, to: 300)),
    ]
  }

  private func states(_ transition: AlarmTransition) -> [String: JSON] {
    let began = transition.from == transition.to ? transition.previousSince : transition.at
    return [
      "previous": .string(transition.from.rawValue),
      "state": .string(transition.to.rawValue),
      "warning": .boolean(transition.to == .red && transition.isWarning),
      "since": .date(began),
      "previous_since": .date(transition.previousSince),
    ]
  }

  /// Why people are told, and what they can do.
  private var circumstances: [String: JSON] {
    var members: [String: JSON] = [:]
    if let reason = event.reason { members["reason"] = .string(Self.shortened(reason, to: 500)) }
    if let row = event.row { members["row"] = Self.row(row, isTerse: isTerse) }
    if let stops = event.stops {
      members["stops"] = .object([
        "total": .integer(stops.count),
        "checkers": .array(stops.prefix(isTerse ? 20 : 100).map { .string($0.description) }),
      ])
    }
    if let seconds = event.lastedSeconds { members["lasted_seconds"] = .number(Self.rounded(seconds)) }
    if let acknowledgement = event.acknowledgement {
      members["acknowledgement"] = .object([
        "author": .string(Self.shortened(acknowledgement.author, to: 200)),
        "comment": .string(Self.shortened(acknowledgement.comment, to: 1_000)), "at": .date(acknowledgement.at),
        "expires_at": acknowledgement.expiresAt.map { .date($0) } ?? .null,
      ])
    }
    if let links = event.links {
      let known = ["checker": links.checker, "acknowledge": links.acknowledge, "snooze": links.snooze]
      members["links"] = .object(known.filter { !$0.value.isEmpty }.mapValues { .string($0) })
    }
    if let group = event.group {
      members["group"] = .object([
        "key": .string(Self.shortened(group.key, to: 500)),
        "alarms": .array(group.alarms.prefix(isTerse ? 20 : 100).map { Self.member($0, isTerse: isTerse) }),
        "total": .integer(group.alarms.count),
      ])
    }
    return members
  }

  private static func rounded(_ seconds: Double) -> String { "\((seconds * 1000).rounded() / 1000)" }

  private static func row(_ key: RowKey, isTerse: Bool) -> JSON {
    .object(
      Dictionary(
        key.fields.map { ($0.column, JSON.optional($0.value.map { shortened($0, to: isTerse ? 200 : 1_000) })) },
        uniquingKeysWith: { $1 }))
  }

  private static func member(_ member: EventGroup.Member, isTerse: Bool) -> JSON {
    var members: [String: JSON] = [
      "checker": .string("\(member.checker)"), "notice": .string(member.notice.rawValue),
      "state": .string(member.state.rawValue), "severity": .string(member.severity.rawValue),
      "summary": .string(shortened(member.summary, to: isTerse ? 100 : 500)), "since": .date(member.since),
    ]
    if let key = member.row { members["row"] = row(key, isTerse: isTerse) }
    return .object(members)
  }

  private static func assertion(_ assertion: Assertion) -> JSON {
    .object([
      "name": .string(assertion.name),
      "check": .string(assertion.check),
      "dataset": .string(assertion.dataset),
      "outcome": .string(assertion.outcome.rawValue),
      "message": .string(assertion.message),
      "observed": assertion.observed.map { JSON($0.value) } ?? .null,
      "expected": .string(assertion.expected),
    ])
  }

  private func json(of sample: Sample) -> JSON {
    var members: [String: JSON] = [
      "columns": .array(sample.columns.map { .string($0) }), "total": .integer(sample.total),
      "redacted": .boolean(!includesRows),
    ]
    if includesRows { members["rows"] = .array(sample.rows.map { .array($0.map { JSON($0) }) }) }
    return .object(members)
  }

  /// At most `count` UTF-16 units: what people see as one character may be of any length.
  static func shortened(_ text: String, to count: Int) -> String {
    TextLimit.cut(text, utf16: count)
  }
}

extension EventData {
  /// Makes it smaller by one step; `false` when nothing is left to cut.
  mutating func cut() -> Bool {
    if let sample, includesRows, !sample.rows.isEmpty {
      self.sample?.rows = Array(sample.rows.prefix(sample.rows.count / 2))
      return mark("sample.rows")
    }
    if assertions.contains(where: { $0.outcome == .passed }) {
      assertions.removeAll { $0.outcome == .passed }
      return mark("assertions")
    }
    if runbook.utf16.count > 4_000 {
      runbook = Self.shortened(runbook, to: 4_000)
      return mark("runbook")
    }
    if messages.count > 20 || messages.contains(where: { $0.utf16.count > 500 }) {
      messages = messages.prefix(20).map { Self.shortened($0, to: 500) }
      return mark("messages")
    }
    if !assertions.isEmpty {
      assertions = []
      return mark("assertions")
    }
    if sample != nil {
      sample = nil
      return mark("sample")
    }
    if messages.count > 3 || runbook.utf16.count > 500 || messages.contains(where: { $0.utf16.count > 200 }) {
      messages = messages.prefix(3).map { Self.shortened($0, to: 200) }
      runbook = Self.shortened(runbook, to: 500)
      return mark("messages")
    }
    if !isTerse {
      isTerse = true
      return mark("checker")
    }
    return false
  }

  private mutating func mark(_ part: String) -> Bool {
    if !truncated.contains(part) { truncated.append(part) }
    return true
  }
}
