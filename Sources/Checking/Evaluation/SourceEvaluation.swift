import Domain
import Rules

/// Evaluates rules on one data source: measures together, then samples what failed.
struct SourceEvaluation: Sendable {
  typealias Item = SourceWork.Item

  let engines: EnginePool
  let source: DataSource
  let times: StatementTimes
  let patience = Patience()

  /// Reports the findings of each checker as soon as its own rules are through.
  func evaluate(_ items: [Item], report: @escaping @Sendable (_ checker: Int, SourceFindings) -> Void) async {
    let gathering = FindingsGathering(items)
    let engine: any QueryEngine
    do {
      engine = try await engines.engine(for: source)
    } catch {
      let results = items.map {
        SourceFindings.Result(item: $0, assertion: Verdict.errored($0.request.rule, explain(error, $0)))
      }
      for (checker, findings) in gathering.take(results) { report(checker, findings) }
      return
    }
    let settle = { @Sendable (items: [Item], measured: [Result<Found, QueryError>]) async in
      var results: [SourceFindings.Result] = []
      for (item, result) in zip(items, measured) { results.append(await self.result(item, result, engine)) }
      for (checker, findings) in gathering.take(results) {
        var findings = findings
        await lookForGone(&findings, on: engine)
        report(checker, findings)
      }
    }
    let started = ContinuousClock.now
    let slow = items.filter { engines.slow.contains($0.request, on: source) }
    let others = items.filter { !engines.slow.contains($0.request, on: source) }
    await measureTogether(others, on: engine) { part, measured in
      note(measured, of: part, since: started)
      await settle(part, measured)
    }
    // Asked apart from the others, after them: what was too slow lately.
    if slow.isEmpty { return }
    let answers = await measure(parts: slow.indices.map { [$0] }, of: slow, on: engine)
    let measured = slow.indices.map { answers[$0] ?? .failure(.notAsked) }
    note(measured, of: slow, since: started)
    await settle(slow, measured)
  }

  private func result(
    _ item: Item, _ measured: Result<Found, QueryError>, _ engine: any QueryEngine
  ) async -> SourceFindings.Result {
    switch measured {
    case .failure(let error):
      return .init(item: item, assertion: Verdict.errored(item.request.rule, await explainFully(error, item, engine)))
    case .success(let found):
      var assertion = Verdict.assertion(for: item.request.rule, measured: found.measurement)
      assertion.sample = found.sample
      if let trouble = found.sampleTrouble, !item.request.rule.keys.isEmpty {
        assertion.message += " (its rows cannot be shown by these keys: \(trouble))"
      }
      return .init(item: item, assertion: assertion, keys: found.keys)
    }
  }

  /// What was measured for one rule, and rows that made it fail.
  struct Found: Sendable {
    var measurement: Measurement
    var sample: Sample?
    /// Why there is none, where the rule's keys name what is not there.
    var sampleTrouble: String?
    /// The keys of the rows that made it fail, where they were asked for.
    var keys: Result<ResultSet, QueryError>?
  }

  func measure(
    _ items: [Item], on engine: any QueryEngine, facts: TableFacts = .none
  ) async -> [Result<Found, QueryError>] {
    let plan = PushDown.plan(items.map(\.request), dialect: engine.dialect, facts: facts)
    var limits = source.limits
    limits.maxRows = 2
    let queries = plan.statements.map { Query($0.sql, guarded: $0.guarded, limits: limits) }
    let sampling = StatementSampling(
      requests: items.map(\.request), plan: plan, limits: source.limits, rows: items.map(\.rows),
      dialect: engine.dialect)
    let batch = QueryBatch(queries, isLong: !facts.large.isEmpty) { statement, rows in
      sampling.queries(for: statement, rows).map(\.query)
    }
    let answered = await engine.run(batch)
    let answers = answered.enumerated().map { index, answer in
      answer.result.flatMap { plan.statements[index].checked($0) }
    }
    for (statement, answer) in zip(plan.statements, answers) {
      switch answer {
      case .success(let rows): times.add(rows.seconds, to: Set(statement.rules.map { items[$0].checker }))
      case .failure(let error) where error.kind == .timeout:
        patience.lose()
        if let alone = statement.rules.first, statement.rules.count == 1 {
          engines.slow.note([items[alone].request], on: source)
        }
      case .failure: break
      }
    }
    var results: [Result<Found, QueryError>] = items.indices.map { plan.measurement($0, answers) }
    for (statement, answer) in answered.enumerated() {
      guard case .success(let rows) = answer.result else { continue }
      for (wanted, sample) in zip(sampling.queries(for: statement, rows), answer.followUps) {
        if case .success(let rows) = sample { times.add(rows.seconds, to: [items[wanted.rule].checker]) }
        results[wanted.rule] = results[wanted.rule].map { found in
          var found = found
          if wanted.isKeys {
            found.keys = sample
          } else if case .success(let rows) = sample {
            // A sample that cannot be had takes nothing from the verdict.
            found.sample = Sampling.sample(rows, total: wanted.total)
          } else if case .failure(let error) = sample, error.kind == .unknownColumn {
            found.sampleTrouble = error.message
          }
          return found
        }
      }
    }
    await isolate(&results, items, plan, answers, engine)
    return results
  }

  /// A statement that failed for one of its rules is asked again in halves, so that the others get their answer.
  private func isolate(
    _ results: inout [Result<Found, QueryError>], _ items: [Item], _ plan: PushDownPlan,
    _ answers: [Result<ResultSet, QueryError>], _ engine: any QueryEngine
  ) async {
    var retried = Set<Int>()
    for (statement, answer) in zip(plan.statements, answers) {
      guard case .failure(let error) = answer, statement.rules.count > 1, error.kind.mayBeOneRulesFault else {
        continue
      }
      let rules = statement.rules.filter { retried.insert($0).inserted }
      if error.kind == .timeout {
        for (index, result) in await measureApart(rules, of: items, on: engine) { results[index] = result }
        continue
      }
      let middle = rules.count / 2
      for half in [rules[..<middle], rules[middle...]] where !half.isEmpty {
        let again = await measure(half.map { items[$0] }, on: engine)
        for (index, result) in zip(half, again) { results[index] = result }
      }
    }
  }
}

extension QueryError.Kind {
  /// Whether the other rules of a failed statement may still succeed.
  var mayBeOneRulesFault: Bool {
    switch self {
    case .notReadOnly, .syntax, .unknownTable, .unknownColumn, .permission, .timeout, .tooLarge, .other: true
    case .configuration, .connection, .cancelled: false
    }
  }
}
