import Domain
import Rules
import Synchronization

extension SourceEvaluation {
  /// Measures all in one batch, and tells of each part as soon as its own statements are through: no rule waits for a
  /// statement that it has no share in.
  func measureTogether(
    _ items: [Item], on engine: any QueryEngine,
    _ settle: @escaping @Sendable ([Item], [Result<Found, QueryError>]) async -> Void
  ) async {
    if items.isEmpty { return }
    let facts: TableFacts
    do {
      facts = try await self.facts(about: items, on: engine)
    } catch {
      return await settle(items, items.map { _ in .failure(error) })
    }
    let covers = await provenCovers(items, facts, on: engine)
    let parts = parts(of: items, covers, PushDown.plan(items.map(\.request), dialect: engine.dialect, facts: facts))
    let round = JointRound(engine, parts: parts.count)
    await withTaskGroup(of: Void.self) { tasks in
      tasks.addTask { await round.serve() }
      for part in parts {
        tasks.addTask {
          let own = part.map { items[$0] }
          let engine = round.part()
          let measured = await measureWithImplications(own, on: engine, facts, Self.covers(covers, within: part))
          engine.leave()
          await settle(own, measured)
        }
      }
    }
  }

  /// Rules that share a statement, or of which one may make the other needless, are one part.
  private func parts(of items: [Item], _ covers: [Int: Int], _ plan: PushDownPlan) -> [[Int]] {
    var part = Array(items.indices)
    func root(_ index: Int) -> Int {
      var index = index
      while part[index] != index { index = part[index] }
      return index
    }
    func join(_ one: Int, _ other: Int) {
      let (one, other) = (root(one), root(other))
      part[max(one, other)] = min(one, other)
    }
    for statement in plan.statements {
      guard let first = statement.rules.first else { continue }
      for rule in statement.rules.dropFirst() { join(first, rule) }
    }
    for (covered, cover) in covers { join(covered, cover) }
    return Dictionary(grouping: items.indices, by: root).values.sorted { $0[0] < $1[0] }
  }

  /// Counted from the part's first rule.
  private static func covers(_ covers: [Int: Int], within part: [Int]) -> [Int: Int] {
    if covers.isEmpty { return [:] }
    let places = Dictionary(uniqueKeysWithValues: part.enumerated().map { ($1, $0) })
    var own: [Int: Int] = [:]
    for (covered, cover) in covers {
      if let covered = places[covered], let cover = places[cover] { own[covered] = cover }
    }
    return own
  }
}

/// Puts together what each checker's rules on one data source came to.
final class FindingsGathering: Sendable {
  private struct State {
    var results: [Int: [SourceFindings.Result]] = [:]
    var awaited: [Int: Int]
  }

  private let state: Mutex<State>

  init(_ items: [SourceWork.Item]) {
    state = Mutex(State(awaited: Dictionary(items.map { ($0.checker, 1) }, uniquingKeysWith: +)))
  }

  /// Returns the findings of those checkers that have all of theirs now.
  func take(_ results: [SourceFindings.Result]) -> [(checker: Int, findings: SourceFindings)] {
    state.withLock { state in
      for result in results {
        state.results[result.item.checker, default: []].append(result)
        state.awaited[result.item.checker, default: 1] -= 1
      }
      let complete = Set(results.map(\.item.checker)).filter { state.awaited[$0] == 0 }
      return complete.sorted().map { checker in
        let found = state.results.removeValue(forKey: checker) ?? []
        return (checker, SourceFindings(found.sorted { $0.item.position < $1.item.position }))
      }
    }
  }
}
