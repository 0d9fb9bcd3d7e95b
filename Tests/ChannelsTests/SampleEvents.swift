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
