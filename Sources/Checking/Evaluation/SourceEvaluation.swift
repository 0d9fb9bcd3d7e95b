import Domain
import Rules

/// Evaluates rules on one data source: measures together, then samples what failed.
struct SourceEvaluation: Sendable {
  typealias Item = SourceWork.Item

  let engines: EnginePool
  let source: DataSource
  let times: StatementTimes
  let patience = Patience()

  func evaluate(_ items: [Item]) async -> SourceFindings {
    let engine: any QueryEngine
    do {
      engine = try await engines.engine(for: source)
    } catch {
      return SourceFindings(
        items.map { .init(item: $0, assertion: Verdict.errored($0.request.rule, explain(error, $0))) })
    }
    let started = ContinuousClock.now
    let measured = await measureAll(items, on: engine)
    note(measured, of: items, since: started)
    var results: [SourceFindings.Result] = []
    for (item, result) in zip(items, measured) {
      let rule = item.request.rule
      switch result {
      case .failure(let error):
        results.append(.init(item: item, assertion: Verdict.errored(rule, await explainFully(error, item, engine))))
      case .success(let found):
        var assertion = Verdict.assertion(for: rule, measured: found.measurement)
        assertion.sample = found.sample
        results.append(.init(item: item, assertion: assertion, keys: found.keys))
      }
    }
    var findings = SourceFindings(results)
    await lookForGone(&findings, on: engine)
    return findings
  }

  /// What was measured for one rule, and rows that made it fail.
  struct Found: Sendable {
    var measurement: Measurement
    var sample: Sample?
    /// The keys of the rows that made it fail, where they were asked for.
    var keys: Result<ResultSet, QueryError>?
  }

  /// Asks apart from the others, after them, what was too slow lately.
  private func measureAll(_ items: [Item], on engine: any QueryEngine) async -> [Result<Found, QueryError>] {
    let slow = items.indices.filter { engines.slow.contains(items[$0].request, on: source) }
    if slow.isEmpty { return await measureWithImplications(items, on: engine) }
    var results = [Int: Result<Found, QueryError>]()
    let others = items.indices.filter { !slow.contains($0) }
    for (index, result) in zip(others, await measureWithImplications(others.map { items[$0] }, on: engine)) {
      results[index] = result
    }
    results.merge(await measure(parts: slow.map { [$0] }, of: items, on: engine)) { $1 }
    return items.indices.map { results[$0] ?? .failure(.notAsked) }
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

  private func explain(_ error: QueryError, _ item: Item) -> String {
    if error.kind == .unknownTable, case .table = item.request.source {
      return "\(item.unknownTable()), and data source '\(source.name)' has no table of that name"
    }
    return error.told(of: source)
  }

  /// Adds the nearest column to an error about an unknown one.
  private func explainFully(_ error: QueryError, _ item: Item, _ engine: any QueryEngine) async -> String {
    let text = explain(error, item)
    guard error.kind == .unknownColumn, error.hint == nil else { return text }
    let sql = item.request.source.selectAll(engine.dialect)
    guard let columns = try? await engine.describe(sql).map(\.name) else { return text }
    let wanted = item.request.rule.parameters["column"].flatMap { parameter -> String? in
      if case .scalar(.text(let name)) = parameter { name } else { nil }
    }
    if let wanted, !columns.contains(wanted), let nearest = Spelling.nearest(to: wanted, among: columns) {
      return "\(text); did you mean '\(nearest)'?"
    }
    return "\(text); its columns are \(columns.prefix(30).joined(separator: ", "))"
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
