/// A connected data source. Every statement is guarded: what is not one read-only query is refused before it runs.
///
/// Implementations hold a bounded pool, reconnect after the server restarts, stop a statement at its time limit and
/// when the calling task is cancelled (the stop reaches the database), and block no thread of the cooperative pool.
package protocol QueryEngine: Sendable {
  var dialect: SQLDialect { get }

  /// Runs one query. Each of `query.guarded` must pass the guard by itself first.
  func run(_ query: Query) async throws(QueryError) -> ResultSet

  /// The columns of `sql` without its rows; proves that `sql` alone is one read-only query.
  func describe(_ sql: String) async throws(QueryError) -> [ColumnDescription]

  /// Runs queries that belong together on one snapshot where the database can give one, up to the pool's bound at
  /// once. Answer `i` is that of query `i`; one query's error leaves the others alone.
  func run(_ batch: QueryBatch) async -> [QueryBatch.Answer]

  /// The tables and views that can be read, with their columns: for completion and for naming the nearest one.
  func tables() async throws(QueryError) -> [TableDescription]

  /// Connects afresh and says, step by step, what works.
  func test() async -> [ConnectionTestStep]

  /// Waits for nothing: stops what runs and closes the connections.
  func close() async
}

/// Opens data sources; one implementation knows every driver.
package protocol QueryEngineOpening: Sendable {
  /// Reads settings and the environment only; the first query connects.
  func open(_ source: DataSource) throws(QueryError) -> any QueryEngine
}

/// One query and what it may take.
package struct Query: Sendable {
  package var sql: String
  /// Texts of users that `sql` was composed around; each must by itself be one read-only query.
  package var guarded: [String]
  package var limits: QueryLimits
  /// `true`: stop at `limits.maxRows` and mark the result truncated; `false`: more rows are an error.
  package var truncates: Bool

  package init(_ sql: String, guarded: [String] = [], limits: QueryLimits = QueryLimits(), truncates: Bool = true) {
    self.sql = sql
    self.guarded = guarded
    self.limits = limits
    self.truncates = truncates
  }
}

/// The SQL that a data source speaks.
package enum SQLDialect: String, Codable, Sendable, CaseIterable {
  case postgresql, sqlite, duckdb
  /// What the standard says, for drivers that we know nothing about.
  case standard
}

package struct TableDescription: Hashable, Codable, Sendable {
  /// As one writes it in SQL: `orders`, or `sales.orders` outside the default schema.
  package var name: String
  package var columns: [ColumnDescription]

  package init(name: String, columns: [ColumnDescription]) {
    self.name = name
    self.columns = columns
  }
}

/// One line of a connection test.
package struct ConnectionTestStep: Hashable, Codable, Sendable {
  package enum Verdict: String, Codable, Sendable {
    case passed, warned, failed
  }

  package var title: String
  package var verdict: Verdict
  /// What was found, or how to mend it.
  package var detail: String
  package var milliseconds: Double

  package init(title: String, verdict: Verdict, detail: String, milliseconds: Double) {
    self.title = title
    self.verdict = verdict
    self.detail = detail
    self.milliseconds = milliseconds
  }
}
