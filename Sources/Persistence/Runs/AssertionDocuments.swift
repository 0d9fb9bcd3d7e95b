import Domain
import Foundation

/// A run's assertions in three parts: what was asserted (the same from run to run), the numbers that were measured
/// (read for sparklines), and what was found.
///
/// All are JSON arrays in the order of the assertions; a text that repeats in every run is stored once.
struct AssertionDocuments {
  var definitions: String
  /// Numbers, `null` where nothing was measured or where it is no finite number.
  var observed: String
  var results: String

  init(_ assertions: [Assertion]) throws {
    definitions = try Document.encode(assertions.map(Definition.init))
    observed = try Document.encode(assertions.map { $0.observed.flatMap { Self.number($0.value) } })
    results = try Document.encode(assertions.map(Finding.init))
  }

  private static func number(_ cell: Cell) -> Double? {
    if case .double(let value) = cell { return value.isFinite ? value : nil }
    guard let value = cell.exactDecimal.flatMap({ Double($0.description) }), value.isFinite else { return nil }
    return value
  }

  static func assertions(definitions: String, results: String) throws -> [Assertion] {
    let definitions = try Document.decode([Definition].self, from: definitions)
    let findings = try Document.decode([Finding].self, from: results)
    return zip(definitions, findings).map { definition, finding in
      Assertion(
        name: definition.name, check: definition.check, dataset: definition.dataset, outcome: finding.outcome,
        message: finding.message, observed: finding.observed, expected: definition.expected, sample: finding.sample,
        line: definition.line)
    }
  }

  /// The names, in the order of the assertions.
  static func names(definitions: String) throws -> [String] {
    try Document.decode([Definition].self, from: definitions).map(\.name)
  }
}

/// What an assertion says whatever the run: `[name, check, dataset, expected]`, and the line of a script.
private struct Definition: Codable {
  var name: String
  var check: String
  var dataset: String
  var expected: String
  var line: Int?

  init(_ assertion: Assertion) {
    name = assertion.name
    check = assertion.check
    dataset = assertion.dataset
    expected = assertion.expected
    line = assertion.line
  }

  init(from decoder: any Decoder) throws {
    var list = try decoder.unkeyedContainer()
    name = try list.decode(String.self)
    check = try list.decode(String.self)
    dataset = try list.decode(String.self)
    expected = try list.decode(String.self)
    if !list.isAtEnd { line = try list.decode(Int.self) }
  }

  func encode(to encoder: any Encoder) throws {
    var list = encoder.unkeyedContainer()
    for text in [name, check, dataset, expected] { try list.encode(text) }
    if let line { try list.encode(line) }
  }
}

/// What one run found: `[outcome, message, value, unit, sample]`, shorter when the last ones are missing.
private struct Finding: Codable {
  var outcome: Outcome
  var message: String
  var observed: Observation?
  var sample: Sample?

  init(_ assertion: Assertion) {
    outcome = assertion.outcome
    message = assertion.message
    observed = assertion.observed
    sample = assertion.sample
  }

  init(from decoder: any Decoder) throws {
    var list = try decoder.unkeyedContainer()
    outcome = try list.decode(Outcome.self)
    message = try list.decode(String.self)
    if list.isAtEnd { return }
    let value = try list.decode(Cell.self)
    let unit = try list.decodeIfPresent(String.self)
    observed = unit.map { Observation(value, unit: $0) }
    if !list.isAtEnd { sample = try list.decode(Sample.self) }
  }

  func encode(to encoder: any Encoder) throws {
    var list = encoder.unkeyedContainer()
    try list.encode(outcome)
    try list.encode(message)
    if observed == nil && sample == nil { return }
    try list.encode(observed?.value ?? .null)
    try list.encode(observed?.unit)
    if let sample { try list.encode(sample) }
  }
}
