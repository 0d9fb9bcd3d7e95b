/// Queries that belong together, and those that their answers call for.
package struct QueryBatch: Sendable {
  package var queries: [Query]
  /// It is known that some of the queries take long: a second connection is worth its while from the start.
  package var isLong: Bool
  /// What is asked next, on the same snapshot, once query `i` has this answer. May be called more than once, and must
  /// say the same each time.
  package var followUps: @Sendable (Int, ResultSet) -> [Query]
  /// Hears of the answer to query `i`, whole with what followed, as soon as it is there and the others may not be.
  package var onAnswer: @Sendable (Int, Answer) -> Void

  package init(
    _ queries: [Query], isLong: Bool = false,
    followUps: @escaping @Sendable (Int, ResultSet) -> [Query] = { _, _ in [] },
    onAnswer: @escaping @Sendable (Int, Answer) -> Void = { _, _ in }
  ) {
    self.queries = queries
    self.isLong = isLong
    self.followUps = followUps
    self.onAnswer = onAnswer
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
}

extension QueryEngine {
  /// Result `i` answers query `i`.
  package func run(together queries: [Query]) async -> [Result<ResultSet, QueryError>] {
    await run(QueryBatch(queries)).map(\.result)
  }
}
