import Domain
import Synchronization

/// The queries of a batch, taken by whichever connection is free; those that follow from an answer come next,
/// so that a long one is not all that is left in the end.
final class BatchWork: Sendable {
  private struct State {
    var queries: [Query]
    /// The next one is at the end.
    var pending: [Int]
    var answers: [Result<ResultSet, QueryError>?]
    /// For each query of the batch, those that followed it.
    var followers: [[Int]]
  }

  private let batch: QueryBatch
  private let state: Mutex<State>

  init(_ batch: QueryBatch) {
    let queries = batch.queries
    self.batch = batch
    state = Mutex(
      State(
        queries: queries, pending: Array(queries.indices.reversed()),
        answers: Array(repeating: nil, count: queries.count), followers: Array(repeating: [], count: queries.count)))
  }

  func query(_ index: Int) -> Query { state.withLock { $0.queries[index] } }

  /// The next ones, first ones first.
  func take(_ count: Int) -> [Int] {
    state.withLock { state in
      let taken = state.pending.suffix(count)
      state.pending.removeLast(taken.count)
      return taken.reversed()
    }
  }

  /// What was taken and not answered after all.
  func putBack(_ indices: [Int]) {
    state.withLock { state in
      state.pending.append(contentsOf: indices.filter { state.answers[$0] == nil }.reversed())
    }
  }

  func answer(_ index: Int, _ result: Result<ResultSet, QueryError>) {
    var next: [Query] = []
    if index < batch.queries.count, case .success(let rows) = result { next = batch.followUps(index, rows) }
    state.withLock { state in
      state.answers[index] = result
      guard !next.isEmpty else { return }
      let indices = state.queries.count..<(state.queries.count + next.count)
      state.queries += next
      state.answers += [Result<ResultSet, QueryError>?](repeating: nil, count: next.count)
      state.followers[index] = Array(indices)
      state.pending += indices.reversed()
    }
  }

  var pendingCount: Int { state.withLock { $0.pending.count } }

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
