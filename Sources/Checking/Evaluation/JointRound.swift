import Domain
import Synchronization

/// The first queries of several parts of a round, sent to the data source together: as few round trips as one batch
/// takes, on one snapshot. Each part has its answers as soon as its own queries are through.
final class JointRound: Sendable {
  private struct Part: Sendable {
    var batch: QueryBatch
    var answers: [Int: QueryBatch.Answer] = [:]
    var whole: CheckedContinuation<[QueryBatch.Answer], Never>?
  }

  private struct State {
    /// Parts that have not come yet.
    var awaited: Int
    var parts: [Part] = []
    var start: CheckedContinuation<Void, Never>?
  }

  private let engine: any QueryEngine
  private let state: Mutex<State>

  init(_ engine: any QueryEngine, parts: Int) {
    self.engine = engine
    state = Mutex(State(awaited: parts))
  }

  /// An engine for one part: its first batch goes along with the others'.
  func part() -> PartEngine { PartEngine(engine: engine, round: self) }

  /// Asks what the parts want to know, once all have said it.
  func serve() async {
    await withCheckedContinuation { continuation in
      let isComplete = state.withLock { state in
        if state.awaited > 0 { state.start = continuation }
        return state.awaited == 0
      }
      if isComplete { continuation.resume() }
    }
    let batches = state.withLock { $0.parts.map(\.batch) }
    let places = batches.enumerated().flatMap { part, batch in batch.queries.indices.map { (part: part, index: $0) } }
    let answers = await engine.run(
      QueryBatch(
        batches.flatMap(\.queries), isLong: batches.contains(where: \.isLong),
        followUps: { index, rows in batches[places[index].part].followUps(places[index].index, rows) },
        onAnswer: { [self] index, answer in take(answer, places[index].part, places[index].index) }))
    for (place, answer) in zip(places, answers) { take(answer, place.part, place.index) }
    // Those that asked nothing.
    for part in batches.indices where batches[part].queries.isEmpty { resume(part) }
  }

  fileprivate func ask(_ batch: QueryBatch) async -> [QueryBatch.Answer] {
    await withCheckedContinuation { continuation in
      arrive(Part(batch: batch, whole: continuation))
    }
  }

  fileprivate func leave() { arrive(nil) }

  private func arrive(_ part: Part?) {
    let start = state.withLock { state -> CheckedContinuation<Void, Never>? in
      if let part { state.parts.append(part) }
      state.awaited -= 1
      guard state.awaited == 0 else { return nil }
      defer { state.start = nil }
      return state.start
    }
    start?.resume()
  }

  private func take(_ answer: QueryBatch.Answer, _ part: Int, _ index: Int) {
    let isWhole = state.withLock { state in
      guard state.parts[part].answers.updateValue(answer, forKey: index) == nil else { return false }
      return state.parts[part].answers.count == state.parts[part].batch.queries.count
    }
    if isWhole { resume(part) }
  }

  private func resume(_ part: Int) {
    let (whole, answers) = state.withLock { state in
      defer { state.parts[part].whole = nil }
      let answers = state.parts[part].answers
      return (state.parts[part].whole, state.parts[part].batch.queries.indices.compactMap { answers[$0] })
    }
    whole?.resume(returning: answers)
  }
}

/// What one part of a round asks by.
final class PartEngine: QueryEngine {
  private let engine: any QueryEngine
  private let round: JointRound
  private let hasAsked = Mutex(false)

  fileprivate init(engine: any QueryEngine, round: JointRound) {
    self.engine = engine
    self.round = round
  }

  var dialect: SQLDialect { engine.dialect }

  func run(_ batch: QueryBatch) async -> [QueryBatch.Answer] {
    takeTurn() ? await round.ask(batch) : await engine.run(batch)
  }

  /// The others need not wait for this part any more.
  func leave() { if takeTurn() { round.leave() } }

  /// Whether nobody has before.
  private func takeTurn() -> Bool {
    hasAsked.withLock { hasAsked in
      defer { hasAsked = true }
      return !hasAsked
    }
  }

  func run(_ query: Query) async throws(QueryError) -> ResultSet { try await engine.run(query) }
  func describe(_ sql: String) async throws(QueryError) -> [ColumnDescription] { try await engine.describe(sql) }
  func tables() async throws(QueryError) -> [TableDescription] { try await engine.tables() }
  func test() async -> [ConnectionTestStep] { await engine.test() }
  func close() async {}
}
