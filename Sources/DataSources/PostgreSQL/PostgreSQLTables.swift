import Domain

extension PostgreSQLConnection {
  func tables(_ limits: QueryLimits, _ stop: StopSignal) throws(QueryError) -> [TableDescription] {
    var wide = limits
    wide.maxRows = 500_000
    wide.maxBytes = 256 << 20
    return Self.tables(try run(Query(Self.catalogue, limits: wide), stop))
  }

  /// Reads the answer to `catalogue`.
  static func tables(_ rows: ResultSet) -> [TableDescription] {
    var tables: [TableDescription] = []
    for row in 0..<rows.rowCount {
      let cells = rows.row(row)
      if tables.last?.name != cells[0].text { tables.append(TableDescription(name: cells[0].text, columns: [])) }
      guard case .text(let name) = cells[1] else { continue }
      let type: ColumnType =
        if case .integer(let oid) = cells[3] { PostgreSQLTypes.type(of: UInt32(truncatingIfNeeded: oid)) } else {
          .other
        }
      tables[tables.count - 1].columns.append(
        ColumnDescription(name: name, type: type, databaseType: cells[2].text))
    }
    return tables
  }

  /// Tables and views that this role may read, outside the system's schemas; partitions are part of their table.
  static let catalogue = """
    SELECT CASE WHEN pg_catalog.pg_table_is_visible(c.oid) THEN quote_ident(c.relname)
             ELSE quote_ident(n.nspname) || '.' || quote_ident(c.relname) END,
           a.attname::text, pg_catalog.format_type(a.atttypid, a.atttypmod), a.atttypid
      FROM pg_catalog.pg_class c
      JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
      LEFT JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
     WHERE c.relkind IN ('r', 'v', 'm', 'f', 'p') AND NOT c.relispartition
       AND n.nspname NOT IN ('pg_catalog', 'information_schema') AND n.nspname !~ '^pg_(toast|temp)'
       AND pg_catalog.has_schema_privilege(n.oid, 'USAGE')
       AND (pg_catalog.has_table_privilege(c.oid, 'SELECT') OR pg_catalog.has_any_column_privilege(c.oid, 'SELECT'))
     ORDER BY pg_catalog.pg_table_is_visible(c.oid) DESC, n.nspname, c.relname, c.oid, a.attnum
    """
}
