import Domain
import Rules

/// The datasets of one round of runs: each is fetched once, however many checkers ask for it.
actor SharedData {
  private let engines: EnginePool
  private let definitions: Definitions
  private var fetched: [Key: Task<Result<ResultSet, GuestDataError>, Never>] = [:]

  private struct Key: Hashable {
    var source: String
    var rows: RowSource
  }

  init(engines: EnginePool, definitions: Definitions) {
    self.engines = engines
    self.definitions = definitions
  }

  /// As `checker` sees it.
  nonisolated func of(_ checker: Checker) -> any GuestData {
    // A query's own limit is its data source's; to find a free connection takes a while too.
    let longest = definitions.dataSources.values.map(\.limits.timeoutSeconds).max() ?? 0
    return CheckerData(shared: self, checker: checker, patienceSeconds: max(30, longest + 10))
  }

  func rows(_ dataset: String, for checker: Checker) async throws(GuestDataError) -> ResultSet {
    let (source, rows) = try resolve(dataset, checker)
    let namespace = checker.id.namespace
    let key = Key(source: source.name, rows: rows)
    let unknown = { @Sendable [definitions] in
      definitions.unknown(dataset, namespace, notTableOf: source.name)
    }
    let task =
      fetched[key]
      ?? Task { [engines] in
        do throws(GuestDataError) {
          var found = try await Self.fetch(rows, from: source, named: dataset, engines, unknown: unknown)
          if found.isTruncated {
            // Whoever only asks how many there are is not to be told that there are too many.
            let count = try await self.measure(dataset, expression: "count(*)", filter: nil, for: checker)
            if case .integer(let total) = count.cell { found.totalRows = Int(total) }
          }
          return .success(found)
        } catch {
          return .failure(error)
        }
      }
    fetched[key] = task
    return try await task.value.get()
  }

  func measure(
    _ dataset: String, expression: String, filter: String?, for checker: Checker
  ) async throws(GuestDataError) -> MeasuredValue {
    let (source, rows) = try resolve(dataset, checker)
    if let problem = SQLFragment.problem(with: expression, isAggregate: true) {
      throw GuestDataError(.query, "the expression '\(expression)' \(problem)")
    }
    if let filter, let problem = SQLFragment.problem(with: filter, isAggregate: false) {
      throw GuestDataError(.query, "the condition '\(filter)' \(problem)")
    }
    let rule = Rule(
      check: "metric", dataset: dataset, filter: filter, parameters: ["expression": .scalar(.text(expression))])
    do throws(QueryError) {
      let engine = try await engines.engine(for: source)
      if let problem = AggregateWords.problem(with: expression, in: engine.dialect) {
        throw QueryError(.syntax, problem)
      }
      let plan = PushDown.plan([.init(rule: rule, source: rows)], dialect: engine.dialect)
      guard let statement = plan.statements.first else { throw QueryError(.other, "there is nothing to measure") }
      var limits = source.limits
      limits.maxRows = 2
      let answer = try await engine.run(Query(statement.sql, guarded: statement.guarded, limits: limits))
      guard answer.rowCount == 1, answer.columns.count == 1 else {
        throw QueryError(.syntax, "'\(expression)' is not one aggregate: it gave \(answer.rowCount) rows")
      }
      return MeasuredValue(answer.cell(row: 0, column: 0), type: answer.columns[0].description.type)
    } catch {
      if error.kind == .unknownTable, case .table = rows, await !isKnown(rows, source) {
        throw GuestDataError(
          .unknown, definitions.unknown(dataset, checker.id.namespace, notTableOf: source.name))
      }
      throw Self.explained(error, dataset, source)
    }
  }

  /// Whether it is the expression or the condition that names a table that is not there.
  private func isKnown(_ rows: RowSource, _ source: DataSource) async -> Bool {
    guard let engine = try? await engines.engine(for: source) else { return false }
    return await engine.knows(rows)
  }

  private func resolve(
    _ dataset: String, _ checker: Checker
  ) throws(GuestDataError) -> (DataSource, RowSource) {
    switch definitions.resolve(dataset, of: checker) {
    case .found(let source, let rows): return (source, rows)
    case .unknown(let reason): throw GuestDataError(.unknown, reason)
    }
  }

  private static func fetch(
    _ rows: RowSource, from source: DataSource, named dataset: String, _ engines: EnginePool,
    unknown: @Sendable () -> String
  ) async throws(GuestDataError) -> ResultSet {
    do throws(QueryError) {
      let engine = try await engines.engine(for: source)
      return try await engine.run(Query(rows.selectAll(engine.dialect), limits: source.limits, truncates: true))
    } catch {
      if error.kind == .unknownTable, case .table = rows {
        throw GuestDataError(.unknown, unknown())
      }
      throw explained(error, dataset, source)
    }
  }

  private static func explained(_ error: QueryError, _ dataset: String, _ source: DataSource) -> GuestDataError {
    switch error.kind {
    case .tooLarge:
      return GuestDataError(
        .tooLarge,
        "dataset '\(dataset)': \(error.message)\(error.hint.map { " (\($0))" } ?? "") Measure it in the database with count() or metric() instead."
      )
    default:
      return GuestDataError(.query, "dataset '\(dataset)': \(error.told(of: source))")
    }
  }
}

private struct CheckerData: GuestData {
  let shared: SharedData
  let checker: Checker
  let patienceSeconds: Double

  func dataset(_ name: String) async throws(GuestDataError) -> ResultSet {
    try await shared.rows(name, for: checker)
  }

  func measure(_ dataset: String, expression: String, filter: String?) async throws(GuestDataError) -> MeasuredValue {
    try await shared.measure(dataset, expression: expression, filter: filter, for: checker)
  }
}
