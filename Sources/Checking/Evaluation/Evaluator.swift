package import Domain
import Rules

/// Evaluates checkers: their rules, grouped by data source, in as few queries as can be.
package struct Evaluator: Sendable {
  private let engines: EnginePool

  package init(engines: EnginePool) { self.engines = engines }

  /// One evaluation per checker, in their order. Whatever goes wrong with one rule stays with that rule.
  package func evaluate(_ checkers: [Checker], with definitions: Definitions) async -> [Evaluation] {
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
            unknownTable: { definitions.unknown(rule.dataset, checker.id.namespace) })
          bySource[source.name, default: SourceWork(source: source)].items.append(item)
        }
      }
    }
    await withTaskGroup(of: [(SourceWork.Item, Assertion)].self) { group in
      for work in bySource.values {
        group.addTask { await SourceEvaluation(engines: engines, source: work.source).evaluate(work.items) }
      }
      for await results in group {
        for (item, assertion) in results { assertions[item.checker][item.position] = assertion }
      }
    }
    return assertions.map { Evaluation(assertions: $0.compactMap(\.self)) }
  }
}

/// What one checker's rules came to.
package struct Evaluation: Sendable {
  package var assertions: [Assertion]

  package init(assertions: [Assertion]) { self.assertions = assertions }

  package var outcome: Outcome { Run.outcome(of: assertions) }

  /// Why nothing could be concluded, when `outcome` is `errored`.
  package var reason: String? {
    guard outcome == .errored else { return nil }
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
  }

  var source: DataSource
  var items: [Item] = []
}
