package import Foundation

/// One time that a checker was run.
package struct Run: Hashable, Codable, Sendable {
  /// Sorts by time, as a ULID does.
  package var id: String
  package var checker: QualifiedName
  /// The checker's version that ran, from 1.
  package var version: Int
  package var trigger: Trigger
  /// When it was due; `nil` when nobody scheduled it.
  package var scheduledFor: Date?
  package var startedAt: Date
  package var finishedAt: Date
  package var outcome: Outcome
  /// Why nothing could be concluded, when `outcome` is `errored`.
  package var reason: String?
  package var assertions: [Assertion]
  /// What the checker wrote while it ran.
  package var log: String
  /// Why a script or module came to no verdict, with its traceback.
  package var trouble: GuestTrouble?
  /// What a script or module used up; `nil` for rules.
  package var cost: GuestCost?

  package enum Trigger: String, Codable, Sendable {
    case schedule, manual, api, commandLine
    /// A job elsewhere reported it.
    case ping
  }

  package init(
    id: String, checker: QualifiedName, version: Int, trigger: Trigger, scheduledFor: Date? = nil, startedAt: Date,
    finishedAt: Date, outcome: Outcome, reason: String? = nil, assertions: [Assertion], log: String = "",
    trouble: GuestTrouble? = nil, cost: GuestCost? = nil
  ) {
    self.id = id
    self.checker = checker
    self.version = version
    self.trigger = trigger
    self.scheduledFor = scheduledFor
    self.startedAt = startedAt
    self.finishedAt = finishedAt
    self.outcome = outcome
    self.reason = reason
    self.assertions = assertions
    self.log = log
    self.trouble = trouble
    self.cost = cost
  }

  package var milliseconds: Double { finishedAt.timeIntervalSince(startedAt) * 1000 }

  /// The worst of the assertions; a run without any proves nothing.
  package static func outcome(of assertions: [Assertion]) -> Outcome {
    assertions.map(\.outcome).max() ?? .errored
  }

  /// One line for lists and messages: what is wrong, or how much is right.
  package var summary: String {
    let bad = assertions.filter { $0.outcome == outcome }
    switch outcome {
    case .passed where assertions.isEmpty && reason != nil: return reason ?? ""
    case .passed: return assertions.count == 1 ? "1 ok" : "\(assertions.count) ok"
    case .errored: return reason ?? bad.first?.message ?? "could not run"
    case .warned, .failed: return bad.first?.news ?? reason ?? "\(bad.count) of \(assertions.count) failed"
    }
  }
}

/// What one rule, or one line of a script, found.
package struct Assertion: Hashable, Codable, Sendable {
  /// The rule's own name, or its sentence.
  package var name: String
  /// The rule's kind.
  package var check: String
  package var dataset: String
  package var outcome: Outcome
  /// What a person is told: the rule's message, what was found, or why it could not be evaluated.
  package var message: String
  /// The number that was measured, kept on passing runs too; `nil` when nothing was.
  package var observed: Observation?
  /// What it should have been, in words.
  package var expected: String
  package var sample: Sample?
  /// Where a script states it, from 1.
  package var line: Int?
  /// What the outcome alone does not tell an alarm; the store keeps it no longer than the alarm needs it.
  package var remark: Remark?

  package enum Remark: String, Codable, Sendable {
    /// There was nothing to measure.
    case noData
    /// It passes, and is not beyond its recovery threshold.
    case notRecovered
  }

  package init(
    name: String, check: String, dataset: String, outcome: Outcome, message: String, observed: Observation?,
    expected: String, sample: Sample? = nil, line: Int? = nil, remark: Remark? = nil
  ) {
    self.name = name
    self.check = check
    self.dataset = dataset
    self.outcome = outcome
    self.message = message
    self.observed = observed
    self.expected = expected
    self.sample = sample
    self.line = line
    self.remark = remark
  }
}

extension Assertion {
  /// The message, and what was found unless the message says it already or it is longer than a line.
  package var news: String {
    guard let found = observed?.text, found.utf8.count <= 200, !message.contains(found),
      !message.contains(found.replacing(",", with: ""))
    else { return message }
    return "\(message) (found \(found))"
  }
}

/// A measured value.
package struct Observation: Hashable, Codable, Sendable {
  package var value: Cell
  /// `rows`, `%`, `hours` ...; empty for a bare number.
  package var unit: String
  /// The number with more digits than a person reads else, where it would seem to be what it is compared with.
  package var distinct: String?

  package init(_ value: Cell, unit: String = "", distinct: String? = nil) {
    self.value = value
    self.unit = unit
    self.distinct = distinct
  }

  /// `1,204 rows`, `0.5%`, `3.2 hours`: as it is shown everywhere, with a comma between thousands, and as many digits
  /// as tell it from what it is compared with.
  package var text: String { NumberText.counted(number.map(NumberText.grouped) ?? value.text, unit) }

  private var number: String? {
    switch value {
    case .integer, .double, .decimal:
      distinct ?? NumberText.short(unit == "%" ? NumberText.plain(value.text) : value.text)
    default: distinct
    }
  }
}

/// Some of the rows that made a rule fail.
package struct Sample: Hashable, Codable, Sendable {
  package var columns: [String]
  package var rows: [[Cell]]
  /// How many rows there were in all.
  package var total: Int

  package init(columns: [String], rows: [[Cell]], total: Int) {
    self.columns = columns
    self.rows = rows
    self.total = total
  }
}
