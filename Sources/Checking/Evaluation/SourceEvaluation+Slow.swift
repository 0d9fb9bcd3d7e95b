import Domain
import Rules

extension SourceEvaluation {
  /// Asks again for what was stopped at the time limit in company: by checker, and the rules of one checker one by
  /// one, so that each one that is fast enough has its answer.
  func measureApart(
    _ rules: [Int], of items: [Item], on engine: any QueryEngine
  ) async -> [Int: Result<Found, QueryError>] {
    var parts = Array(Dictionary(grouping: rules) { items[$0].checker }.values)
    if parts.count == 1 { parts = rules.map { [$0] } }
    let results = await measure(parts: parts.sorted { $0[0] < $1[0] }, of: items, on: engine)
    // Each is fast and all together are not: they stay apart.
    if !results.values.contains(where: { $0.isTimeout }) {
      engines.slow.note(rules.map { items[$0].request }, on: source)
    }
    return results
  }

  /// Measures each part apart from the others, as many side by side as there may be connections. What there is no
  /// patience left for is not among the results.
  func measure(
    parts: [[Int]], of items: [Item], on engine: any QueryEngine
  ) async -> [Int: Result<Found, QueryError>] {
    typealias Answers = [(Int, Result<Found, QueryError>)]
    return await withTaskGroup(of: Answers.self) { group in
      var waiting = parts[...]
      func start() {
        guard let part = waiting.popFirst(), !patience.isLost else { return }
        group.addTask { Array(zip(part, await measure(part.map { items[$0] }, on: engine))) }
      }
      for _ in 0..<max(1, source.maxConnections) { start() }
      var results: [Int: Result<Found, QueryError>] = [:]
      while let answers = await group.next() {
        for (index, result) in answers { results[index] = result }
        start()
      }
      return results
    }
  }

  /// Notes how long each checker had to wait for its own answers.
  func note(
    _ measured: [Result<Found, QueryError>], of items: [Item], since started: ContinuousClock.Instant
  ) {
    let whole = started.duration(to: .now) / .seconds(1)
    for (item, result) in zip(items, measured) {
      guard case .failure(let error) = result else { continue }
      switch error.kind {
      case .timeout: times.atLeast(min(whole, source.limits.timeoutSeconds), for: item.checker)
      case .connection, .cancelled, .configuration: times.atLeast(whole, for: item.checker)
      default: break
      }
    }
  }
}

extension QueryError {
  /// With the data source's name, once.
  func told(of source: DataSource) -> String {
    let name = "data source '\(source.name)'"
    return (message.contains(name) ? message : "\(name): \(message)") + (hint.map { " (\($0))" } ?? "")
  }

  /// For a rule that took too long lately, once too many others have done so in this round.
  static let notAsked = QueryError(
    .timeout, "The query was not asked this time: it took too long lately, and too many others took too long now.",
    hint: "See whether the data source is busy, or its tables are locked.")
}

extension Result where Failure == QueryError {
  fileprivate var isTimeout: Bool {
    if case .failure(let error) = self { error.kind == .timeout } else { false }
  }
}
