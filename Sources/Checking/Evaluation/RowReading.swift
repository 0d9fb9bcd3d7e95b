import Domain
import Rules

/// The rows of which a rule's failing ones are told, one by one.
struct RowRequest: Sendable {
  /// By name.
  var columns: [String]
  /// Those that have an alarm now.
  var known: [RowKey]
  /// How many keys are read at most: all that are known, and one more than there may be.
  var limit: Int

  /// `nil` where the checker's alarm is the only one, or the rule has no failing rows.
  init?(_ policy: AlarmPolicy, rule: Rule, known: [RowKey]) {
    guard !policy.perRow.isEmpty, RowKeys.canTell(rule) else { return nil }
    columns = policy.perRow.sorted()
    self.known = known.filter { [columns] in $0.columns == columns }
    limit = max(policy.maxAlarms, self.known.count) + 1
  }
}

/// What the rules on one data source came to.
struct SourceFindings: Sendable {
  struct Result: Sendable {
    var item: SourceWork.Item
    var assertion: Assertion
    var keys: Swift.Result<ResultSet, QueryError>?
  }

  var results: [Result]
  /// By checker, those of its known rows that do not fail here and are in some dataset.
  var present: [Int: Set<RowKey>] = [:]
  /// Checkers of which nobody could say what is still there.
  var unsure: Set<Int> = []

  init(_ results: [Result]) { self.results = results }
}

extension SourceEvaluation {
  /// Asks which of the known rows that do not fail are still there.
  func lookForGone(_ findings: inout SourceFindings, on engine: any QueryEngine) async {
    var asked: [(checker: Int, keys: RowKeys, statement: RowKeys.Statement)] = []
    for (checker, results) in Dictionary(grouping: findings.results, by: \.item.checker) {
      guard let request = results.lazy.compactMap(\.item.rows).first, !request.known.isEmpty,
        !results.contains(where: { $0.assertion.outcome == .errored })
      else { continue }
      let keys = RowKeys(columns: request.columns, dialect: engine.dialect)
      let failing = results.compactMap { try? $0.keys?.get() }.compactMap { keys.keys($0) }.joined()
      let quiet = request.known.filter { !Set(failing).contains($0) }
      var sources = Set<RowSource>()
      // A dataset that selects what is wrong has no rows that do not fail.
      for result in results where result.item.rows != nil && !result.item.request.rule.isWhollyFailing {
        guard sources.insert(result.item.request.source).inserted,
          let statement = keys.present(quiet, in: result.item.request.source)
        else { continue }
        asked.append((checker, keys, statement))
      }
    }
    guard !asked.isEmpty else { return }
    let answers = await engine.run(
      QueryBatch(asked.map { Query($0.statement.sql, guarded: $0.statement.guarded, limits: source.limits) }))
    for (question, answer) in zip(asked, answers) {
      if case .success(let rows) = answer.result, let keys = question.keys.keys(rows) {
        times.add(rows.seconds, to: [question.checker])
        findings.present[question.checker, default: []].formUnion(keys)
      } else {
        findings.unsure.insert(question.checker)
      }
    }
  }
}

extension Rule {
  /// Each row of its dataset fails it.
  fileprivate var isWhollyFailing: Bool { check == "no_rows" && filter == nil }
}

/// What one checker's rules found about single rows.
struct RowGathering {
  private(set) var findings: RowFindings
  private let known: Set<RowKey>
  private var order: [RowKey] = []
  private var failing: [RowKey: RowFindings.Failing] = [:]
  private var present: Set<RowKey> = []
  private var isUnsure = false
  private var rulesRead = 0
  private var isAnyCut = false

  init(columns: [String], known: [RowKey]) {
    findings = RowFindings(columns: columns)
    self.known = Set(known.filter { [columns = columns.sorted()] in $0.columns == columns })
  }

  mutating func take(_ source: SourceFindings, checker: Int) {
    present.formUnion(source.present[checker] ?? [])
    if source.unsure.contains(checker) { isUnsure = true }
    for result in source.results where result.item.checker == checker && result.item.rows != nil { take(result) }
  }

  private mutating func take(_ result: SourceFindings.Result) {
    let assertion = result.assertion
    // That there was nothing to measure, no row can tell.
    guard assertion.outcome != .errored, assertion.remark != .noData else { return }
    if assertion.outcome == .passed {
      findings.assertions.insert(result.item.position)
      return
    }
    switch result.keys {
    case nil: return
    case .failure(let error)?: findings.unread = error.message
    case .success(let rows)?: take(rows, result)
    }
  }

  private mutating func take(_ rows: ResultSet, _ result: SourceFindings.Result) {
    // Which SQL it was in makes no difference to how keys are read.
    let reader = RowKeys(columns: findings.columns, dialect: .standard)
    guard let keys = reader.keys(rows) else {
      findings.unread = "the rule's SQL changes the query around it: it must be one expression"
      return
    }
    findings.assertions.insert(result.item.position)
    for key in keys {
      if failing[key] == nil { order.append(key) }
      var found = failing[key] ?? RowFindings.Failing(key: key, isWarning: true, assertions: [])
      found.isWarning = found.isWarning && result.assertion.outcome == .warned
      found.assertions.append(result.item.position)
      failing[key] = found
    }
    let total = reader.total(rows)
    rulesRead += 1
    if total > keys.count { isAnyCut = true }
    findings.total = max(findings.total, total)
  }

  /// All that was found, once every data source has answered.
  func finish() -> RowFindings {
    var all = findings
    all.failing = order.compactMap { failing[$0] }
    // Of two rules nobody knows how many of the rows that were not read fail both.
    all.isAtLeast = isAnyCut && rulesRead > 1
    all.total = max(findings.total, all.failing.count)
    if !isUnsure { all.gone = known.subtracting(failing.keys).subtracting(present) }
    return all
  }
}
