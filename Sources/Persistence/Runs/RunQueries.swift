package import Domain
import Foundation
import GRDB

extension SQLiteStore {
  package func run(_ id: String) async throws(StoreError) -> Run? {
    try await read { database in try Self.fetchRun(id, database) }
  }

  static func fetchRun(_ id: String, _ database: Database) throws -> Run? {
    let row = try Row.fetchOne(
      database,
      sql: """
        SELECT r.id, c.namespace, c.name, r.version, r.trigger, r.scheduled_for, r.started_at, r.finished_at,
          r.outcome, r.reason, r.results, r.log, s.definitions, r.code
        FROM run r JOIN checker c ON c.id = r.checker_id JOIN assertion_set s ON s.id = r.assertion_set
        WHERE r.id = ?
        """, arguments: [id])
    return try row.map { row in
      let code = try (row[13] as String?).map { try Document.decode(CodeRun.self, from: $0) }
      return Run(
        id: row[0], checker: QualifiedName(namespace: row[1], name: row[2]), version: row[3],
        trigger: try row.value(4), scheduledFor: row.optionalDate(5), startedAt: row.date(6),
        finishedAt: row.date(7), outcome: try row.value(8), reason: row[9],
        assertions: try AssertionDocuments.assertions(definitions: row[12], results: row[10]), log: row[11],
        trouble: code?.trouble, cost: code?.cost)
    }
  }

  package func runs(_ filter: RunFilter, limit: Int, before: String?) async throws(StoreError) -> [RunSummary] {
    try await read { database in
      var conditions: [String] = []
      var arguments: StatementArguments = ["limit": max(0, limit)]
      if let before {
        conditions.append("r.id < :before")
        arguments += ["before": before]
      }
      if let outcome = filter.outcome {
        conditions.append("r.outcome = :outcome")
        arguments += ["outcome": outcome.rawValue]
      }
      if let checker = filter.checker {
        conditions.append("r.checker_id = :checker")
        arguments += ["checker": try CheckerRecord.id(checker, database)]
      }
      if let namespace = filter.namespace { arguments += ["namespace": namespace] }
      let sql = Self.listing(conditions, perChecker: filter.namespace != nil)
      return try Row.fetchAll(database, sql: sql, arguments: arguments).map(Self.summary)
    }
  }

  /// A namespace's runs are the newest of each of its checkers, so that a quiet namespace does not read the runs of
  /// all others.
  private static func listing(_ conditions: [String], perChecker: Bool) -> String {
    let columns = """
      SELECT r.id, c.namespace, c.name, r.trigger, r.started_at, r.finished_at, r.outcome, r.summary, r.failed,
        r.assertions
      """
    let filter = conditions.isEmpty ? "" : "WHERE " + conditions.joined(separator: " AND ")
    guard perChecker else {
      return "\(columns) FROM run r JOIN checker c ON c.id = r.checker_id \(filter) ORDER BY r.id DESC LIMIT :limit"
    }
    let inner = (["r.checker_id = c.id"] + conditions).joined(separator: " AND ")
    return """
      \(columns)
      FROM checker c CROSS JOIN run r
        ON r.number IN (SELECT r.number FROM run r WHERE \(inner) ORDER BY r.id DESC LIMIT :limit)
      WHERE c.namespace = :namespace ORDER BY r.id DESC LIMIT :limit
      """
  }

  private static func summary(_ row: Row) throws -> RunSummary {
    let started = row.date(4)
    return RunSummary(
      id: row[0], checker: QualifiedName(namespace: row[1], name: row[2]), trigger: try row.value(3),
      startedAt: started, milliseconds: row.date(5).timeIntervalSince(started) * 1000, outcome: try row.value(6),
      summary: row[7], failedAssertions: row[8], assertions: row[9])
  }

  /// One value per run, oldest first; `nil` where a run did not measure that assertion. Assertions that the checker
  /// does not make any more are there for as long as their runs are.
  package func observations(
    of id: QualifiedName, limit: Int, before: String?
  ) async throws(StoreError) -> [String: [Double?]] {
    try await read { database in
      let checker = try CheckerRecord.id(id, database)
      let rows = try Row.fetchAll(
        database,
        sql: """
          SELECT assertion_set, observed FROM run WHERE checker_id = :checker AND (:before IS NULL OR id < :before)
          ORDER BY id DESC LIMIT :limit
          """, arguments: ["checker": checker, "before": before, "limit": max(0, limit)])
      var names: [Int64: [String]] = [:]
      var series: [String: [Double?]] = [:]
      for (index, row) in rows.reversed().enumerated() {
        let set: Int64 = row[0]
        if names[set] == nil { names[set] = try Self.assertionNames(set, database) }
        let values = try Document.decode([Double?].self, from: row[1])
        for (name, value) in zip(names[set] ?? [], values) {
          series[name, default: Array(repeating: nil, count: rows.count)][index] = value
        }
      }
      return series
    }
  }

  private static func assertionNames(_ set: Int64, _ database: Database) throws -> [String] {
    let text = try String.fetchOne(
      database, sql: "SELECT definitions FROM assertion_set WHERE id = ?", arguments: [set])
    return try AssertionDocuments.names(definitions: text ?? "[]")
  }

  package func transitions(of id: QualifiedName?, limit: Int) async throws(StoreError) -> [RecordedTransition] {
    try await read { database in
      var arguments: StatementArguments = ["limit": max(0, limit)]
      if let id { arguments += ["checker": try CheckerRecord.id(id, database)] }
      return try Row.fetchAll(
        database,
        sql: """
          SELECT c.namespace, c.name, t.sequence, t.from_state, t.to_state, t.is_warning, t.was_warning, t.at,
            t.previous_since, t.run_id, t.summary, t.row_key
          FROM transition t JOIN checker c ON c.id = t.checker_id
          \(id == nil ? "" : "WHERE t.checker_id = :checker") ORDER BY t.number DESC LIMIT :limit
          """, arguments: arguments
      ).map { row in
        let transition = AlarmTransition(
          sequence: row[2], from: try row.value(3), to: try row.value(4), isWarning: row[5], wasWarning: row[6],
          at: row.date(7), previousSince: row.date(8), runID: row[9])
        return RecordedTransition(
          checker: QualifiedName(namespace: row[0], name: row[1]), transition: transition, summary: row[10],
          row: RowKey(canonical: row[11]))
      }
    }
  }
}
