import Domain
import Rules
import Synchronization

/// The queries for failing rows that the statements' answers call for.
final class StatementSampling: Sendable {
  private let requests: [PushDown.Request]
  private let plan: PushDownPlan
  private let limits: QueryLimits
  /// For each request, the rows of which its failing ones are told.
  private let rows: [RowRequest?]
  private let dialect: SQLDialect
  private let wanted = Mutex<[Int: [Wanted]]>([:])

  init(
    requests: [PushDown.Request], plan: PushDownPlan, limits: QueryLimits, rows: [RowRequest?], dialect: SQLDialect
  ) {
    self.requests = requests
    self.plan = plan
    self.limits = limits
    self.rows = rows
    self.dialect = dialect
  }

  struct Wanted: Sendable {
    /// Index into the requests.
    var rule: Int
    var query: Query
    /// How many rows fail.
    var total: Int
    /// It asks for the keys of the failing rows, not for some of the rows.
    var isKeys = false
  }

  /// One for each rule of the statement that does not hold and has rows to show.
  func queries(for statement: Int, _ rows: ResultSet) -> [Wanted] {
    if let known = wanted.withLock({ $0[statement] }) { return known }
    guard case .success(let rows) = plan.statements[statement].checked(rows) else { return [] }
    let rules = plan.statements[statement].rules
    let found = rules.compactMap { wanted($0, rows) } + rules.compactMap { keys($0, rows) }
    wanted.withLock { $0[statement] = found }
    return found
  }

  private func wanted(_ index: Int, _ rows: ResultSet) -> Wanted? {
    let rule = requests[index].rule
    guard let measurement = failing(index, rows), let source = plan.plans[index].sample,
      let total = Sampling.total(of: measurement, rule: rule), total > 0,
      let sql = PushDown.sample(source, of: rule, scan: plan.scans[index])
    else { return nil }
    var limits = limits
    limits.maxRows = rule.sampleSize
    limits.maxBytes = Sampling.maxBytes
    return Wanted(rule: index, query: Query(sql, guarded: plan.guarded[index], limits: limits), total: total)
  }

  /// What was measured for a rule that does not hold; `nil` for one that does.
  private func failing(_ index: Int, _ rows: ResultSet) -> Measurement? {
    let measurement = plan.plans[index].read(plan.places[index].map { rows.cell(row: 0, column: $0.column) })
    let outcome = Verdict.outcome(for: requests[index].rule, measured: measurement)
    return outcome == .failed || outcome == .warned ? measurement : nil
  }

  private func keys(_ index: Int, _ rows: ResultSet) -> Wanted? {
    guard rows.rowCount > 0, self.rows.indices.contains(index), let wanted = self.rows[index],
      let measurement = failing(index, rows), Sampling.areRowsWrong(measurement, rule: requests[index].rule),
      let statement = RowKeys(columns: wanted.columns, dialect: dialect).failing(
        requests[index], known: wanted.known, limit: wanted.limit)
    else { return nil }
    var limits = limits
    limits.maxRows = wanted.limit
    limits.maxBytes = Sampling.maxBytes
    // Half of the keys would be none: the others' alarms would end.
    let query = Query(statement.sql, guarded: statement.guarded, limits: limits, truncates: false)
    return Wanted(rule: index, query: query, total: 0, isKeys: true)
  }
}

extension PushDownPlan {
  /// What was measured for a rule, from the answers to the statements.
  func measurement(
    _ rule: Int, _ answers: [Result<ResultSet, QueryError>]
  ) -> Result<SourceEvaluation.Found, QueryError> {
    var values: [Cell] = []
    for place in places[rule] {
      switch answers[place.statement] {
      case .failure(let error): return .failure(error)
      case .success(let rows): values.append(rows.cell(row: 0, column: place.column))
      }
    }
    return .success(SourceEvaluation.Found(measurement: plans[rule].read(values)))
  }
}

extension ScanStatement {
  /// The answer, if it has the shape that the statement must have.
  func checked(_ rows: ResultSet) -> Result<ResultSet, QueryError> {
    if rows.columns.count == columnCount, rows.rowCount == 1 { return .success(rows) }
    return .failure(
      QueryError(
        .syntax,
        "the rule's SQL changes the query around it: it must be one expression, and a metric an aggregate such as max(n) "
          + "(got \(rows.rowCount) rows of "
          + "\(rows.columns.count) columns in place of 1 row of \(columnCount))"))
  }
}
