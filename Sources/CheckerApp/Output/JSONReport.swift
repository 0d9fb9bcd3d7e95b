import Checking
import Domain
import Foundation

/// The object of `checker check --json`; its keys are a promise.
struct JSONReport: Encodable {
  var outcome: Outcome
  var checkers: [CheckerEntry]
  /// What was not run; not there when everything was.
  var skipped: [SkippedEntry]?

  struct SkippedEntry: Encodable {
    var namespace: String
    var name: String
    var reason: String
  }

  struct CheckerEntry: Encodable {
    var namespace: String
    var name: String
    var outcome: Outcome
    /// How long its database, or its code, took.
    var seconds: Double?
    var reason: String?
    /// Of a script or module: where its trouble was, and what it printed.
    var traceback: String?
    var log: String?
    var assertions: [AssertionEntry]
  }

  struct AssertionEntry: Encodable {
    var name: String
    var check: String
    var dataset: String
    var outcome: Outcome
    var message: String
    var observed: JSONNumber?
    var unit: String?
    var expected: String
    var sample: Sample?

    enum CodingKeys: CodingKey {
      case name, check, dataset, outcome, message, observed, unit, expected, sample
    }

    /// `observed` and `sample` are there in any case, as null when there is nothing to say.
    func encode(to encoder: any Encoder) throws {
      var container = encoder.container(keyedBy: CodingKeys.self)
      try container.encode(name, forKey: .name)
      try container.encode(check, forKey: .check)
      try container.encode(dataset, forKey: .dataset)
      try container.encode(outcome, forKey: .outcome)
      try container.encode(message, forKey: .message)
      try container.encode(observed, forKey: .observed)
      try container.encodeIfPresent(unit, forKey: .unit)
      try container.encode(expected, forKey: .expected)
      try container.encode(sample, forKey: .sample)
    }
  }

  static func text(_ report: CheckReport) -> String {
    let json = JSONReport(
      outcome: report.outcome,
      checkers: report.checkers.map { entry in
        CheckerEntry(
          namespace: entry.checker.namespace, name: entry.checker.name, outcome: entry.evaluation.outcome,
          seconds: entry.evaluation.seconds.map { ($0 * 1000).rounded() / 1000 }, reason: entry.evaluation.reason,
          traceback: entry.evaluation.trouble?.traceback,
          log: entry.evaluation.log.isEmpty ? nil : entry.evaluation.log,
          assertions: entry.evaluation.assertions.map(assertion))
      },
      skipped: report.skipped.isEmpty
        ? nil
        : report.skipped.map { .init(namespace: $0.checker.namespace, name: $0.checker.name, reason: $0.reason) })
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    // Every value in it is text, a finite number, a boolean or null, so encoding cannot fail.
    let data = (try? encoder.encode(json)) ?? Data()
    return String(decoding: data, as: UTF8.self)
  }

  private static func assertion(_ assertion: Assertion) -> AssertionEntry {
    AssertionEntry(
      name: assertion.name, check: assertion.check, dataset: assertion.dataset, outcome: assertion.outcome,
      message: assertion.message, observed: assertion.observed.map { JSONNumber(cell: $0.value) },
      unit: assertion.observed?.unit, expected: assertion.expected, sample: assertion.sample)
  }
}

/// A measured value as a JSON number; as text when no JSON number is exact.
struct JSONNumber: Encodable {
  var cell: Cell

  func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    if case .decimal(let text) = cell, let exact = ExactDecimal(text) {
      if let integer = exact.int64 { return try container.encode(integer) }
      if let number = Decimal(string: exact.description), "\(number)" == exact.description {
        return try container.encode(number)
      }
    }
    try container.encode(cell)
  }
}
