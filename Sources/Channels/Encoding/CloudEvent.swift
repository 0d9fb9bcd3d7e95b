import Domain
import Foundation

/// An event as CloudEvents 1.0 writes it in structured JSON.
struct CloudEvent: Sendable {
  static let contentType = "application/cloudevents+json; charset=utf-8"
  /// Larger events need not be forwarded, says the specification.
  static let maximumBytes = 64 << 10

  let event: Event
  /// Rows of production data leave only where the action asks for them.
  let includesRows: Bool
  /// Where the pages are.
  var links = Links()

  /// What happened, in one word: `red`, `error`, `resolved`, `finished`, `test`.
  static func state(of event: Event) -> String {
    switch event.subject {
    case .alarm(let transition): transition.notice?.rawValue ?? transition.to.rawValue
    case .runFinished: "finished"
    case .test: "test"
    }
  }

  /// At most `maximumBytes`: what is too long is cut, first rows, then texts, and `data.truncated` names it.
  var encoded: [UInt8] {
    var data = EventData(event, includesRows: includesRows, links: links)
    var bytes = envelope(data.json).encoded
    while bytes.count > Self.maximumBytes, data.cut() {
      bytes = envelope(data.json).encoded
    }
    return bytes
  }

  private func envelope(_ data: JSON) -> JSON {
    var members: [String: JSON] = [
      "specversion": .string("1.0"),
      "id": .string(event.id),
      "source": .string(source),
      "type": .string(type),
      "subject": .string(event.about.map { "\($0.kind)s/\($0.name)" } ?? "checkers/\(event.alarmName)" + rowPart),
      "time": .date(event.time),
      "datacontenttype": .string("application/json"),
      "data": data,
    ]
    if case .alarm(let transition) = event.subject { members["sequence"] = .string("\(transition.sequence)") }
    return .object(members)
  }

  /// Tells the alarms of a checker's rows apart.
  private var rowPart: String { event.rowID.map { "/rows/\($0)" } ?? "" }

  private var source: String {
    event.about.map { "/malleable/\($0.kind)s" } ?? "/malleable/ns/" + Self.escaped(event.alarmName.namespace)
  }

  private var type: String {
    switch event.subject {
    case .alarm(let transition) where event.about != nil:
      "dev.malleable.checker.\(event.about?.kind ?? "").\(Self.news(transition)).v1"
    case .alarm: "dev.malleable.checker.alarm.\(Self.state(of: event)).v1"
    case .runFinished: "dev.malleable.checker.run.finished.v1"
    case .test: "dev.malleable.checker.test.v1"
    }
  }

  /// What happened to something that is no checker.
  private static func news(_ transition: AlarmTransition) -> String {
    switch transition.notice {
    case .resolved: "up"
    case .silenceEnding: "ending"
    default: "down"
    }
  }

  /// `source` is a URI reference.
  private static func escaped(_ text: String) -> String {
    text.addingPercentEncoding(withAllowedCharacters: .urlPathAllowed.subtracting(CharacterSet(charactersIn: "/")))
      ?? text
  }
}
