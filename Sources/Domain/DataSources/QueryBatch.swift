/// Queries that belong together, and those that their answers call for.
package struct QueryBatch: Sendable {
  package var queries: [Query]
  /// It is known that some of the queries take long: a second connection is worth its while from the start.
  package var isLong: Bool
  /// What is asked next, on the same snapshot, once query `i` has this answer. May be called more than once, and must
  /// say the same each time.
  package var followUps: @Sendable (Int, ResultSet) -> [Query]

  package init(
    _ queries: [Query], isLong: Bool = false,
    followUps: @escaping @Sendable (Int, ResultSet) -> [Query] = { _, _ in [] }
  ) {
    self.queries = queries
    self.isLong = isLong
    self.followUps = followUps
  }

  /// What came of one query.
  package struct Answer: Sendable {
    package var result: Result<ResultSet, QueryError>
    /// One per query that followed.
    package var followUps: [Result<ResultSet, QueryError>]

    package init(_ result: Result<ResultSet, QueryError>, followUps: [Result<ResultSet, QueryError>] = []) {
      self.result = result
      self.followUps = followUps
    }
  }

  /// Runs all, one after the other, by `run`.
  package func answers(_ run: (Query) -> Result<ResultSet, QueryError>) -> [Answer] {
    queries.map(run).enumerated().map { index, result in
      guard case .success(let rows) = result else { return Answer(result) }
      return Answer(result, followUps: followUps(index, rows).map(run))
    }
  }
}

extension QueryEngine {
  /// Result `i` answers query `i`.
  package func run(together queries: [Query]) async -> [Result<ResultSet, QueryError>] {
    await run(QueryBatch(queries)).map(\.result)
  }
}
