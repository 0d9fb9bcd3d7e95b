import Domain
import Synchronization

/// The queries of a batch, taken by whichever connection is free; those that follow from an answer come next,
/// so that a long one is not all that is left in the end.
///
/// What a connection has taken and does not come to, because the one before takes long, others may take too: the first
/// answer counts.
final class BatchWork: Sendable {
  private struct State {
    var queries: [Query]
    /// The next one is at the end.
    var pending: [Int]
    var answers: [Result<ResultSet, QueryError>?]
    /// For each query of the batch, those that followed it.
    var followers: [[Int]]
    /// What each connection has taken and not answered yet, in its order.
    var taken: [Int: Taken] = [:]
    /// By connection, what is on a moment that only it sees.
    var own: [Int: [Int]] = [:]
    /// The query of the batch that one followed.
    var leader: [Int: Int] = [:]
    var workers = 0
    var isOver = false
    var atEnd: (@Sendable () -> Void)?
  }

  private struct Taken {
    var indices: [Int]
    /// Since when the first of them is all that it does.
    var since = ContinuousClock.now

    func isStuck(_ patience: Duration) -> Bool { !indices.isEmpty && since.duration(to: .now) > patience }
  }

  private let batch: QueryBatch
  /// All connections see the same moment.
  private let isShared: Bool
  /// A query that takes longer holds up others.
  private let patience: Duration
  private let state: Mutex<State>

  init(_ batch: QueryBatch, isShared: Bool, patience: Duration) {
    let queries = batch.queries
    self.batch = batch
    self.isShared = isShared
    self.patience = patience
    state = Mutex(
      State(
        queries: queries, pending: Array(queries.indices.reversed()),
        answers: Array(repeating: nil, count: queries.count), followers: Array(repeating: [], count: queries.count)))
  }

  func query(_ index: Int) -> Query { state.withLock { $0.queries[index] } }

  /// A number for one more connection.
  func join() -> Int {
    state.withLock { state in
      state.workers += 1
      return state.workers
    }
  }

  /// The next ones, first ones first.
  func take(_ count: Int, by worker: Int) -> [Int] {
    state.withLock { state in
      var indices: [Int] = []
      if let own = state.own[worker], !own.isEmpty {
        indices = Array(own.prefix(count))
        state.own[worker] = Array(own.dropFirst(count))
      } else if !state.pending.isEmpty {
        indices = state.pending.suffix(count).reversed()
        state.pending.removeLast(indices.count)
      } else if let (other, index) = behindAStuckOne(state) {
        state.taken[other]?.indices.removeAll { $0 == index }
        indices = [index]
      }
      state.taken[worker] = Taken(indices: indices)
      return indices
    }
  }

  private func behindAStuckOne(_ state: State) -> (worker: Int, index: Int)? {
    for (worker, taken) in state.taken where taken.indices.count > 1 && taken.isStuck(patience) {
      return (worker, taken.indices[1])
    }
    return nil
  }

  /// What was taken and not answered after all.
  func putBack(_ indices: [Int], by worker: Int) {
    state.withLock { state in
      state.taken[worker] = nil
      let elsewhere = Set(state.taken.values.flatMap(\.indices))
      let open = (indices + (state.own[worker] ?? [])).filter { state.answers[$0] == nil && !elsewhere.contains($0) }
      state.own[worker] = nil
      state.pending.append(contentsOf: open.reversed())
    }
  }

  func answer(_ index: Int, _ result: Result<ResultSet, QueryError>, by worker: Int) {
    var next: [Query] = []
    if index < batch.queries.count, case .success(let rows) = result { next = batch.followUps(index, rows) }
    let (whole, end) = state.withLock { state -> ((Int, QueryBatch.Answer)?, (@Sendable () -> Void)?) in
      guard state.answers[index] == nil else { return (nil, nil) }
      state.answers[index] = result
      for other in Array(state.taken.keys) {
        guard let place = state.taken[other]?.indices.firstIndex(of: index) else { continue }
        state.taken[other]?.indices.remove(at: place)
        state.taken[other]?.since = .now
      }
      if !next.isEmpty { add(next, after: index, by: worker, to: &state) }
      let leader = state.leader[index] ?? index
      guard let answer = wholeAnswer(leader, state) else { return (nil, nil) }
      return ((leader, answer), isComplete(state) ? finish(&state) : nil)
    }
    if let (leader, answer) = whole { batch.onAnswer(leader, answer) }
    end?()
  }

  private func add(_ queries: [Query], after index: Int, by worker: Int, to state: inout State) {
    let indices = state.queries.count..<(state.queries.count + queries.count)
    state.queries += queries
    state.answers += [Result<ResultSet, QueryError>?](repeating: nil, count: queries.count)
    state.followers[index] = Array(indices)
    for follower in indices { state.leader[follower] = index }
    if isShared {
      state.pending += indices.reversed()
    } else {
      state.own[worker, default: []] += indices
    }
  }

  private func wholeAnswer(_ leader: Int, _ state: State) -> QueryBatch.Answer? {
    guard let result = state.answers[leader] else { return nil }
    let followUps = state.followers[leader].compactMap { state.answers[$0] }
    return followUps.count == state.followers[leader].count ? QueryBatch.Answer(result, followUps: followUps) : nil
  }

  private func isComplete(_ state: State) -> Bool { state.answers.allSatisfy { $0 != nil } }

  private func finish(_ state: inout State) -> (@Sendable () -> Void)? {
    state.isOver = true
    defer { state.atEnd = nil }
    return state.atEnd
  }

  var pendingCount: Int { state.withLock { $0.pending.count } }

  /// Some connection has taken more than it may come to soon: whoever has nothing else to do waits for how that goes.
  func mayHaveMore(for worker: Int) -> Bool {
    state.withLock { state in state.taken.contains { $0.key != worker && $0.value.indices.count > 1 } }
  }

  /// Every connection is at a query that takes longer than `duration`, and there is more to do.
  func isHeldUp(for duration: Duration) -> Bool {
    state.withLock { state in
      let busy = state.taken.values.filter { !$0.indices.isEmpty }
      return !busy.isEmpty && busy.allSatisfy { $0.isStuck(duration) }
        && (!state.pending.isEmpty || behindAStuckOne(state) != nil)
    }
  }

  // MARK: the end

  /// Nobody is to be called in any more.
  func close() { state.withLock { finish(&$0) }?() }

  /// Calls `body` after `delay`, and again each time that `patience` has gone by, until all is answered or `close`.
  func watch(after delay: Duration, _ body: () -> Void) async {
    let (ticks, tick) = AsyncStream<Void>.makeStream()
    let isOver = state.withLock { state in
      state.atEnd = { tick.finish() }
      return state.isOver
    }
    if isOver { return }
    let patience = patience
    let clock = Task {
      try await Task.sleep(for: delay)
      while true {
        tick.yield()
        try await Task.sleep(for: patience)
      }
    }
    for await _ in ticks { body() }
    clock.cancel()
  }

  /// All answers; what has none yet gets that of `missing`.
  func answers(_ missing: () -> QueryError) -> [QueryBatch.Answer] {
    let state = state.withLock { $0 }
    return state.followers.enumerated().map { index, followers in
      QueryBatch.Answer(
        state.answers[index] ?? .failure(missing()),
        followUps: followers.map { state.answers[$0] ?? .failure(missing()) })
    }
  }
}
