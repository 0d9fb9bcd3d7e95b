import Domain
import Rules

/// Asks the data sources whether rules can use what they name: tables that are there, datasets that are one SELECT.
struct NamedData {
  let definitions: Definitions
  let engines: EnginePool
  /// The data sources may be others than those that are stored, and are connected to apart.
  var isTrial = false

  /// How long a data source is waited for, in seconds.
  private static let patience = 3.0

  private struct Place: Hashable {
    var source: String
    var rows: RowSource
  }

  /// What rules cannot use. A data source that cannot be asked says nothing against a checker: its runs will tell.
  func problems(with checker: Checker) async -> [FieldProblem] {
    let ruled = checker.body.rules.enumerated().map { ("rules[\($0.offset)].dataset", $0.element.dataset) }
    let listed = (checker.body.module?.datasets ?? []).map { ("datasets", $0) }
    var found: [Place: String?] = [:]
    var problems: [FieldProblem] = []
    for (field, name) in ruled + listed {
      guard case .found(let source, let rows) = definitions.resolve(name, of: checker) else { continue }
      let place = Place(source: source.name, rows: rows)
      let problem: String?
      if let known = found[place] {
        problem = known
      } else {
        problem = await self.problem(with: name, rows, on: source, checker.id.namespace)
        found[place] = .some(problem)
      }
      if let problem { problems.append(FieldProblem(field: field, message: problem)) }
    }
    return problems
  }

  private func problem(
    with name: String, _ rows: RowSource, on source: DataSource, _ namespace: String
  ) async -> String? {
    switch rows {
    case .table(let path):
      guard let tables = await missing(path, on: source) else { return nil }
      let own = definitions.datasets.keys.filter { $0.namespace == namespace }.map(\.name)
      let nearest = Spelling.nearest(to: path, among: own.sorted() + tables).map { "; did you mean '\($0)'?" } ?? ""
      return "there is no dataset '\(path)' in namespace '\(namespace)', and data source '\(source.name)' has no table "
        + "of that name\(nearest)"
    case .query(let sql): return await unusable(sql, on: source).map { "dataset '\(name)': \($0)" }
    }
  }

  /// Why no rule can ever use a dataset. What is not there yet, a table or a column, may come: its checkers say so.
  func problem(with dataset: Dataset) async -> FieldProblem? {
    guard let source = definitions.dataSources[dataset.dataSource] else { return nil }
    return await unusable(dataset.sql, on: source).map { FieldProblem(field: "sql", message: $0) }
  }

  private func unusable(_ sql: String, on source: DataSource) async -> String? {
    await asked(source) { engine in
      do throws(QueryError) {
        _ = try await engine.describe(sql)
        try await CheckerService.proveUsable(sql, on: engine)
        return nil
      } catch {
        guard error.kind == .syntax || error.kind == .notReadOnly else { return nil }
        return [error.message, error.hint].compactMap(\.self).joined(separator: " ")
      }
    }
  }

  /// The tables that there are in place of `table`; `nil` when it is there, or nobody knows.
  private func missing(_ table: String, on source: DataSource) async -> [String]? {
    await asked(source) { engine in
      do throws(QueryError) {
        _ = try await engine.describe(RowSource.table(table).selectAll(engine.dialect))
        return nil
      } catch {
        guard error.kind == .unknownTable else { return nil }
        return (try? await engine.tables())?.map(\.name) ?? []
      }
    }
  }

  private func asked<Value: Sendable>(
    _ source: DataSource, _ ask: @escaping @Sendable (any QueryEngine) async -> Value?
  ) async -> Value? {
    let (engines, isTrial) = (engines, isTrial)
    return await withTaskGroup(of: Value?.self) { group in
      group.addTask {
        guard let engine = try? await (isTrial ? engines.openAlone(source) : engines.engine(for: source)) else {
          return nil
        }
        let answer = await ask(engine)
        if isTrial { await engine.close() }
        return answer
      }
      group.addTask {
        try? await Task.sleep(for: .seconds(Self.patience))
        return nil
      }
      defer { group.cancelAll() }
      return await group.next().flatMap(\.self)
    }
  }
}
