package import Domain

/// Where a rule's rows come from.
package enum RowSource: Hashable, Sendable {
  /// The query of a dataset.
  case query(String)
  /// A table named in place of a dataset.
  case table(String)

  /// The statement that reads all of it.
  package func selectAll(_ dialect: SQLDialect) -> String {
    switch self {
    case .query(let sql): sql
    case .table(let path): "SELECT * FROM \(dialect.quotedPath(path))"
    }
  }

  /// A dataset's query where a statement names a table.
  package static func subquery(_ sql: String) -> String { "(\(SQLFragment.withoutEnd(sql))\n) AS dataset" }
}

/// One SELECT that measures several rules, and where each rule's values stand in its answer.
package struct ScanStatement: Sendable {
  package var sql: String
  /// Texts of users that must pass the guard alone first.
  package var guarded: [String]
  /// How many columns the answer must have: more or fewer means that a fragment left its place.
  package var columnCount: Int
  /// The rules that need this statement (indices into the requests).
  package var rules: [Int]
}

/// The statements for a set of rules on one data source.
package struct PushDownPlan: Sendable {
  package var statements: [ScanStatement]
  /// For each rule, where each of its plan's values is: statement and column.
  package var places: [[Place]]
  package var plans: [RulePlan]
  package var scans: [Scan]
  /// What must pass the guard before the rule's rows are sampled.
  package var guarded: [[String]]

  package struct Place: Hashable, Sendable {
    package var statement: Int
    package var column: Int
  }
}

/// Turns rules into as few statements as the database is best served with.
///
/// All aggregates over one table or dataset share one SELECT, equal ones are computed once; what would spoil a shared
/// scan (`count(DISTINCT)`) gets a statement of its own.
package enum PushDown {
  /// More columns than this make a statement that is slow to plan.
  static let maxExpressions = 200
  /// PostgreSQL caches 32 compiled patterns; beyond that each row compiles them anew.
  package static let maxPatterns = 24

  package struct Request: Hashable, Sendable {
    package var rule: Rule
    package var source: RowSource

    package init(rule: Rule, source: RowSource) {
      self.rule = rule
      self.source = source
    }
  }

  package static func plan(
    _ requests: [Request], dialect: SQLDialect, facts: TableFacts = .none
  ) -> PushDownPlan {
    var builder = Builder(dialect: dialect, facts: facts)
    for (index, request) in requests.enumerated() {
      builder.add(request, index: index)
    }
    return builder.finish()
  }

  /// The query for a rule's failing rows; `nil` when it has none to show.
  package static func sample(
    _ source: SampleSource, of rule: Rule, scan: Scan
  ) -> String? {
    guard rule.sampleSize > 0 else { return nil }
    switch source {
    case .statement(let sql): return "\(sql) LIMIT \(rule.sampleSize)"
    case .rows(let condition):
      let shown = rule.keys.isEmpty ? scan.columns ?? [] : rule.keys
      let columns = shown.isEmpty ? "*" : shown.map(scan.quoted).joined(separator: ", ")
      let condition = condition.map { scan.whereClause($0) } ?? scan.whereClause()
      return "SELECT \(columns) FROM \(scan.source)\(condition) LIMIT \(rule.sampleSize)"
    }
  }
}

private struct Builder {
  let dialect: SQLDialect
  let facts: TableFacts
  private var plans: [RulePlan] = []
  private var scans: [Scan] = []
  private var guards: [[String]] = []
  private var places: [[PushDownPlan.Place]] = []
  private var statements: [Draft] = []
  /// The statement that takes more aggregates over a source.
  private var open: [String: Int] = [:]
  private var parsed: [String: PlainSelect?] = [:]

  private struct Draft {
    var source: String
    var guarded: [String]
    var expressions: [String] = []
    var columnOf: [String: Int] = [:]
    var whole: String?
    var columnCount = 0
    var patterns = 0
    /// Users wrote some of the expressions.
    var hasMetrics = false
    var rules: [Int] = []
  }

  init(dialect: SQLDialect, facts: TableFacts) {
    self.dialect = dialect
    self.facts = facts
  }

  mutating func add(_ request: PushDown.Request, index: Int) {
    var (scan, guarded) = scan(for: request)
    if request.rule.check == "unique" {
      scan.bytewise = Set(
        request.rule.columns.filter { facts.bytewise.contains(.init(table: scan.source, name: $0)) })
    }
    guard let kind = RuleCatalogue.kind(request.rule.check) else { return }
    let plan = kind.plan(request.rule, scan: scan)
    plans.append(plan)
    scans.append(scan)
    guards.append(guarded)
    var ruleShares: Int?
    places.append(
      plan.metrics.flatMap { metric in
        switch metric {
        case .aggregate(let expression):
          let statement = ruleShares ?? statementFor(scan: scan, guarded: guarded, expression)
          ruleShares = statement
          if request.rule.check == "metric" { statements[statement].hasMetrics = true }
          return [place(expression, in: statement, rule: index)]
        case .statement(let sql, let columns):
          return own(sql, columns: columns, guarded: guarded, rule: index)
        }
      })
  }

  mutating func finish() -> PushDownPlan {
    PushDownPlan(
      statements: statements.map { draft in
        ScanStatement(
          sql: draft.whole ?? shared(draft),
          guarded: draft.guarded, columnCount: draft.whole == nil ? draft.expressions.count : draft.columnCount,
          rules: draft.rules)
      }, places: places, plans: plans, scans: scans, guarded: guards)
  }

  private func shared(_ draft: Draft) -> String {
    "SELECT \(draft.expressions.joined(separator: ", ")) FROM \(draft.source)\(draft.hasMetrics ? dialect.oneRow : "")"
  }

  private mutating func scan(for request: PushDown.Request) -> (Scan, [String]) {
    let filter = request.rule.filter.map { "\($0)\n" }
    switch request.source {
    case .table(let path):
      return (Scan(dialect: dialect, source: dialect.quotedPath(path), condition: filter), [])
    case .query(let sql):
      if let plain = plainSelect(sql), isContained(request.rule, in: plain) {
        let conditions = [plain.condition, filter].compactMap(\.self)
        let condition = conditions.count == 2 ? "(\(conditions[0])) AND (\(conditions[1]))" : conditions.first
        return (Scan(dialect: dialect, source: plain.table, condition: condition, columns: plain.columns), [])
      }
      return (Scan(dialect: dialect, source: RowSource.subquery(sql), condition: filter), [sql])
    }
  }

  private mutating func plainSelect(_ sql: String) -> PlainSelect? {
    if let known = parsed[sql] { return known }
    let plain = PlainSelect(sql, dialect: dialect)
    parsed[sql] = .some(plain)
    return plain
  }

  /// A shared scan must show the rule no column that the dataset hides.
  private func isContained(_ rule: Rule, in plain: PlainSelect) -> Bool {
    guard let columns = plain.columns else { return true }
    if rule.filter != nil || rule.parameters["condition"] != nil || rule.parameters["expression"] != nil {
      return false
    }
    return (rule.columns + rule.keys).allSatisfy(columns.contains)
  }

  private mutating func statementFor(scan: Scan, guarded: [String], _ expression: String) -> Int {
    let isPattern = expression.contains(" ~ ")
    if let index = open[scan.source] {
      let draft = statements[index]
      let isFull =
        draft.expressions.count + 4 > PushDown.maxExpressions || (isPattern && draft.patterns >= PushDown.maxPatterns)
      if !isFull { return index }
    }
    statements.append(Draft(source: scan.source, guarded: guarded))
    open[scan.source] = statements.count - 1
    return statements.count - 1
  }

  private mutating func place(_ expression: String, in statement: Int, rule: Int) -> PushDownPlan.Place {
    if statements[statement].rules.last != rule { statements[statement].rules.append(rule) }
    if let column = statements[statement].columnOf[expression] { return .init(statement: statement, column: column) }
    let column = statements[statement].expressions.count
    statements[statement].expressions.append(expression)
    statements[statement].columnOf[expression] = column
    if expression.contains(" ~ ") { statements[statement].patterns += 1 }
    return .init(statement: statement, column: column)
  }

  private mutating func own(_ sql: String, columns: Int, guarded: [String], rule index: Int) -> [PushDownPlan.Place] {
    var draft = Draft(source: "", guarded: guarded)
    draft.whole = sql
    draft.columnCount = columns
    draft.rules = [index]
    statements.append(draft)
    return (0..<columns).map { .init(statement: statements.count - 1, column: $0) }
  }
}
