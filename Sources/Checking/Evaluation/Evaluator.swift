package import Domain
package import Foundation
import Rules
import Synchronization

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

  /// Reports one evaluation per checker, each as soon as its own queries or code are through; moment `i` is checker
  /// `i`'s. Whatever goes wrong with one rule, or one checker's code, stays there.
  package func evaluate(
    _ checkers: [Checker], with definitions: Definitions, moments: [Moment],
    report: @escaping @Sendable (_ index: Int, Evaluation) -> Void
  ) async {
    async let coded: Void = evaluateCode(checkers, with: definitions, moments: moments, report)
    await evaluateRules(checkers, with: definitions, known: moments.map(\.rows), report)
    await coded
  }

  /// For runs that nobody keeps.
  package func evaluate(
    _ checkers: [Checker], with definitions: Definitions, at time: Date
  ) async -> [Evaluation] {
    await evaluate(
      checkers, with: definitions, moments: checkers.map { _ in Moment(runID: RunID.make(at: time), time: time) })
  }

  /// One evaluation per checker, in their order, once all are there.
  package func evaluate(
    _ checkers: [Checker], with definitions: Definitions, moments: [Moment]
  ) async -> [Evaluation] {
    let found = Mutex([Int: Evaluation]())
    await evaluate(checkers, with: definitions, moments: moments) { index, evaluation in
      found.withLock { $0[index] = evaluation }
    }
    let evaluations = found.withLock { $0 }
    return checkers.indices.map { evaluations[$0] ?? Evaluation(assertions: []) }
  }

  private func evaluateCode(
    _ checkers: [Checker], with definitions: Definitions, moments: [Moment],
    _ report: @escaping @Sendable (Int, Evaluation) -> Void
  ) async {
    let coded = zip(checkers, moments).enumerated().filter { !$0.element.0.body.isRules }
    if coded.isEmpty { return }
    guard let code else {
      let trouble = GuestTrouble(.host, "this program has no sandbox to run code in")
      for (index, element) in coded {
        report(index, Evaluation(GuestReport(trouble: trouble, cost: GuestCost()), of: element.0))
      }
      return
    }
    let data = SharedData(engines: engines, definitions: definitions)
    await withTaskGroup(of: Void.self) { group in
      for (index, (checker, moment)) in coded {
        group.addTask {
          let own = data.of(checker)
          let started = ContinuousClock.now
          var evaluation = await code.evaluate(checker, runID: moment.runID, at: moment.time, on: own)
          evaluation.seconds = started.duration(to: .now) / .seconds(1)
          report(index, evaluation)
        }
      }
    }
  }

  private func evaluateRules(
    _ checkers: [Checker], with definitions: Definitions, known: [[RowKey]],
    _ report: @escaping @Sendable (Int, Evaluation) -> Void
  ) async {
    let times = StatementTimes()
    var progress: [Int: RuleProgress] = [:]
    var bySource: [String: SourceWork] = [:]
    for (index, checker) in checkers.enumerated() where checker.body.isRules {
      var own = RuleProgress(checker, known: known[index])
      for (position, rule) in checker.body.rules.enumerated() {
        if let problem = RuleValidation.problems(with: rule).first {
          own.assertions[position] = Verdict.errored(rule, "\(problem.field): \(problem.message)")
          continue
        }
        switch definitions.resolve(rule.dataset, of: checker) {
        case .unknown(let reason): own.assertions[position] = Verdict.errored(rule, reason)
        case .found(let source, let rows):
          let item = SourceWork.Item(
            checker: index, position: position, request: .init(rule: rule, source: rows),
            unknownTable: {
              definitions.unknown(rule.dataset, checker.id.namespace, notTableOf: source.name)
            },
            rows: RowRequest(checker.alarm, rule: rule, known: known[index]))
          bySource[source.name, default: SourceWork(source: source)].items.append(item)
          own.awaited.insert(source.name)
        }
      }
      if own.awaited.isEmpty { report(index, own.evaluation(seconds: nil)) } else { progress[index] = own }
    }
    let open = OpenCheckers(progress)
    await withTaskGroup(of: Void.self) { group in
      for work in bySource.values {
        group.addTask {
          let evaluation = SourceEvaluation(engines: engines, source: work.source, times: times)
          await evaluation.evaluate(work.items) { checker, findings in
            if let whole = open.take(findings, of: checker, from: work.source.name) {
              report(checker, whole.evaluation(seconds: times.seconds(of: checker)))
            }
          }
        }
      }
    }
  }

  /// Whether a rule of the checker was stopped at a time limit lately, so that others should not wait for it.
  func isSlow(_ checker: Checker, with definitions: Definitions) -> Bool {
    checker.body.rules.contains { rule in
      guard case .found(let source, let rows) = definitions.resolve(rule.dataset, of: checker)
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

/// How far one checker's rules are.
private struct RuleProgress: Sendable {
  var assertions: [Assertion?]
  /// The data sources that have not said all.
  var awaited: Set<String> = []
  private var rows: RowGathering?

  init(_ checker: Checker, known: [RowKey]) {
    assertions = Array(repeating: nil, count: checker.body.rules.count)
    rows = checker.alarm.perRow.isEmpty ? nil : RowGathering(columns: checker.alarm.perRow, known: known)
  }

  mutating func take(_ findings: SourceFindings, of checker: Int, from source: String) {
    for result in findings.results { assertions[result.item.position] = result.assertion }
    rows?.take(findings, checker: checker)
    awaited.remove(source)
  }

  func evaluation(seconds: Double?) -> Evaluation {
    var evaluation = Evaluation(assertions: assertions.compactMap(\.self), seconds: seconds)
    evaluation.rows = rows?.finish()
    return evaluation
  }
}

/// The checkers that some data source has not said all about.
private final class OpenCheckers: Sendable {
  private let progress: Mutex<[Int: RuleProgress]>

  init(_ progress: [Int: RuleProgress]) { self.progress = Mutex(progress) }

  /// Returns the checker once all is there.
  func take(_ findings: SourceFindings, of checker: Int, from source: String) -> RuleProgress? {
    progress.withLock { progress in
      progress[checker]?.take(findings, of: checker, from: source)
      return progress[checker]?.awaited.isEmpty == true ? progress.removeValue(forKey: checker) : nil
    }
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
