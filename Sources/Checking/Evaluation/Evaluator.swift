package import Domain
package import Foundation
import Rules

/// Evaluates checkers: rules grouped by data source, in as few queries as can be; scripts and modules in the sandbox,
/// on datasets that are fetched once for all of them.
package struct Evaluator: Sendable {
  private let engines: EnginePool
  private let code: CodeRunner?

  /// Without `code`, scripts and modules come out as errors.
  package init(engines: EnginePool, code: CodeRunner? = nil) {
    self.engines = engines
    self.code = code
  }

  /// The run that a checker is evaluated for: what its code may know of it.
  package struct Moment: Sendable {
    package var runID: String
    package var time: Date
    /// The rows that have an alarm now, where each has its own.
    package var rows: [RowKey]

    package init(runID: String, time: Date, rows: [RowKey] = []) {
      self.runID = runID
      self.time = time
      self.rows = rows
    }
  }

  /// One evaluation per checker, in their order; moment `i` is checker `i`'s. Whatever goes wrong with one rule, or
  /// one checker's code, stays there.
  package func evaluate(
    _ checkers: [Checker], with definitions: Definitions, moments: [Moment]
  ) async -> [Evaluation] {
    async let coded = evaluateCode(checkers, with: definitions, moments: moments)
    var evaluations = await evaluateRules(checkers, with: definitions, known: moments.map(\.rows))
    for (index, evaluation) in await coded { evaluations[index] = evaluation }
    return evaluations
  }

  /// For runs that nobody keeps.
  package func evaluate(
    _ checkers: [Checker], with definitions: Definitions, at time: Date
  ) async -> [Evaluation] {
    await evaluate(
      checkers, with: definitions, moments: checkers.map { _ in Moment(runID: RunID.make(at: time), time: time) })
  }

  private func evaluateCode(
    _ checkers: [Checker], with definitions: Definitions, moments: [Moment]
  ) async -> [(Int, Evaluation)] {
    let coded = zip(checkers, moments).enumerated().filter { !$0.element.0.body.isRules }
    if coded.isEmpty { return [] }
    guard let code else {
      let trouble = GuestTrouble(.host, "this program has no sandbox to run code in")
      return coded.map { index, element in
        (index, Evaluation(GuestReport(trouble: trouble, cost: GuestCost()), of: element.0))
      }
    }
    let data = SharedData(engines: engines, definitions: definitions)
    return await withTaskGroup(of: (Int, Evaluation).self) { group in
      for (index, (checker, moment)) in coded {
        group.addTask {
          let own = data.of(namespace: checker.id.namespace)
          let started = ContinuousClock.now
          var evaluation = await code.evaluate(checker, runID: moment.runID, at: moment.time, on: own)
          evaluation.seconds = started.duration(to: .now) / .seconds(1)
          return (index, evaluation)
        }
      }
      return await group.reduce(into: []) { $0.append($1) }
    }
  }

  private func evaluateRules(
    _ checkers: [Checker], with definitions: Definitions, known: [[RowKey]]
  ) async -> [Evaluation] {
    var assertions = checkers.map { [Assertion?](repeating: nil, count: $0.body.rules.count) }
    var bySource: [String: SourceWork] = [:]
    for (index, checker) in checkers.enumerated() {
      for (position, rule) in checker.body.rules.enumerated() {
        if let problem = RuleValidation.problems(with: rule).first {
          assertions[index][position] = Verdict.errored(rule, "\(problem.field): \(problem.message)")
          continue
        }
        switch definitions.resolve(rule.dataset, namespace: checker.id.namespace) {
        case .unknown(let reason): assertions[index][position] = Verdict.errored(rule, reason)
        case .found(let source, let rows):
          let item = SourceWork.Item(
            checker: index, position: position, request: .init(rule: rule, source: rows),
            unknownTable: { definitions.unknown(rule.dataset, checker.id.namespace) },
            rows: RowRequest(checker.alarm, rule: rule, known: known[index]))
          bySource[source.name, default: SourceWork(source: source)].items.append(item)
        }
      }
    }
    let times = StatementTimes()
    var gathered = zip(checkers, known).map { checker, known in
      checker.alarm.perRow.isEmpty ? nil : RowGathering(columns: checker.alarm.perRow, known: known)
    }
    await withTaskGroup(of: SourceFindings.self) { group in
      for work in bySource.values {
        group.addTask {
          await SourceEvaluation(engines: engines, source: work.source, times: times).evaluate(work.items)
        }
      }
      for await found in group {
        for result in found.results { assertions[result.item.checker][result.item.position] = result.assertion }
        for checker in Set(found.results.map(\.item.checker)) { gathered[checker]?.take(found, checker: checker) }
      }
    }
    return assertions.enumerated().map { index, own in
      var evaluation = Evaluation(assertions: own.compactMap(\.self), seconds: times.seconds(of: index))
      evaluation.rows = gathered[index]?.finish()
      return evaluation
    }
  }

  /// Whether a rule of the checker was stopped at a time limit lately, so that others should not wait for it.
  func isSlow(_ checker: Checker, with definitions: Definitions) -> Bool {
    checker.body.rules.contains { rule in
      guard case .found(let source, let rows) = definitions.resolve(rule.dataset, namespace: checker.id.namespace)
      else { return false }
      return engines.slow.contains(.init(rule: rule, source: rows), on: source)
    }
  }
}

/// What one checker came to.
package struct Evaluation: Sendable {
  package var assertions: [Assertion]
  /// What its code printed.
  package var log: String
  /// Why its code came to no verdict.
  package var trouble: GuestTrouble?
  /// What its code used up.
  package var cost: GuestCost?
  /// What its own statements or code took, however long others beside it took; `nil` when that is not known.
  package var seconds: Double?
  /// What was found about single rows; `nil` where the checker's alarm is the only one.
  package var rows: RowFindings?

  package init(
    assertions: [Assertion], log: String = "", trouble: GuestTrouble? = nil, cost: GuestCost? = nil,
    seconds: Double? = nil
  ) {
    self.assertions = assertions
    self.log = log
    self.trouble = trouble
    self.cost = cost
    self.seconds = seconds
  }

  package var outcome: Outcome { trouble == nil ? Run.outcome(of: assertions) : .errored }

  /// Why nothing could be concluded, when `outcome` is `errored`.
  package var reason: String? {
    guard outcome == .errored else { return nil }
    if let trouble { return trouble.message }
    if assertions.isEmpty { return "the checker asserts nothing: give it a rule" }
    let errors = assertions.filter { $0.outcome == .errored }
    guard let first = errors.first else { return nil }
    let others = Set(errors.map(\.message)).count - 1
    return others == 0 ? first.message : "\(first.message) (and \(others) more)"
  }
}

/// The rules that ask one data source.
struct SourceWork: Sendable {
  struct Item: Sendable {
    var checker: Int
    var position: Int
    var request: PushDown.Request
    /// What to say when the dataset turns out to be no table either; to look for the nearest name takes time.
    var unknownTable: @Sendable () -> String
    /// `nil` where its failing rows have no alarms of their own.
    var rows: RowRequest?
  }

  var source: DataSource
  var items: [Item] = []
}
