import Domain
import Rules

extension SourceEvaluation {
  /// Leaves out what another rule proves; where that rule finds rows, asks only about those. `covers` is covered rule to
  /// covering rule.
  func measureWithImplications(
    _ items: [Item], on engine: any QueryEngine, _ facts: TableFacts, _ covers: [Int: Int]
  ) async -> [Result<Found, QueryError>] {
    guard !covers.isEmpty else { return await measure(items, on: engine, facts: facts) }
    var results = [Result<Found, QueryError>?](repeating: nil, count: items.count)
    let uncovered = items.indices.filter { covers[$0] == nil }
    let answers = await measure(uncovered.map { items[$0] }, on: engine, facts: facts)
    for (index, answer) in zip(uncovered, answers) { results[index] = answer }
    var open: [(index: Int, item: Item, total: Int64?)] = []
    for (index, cover) in covers.sorted(by: { $0.key < $1.key }) {
      var item = items[index]
      guard case .success(var found)? = results[cover], case .count(let count, let total) = found.measurement else {
        open.append((index, item, nil))
        continue
      }
      if count == 0 {
        found.measurement = .count(0, of: total)
        results[index] = .success(found)
      } else {
        item.request = Implication.narrowed(item.request, to: items[cover].request)
        open.append((index, item, total))
      }
    }
    if open.isEmpty { return results.compactMap(\.self) }
    for (asked, answer) in zip(open, await measure(open.map(\.item), on: engine, facts: facts)) {
      results[asked.index] = answer.map { $0.counted(of: asked.total) }
    }
    return results.compactMap(\.self)
  }

  /// Throws where the data source cannot be reached; without an answer of another kind nothing is known.
  func facts(about items: [Item], on engine: any QueryEngine) async throws(QueryError) -> TableFacts {
    let columns = TableFacts.columns(of: items.map(\.request), dialect: engine.dialect)
    if columns.isEmpty { return .none }
    let query = Query(TableFacts.query(columns), limits: source.limits)
    do throws(QueryError) {
      return TableFacts(try await engine.run(query), about: columns)
    } catch {
      if error.kind == .connection { throw error }
      return .none
    }
  }

  /// Covered rule to covering rule, where the database confirmed it.
  func provenCovers(
    _ items: [Item], _ facts: TableFacts, on engine: any QueryEngine
  ) async -> [Int: Int] {
    let pairs = Implication.pairs(among: items.map(\.request), dialect: engine.dialect, facts: facts)
      .prefix(PushDown.maxPatterns)
    guard !pairs.isEmpty else { return [:] }
    let query = Query("SELECT " + pairs.map(\.proof).joined(separator: ", "), limits: source.limits)
    // Without an answer nothing is proven, and everything is asked in the plain way.
    guard let rows = try? await engine.run(query), rows.rowCount == 1, rows.columns.count == pairs.count else {
      return [:]
    }
    var covers: [Int: Int] = [:]
    for (column, pair) in pairs.enumerated() where rows.cell(row: 0, column: column) == .boolean(true) {
      covers[pair.covered] = pair.cover
    }
    return covers
  }
}

extension SourceEvaluation.Found {
  /// The same count, of `total` rows, when that is known.
  fileprivate func counted(of total: Int64?) -> Self {
    guard let total, case .count(let count, _) = measurement else { return self }
    var found = self
    found.measurement = .count(count, of: total)
    return found
  }
}
