package import Domain

/// What a database says about its tables that makes cheaper statements exact. Without an answer nothing is assumed.
package struct TableFacts: Hashable, Sendable {
  /// A column of a table, the table as `FROM` has it.
  package struct Column: Hashable, Sendable {
    package var table: String
    package var name: String

    package init(table: String, name: String) {
      self.table = table
      self.name = name
    }
  }

  /// Texts under a collation in which equal means the same characters: they can be compared by their bytes, which is
  /// many times faster to sort than what a language's rules make of them.
  package var bytewise: Set<Column>
  /// Those of tables that are so large that another question is worth its round trip.
  package var large: Set<Column>

  package init(bytewise: Set<Column> = [], large: Set<Column> = []) {
    self.bytewise = bytewise
    self.large = large
  }

  package static let none = TableFacts()

  /// From so many rows on, as the database estimates them, a table counts as large.
  static let largeFrom = 20_000

  /// The columns about which there is something to ask.
  package static func columns(of requests: [PushDown.Request], dialect: SQLDialect) -> [Column] {
    guard dialect == .postgresql else { return [] }
    var columns = Implication.candidates(among: requests, dialect: dialect)
    for request in requests where request.rule.check == "unique" {
      guard let table = request.source.table(dialect) else { continue }
      columns.formUnion(request.rule.columns.map { Column(table: table, name: $0) })
    }
    return columns.sorted { ($0.table, $0.name) < ($1.table, $1.name) }
  }

  /// One row per column, in their order.
  package static func query(_ columns: [Column]) -> String {
    let dialect = SQLDialect.postgresql
    let rows = columns.enumerated().map { index, column in
      "(\(index), \(dialect.literal(.text(column.table))), \(dialect.literal(.text(column.name))))"
    }
    return """
      SELECT asked.number, coalesce(a.atttypid IN ('text'::regtype, 'varchar'::regtype, 'bpchar'::regtype) \
      AND k.collisdeterministic, false), coalesce(c.relkind NOT IN ('r', 'm') OR c.reltuples < 0 \
      OR c.reltuples >= \(largeFrom), false) FROM (VALUES \(rows.joined(separator: ", "))) \
      AS asked(number, table_name, column_name) \
      LEFT JOIN pg_catalog.pg_class AS c ON c.oid = to_regclass(asked.table_name) \
      LEFT JOIN pg_catalog.pg_attribute AS a ON a.attrelid = c.oid AND a.attname = asked.column_name \
      LEFT JOIN pg_catalog.pg_collation AS k ON k.oid = a.attcollation ORDER BY 1
      """
  }

  /// Reads the answer to `query`.
  package init(_ rows: ResultSet, about columns: [Column]) {
    self.init()
    guard rows.rowCount == columns.count, rows.columns.count == 3 else { return }
    for (row, column) in columns.enumerated() {
      if rows.cell(row: row, column: 1) == .boolean(true) { bytewise.insert(column) }
      if rows.cell(row: row, column: 2) == .boolean(true) { large.insert(column) }
    }
  }
}

extension RowSource {
  /// The one table that the rows come from, as `FROM` has it; `nil` when that is not certain.
  func table(_ dialect: SQLDialect) -> String? {
    switch self {
    case .table(let path): dialect.quotedPath(path)
    case .query(let sql): PlainSelect(sql, dialect: dialect)?.table
    }
  }
}
