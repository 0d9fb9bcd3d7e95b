import Domain

/// The tables of a database behind ADBC, asked for in its own SQL: drivers differ too much in what they tell of their
/// catalogue.
enum ADBCTables {
  static func query(_ dialect: SQLDialect) -> String {
    switch dialect {
    case .postgresql: PostgreSQLConnection.catalogue
    case .sqlite: SQLiteConnection.catalogue
    case .duckdb: DuckDBConnection.catalogue
    case .standard: standard
    }
  }

  static func tables(_ rows: ResultSet, _ dialect: SQLDialect) -> [TableDescription] {
    switch dialect {
    case .postgresql: PostgreSQLConnection.tables(rows)
    case .sqlite: SQLiteConnection.tables(rows)
    // The same four columns.
    case .duckdb, .standard: DuckDBConnection.tables(rows)
    }
  }

  /// Where the standard's catalogue is not there, tables can be read all the same.
  static func step(
    _ connection: ADBCConnection, _ dialect: SQLDialect, _ limits: QueryLimits, _ stop: StopSignal
  ) -> ConnectionTestStep {
    var step = ConnectionTest.tables(connection, limits, stop)
    if dialect == .standard, step.verdict == .warned {
      step.detail = "The database does not list its tables in the standard's way: rules can name them all the same."
    }
    return step
  }

  private static let standard = """
    SELECT table_schema, table_name, column_name, lower(data_type) FROM information_schema.columns
     WHERE lower(table_schema) NOT IN ('information_schema', 'pg_catalog', 'mysql', 'performance_schema', 'sys')
     ORDER BY table_schema, table_name, ordinal_position
    """
}
