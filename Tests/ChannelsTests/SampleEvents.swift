import Domain
import Foundation
import TestSupport

extension Event {
  /// The alarm of `shop/emails` that turned red, or what `outcome` makes of it.
  static func sample(
    _ outcome: Outcome = .failed, subject: Subject? = nil, checker: Checker = .sample(), assertions: [Assertion]? = nil,
    id: String = "run-1-red"
  ) -> Event {
    var run = Run.sample(of: checker.id, outcome, id: "run-1")
    if let assertions { run.assertions = assertions }
    var alarm = Alarm(since: sampleTime - 600)
    _ = alarm.receive(outcome == .passed ? .failed : .passed, run: "run-0", at: sampleTime - 300)
    let transition = alarm.receive(outcome, run: run.id, at: run.finishedAt)
    return Event(
      id: id, subject: subject ?? transition.map { .alarm($0) } ?? .runFinished, checker: checker, checkerVersion: 7,
      run: run, time: run.finishedAt)
  }
}

/// A decoded JSON object.
func object(_ bytes: [UInt8]) throws -> [String: Any] {
  try JSONSerialization.jsonObject(with: Data(bytes)) as? [String: Any] ?? [:]
}

extension Event {
  /// Texts that no receiver was made for: very long, of control characters, of single characters without end.
  static let monstrous: [Event] = {
    let texts = [
      String(repeating: "x", count: 100_000), String(repeating: "👩‍👩‍👧‍👦", count: 20_000),
      String(repeating: "\u{1}\u{0}\r\n\u{2028}\u{202E}", count: 20_000),
      "e" + String(repeating: "\u{301}", count: 100_000),
      String(repeating: "<&>\"'*_`|@everyone](", count: 5_000),
      String(repeating: "{{#rows}}{{{json}}}\\", count: 5_000),
    ]
    return texts.map { text in
      var checker = Checker.sample(
        description: text, severity: .critical, owner: text, tags: [String](repeating: text, count: 25))
      checker.runbook = text
      let cell = Cell.text(String(text.prefix(50)))
      let sample = Sample(
        columns: (0..<30).map { "\($0)" + text.prefix(50) },
        rows: [[Cell]](repeating: [Cell](repeating: cell, count: 30), count: 12), total: 1_000_000)
      let assertion = Assertion(
        name: text, check: text, dataset: text, outcome: .failed, message: text,
        observed: Observation(.text(text), unit: text), expected: text, sample: sample)
      return .sample(checker: checker, assertions: [Assertion](repeating: assertion, count: 6))
    }
  }()
}

extension DeliveryError {
  /// What somebody must mend; `nil` for what is tried again.
  var finalText: String? {
    switch self {
    case .permanent(let text), .broken(let text): text
    case .transient: nil
    }
  }
}
