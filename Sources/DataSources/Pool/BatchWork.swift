import Domain
import Synchronization

/// Queries that belong together, taken by whichever connection is free.
final class BatchWork: Sendable {
  private struct State {
    var pending: [Int]
    var answers: [Result<ResultSet, QueryError>?]
  }

  let queries: [Query]
  private let state: Mutex<State>

  init(_ queries: [Query]) {
    self.queries = queries
    state = Mutex(
      State(pending: Array(queries.indices.reversed()), answers: Array(repeating: nil, count: queries.count)))
  }

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
    state.withLock { $0.answers[index] = result }
  }

  var pendingCount: Int { state.withLock { $0.pending.count } }

  /// All answers; what has none yet gets that of `missing`.
  func answers(_ missing: () -> QueryError) -> [Result<ResultSet, QueryError>] {
    state.withLock { $0.answers }.map { $0 ?? .failure(missing()) }
  }
}
