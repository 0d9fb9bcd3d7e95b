package import Domain

/// Opens data sources of every driver.
package struct QueryEngineOpener: QueryEngineOpening {
  private let environment: [String: String]
  private let vendorFolders: [String]

  /// - Parameters:
  ///   - environment: where `${NAME}` in a uri or an option is looked up.
  ///   - vendorFolders: folders that may hold the library of DuckDB, the first one that does is taken.
  package init(environment: [String: String], vendorFolders: [String]) {
    self.environment = environment
    self.vendorFolders = vendorFolders
  }

  /// - Throws: `.configuration` when a variable is not set, or a uri or an option cannot be used.
  package func open(_ source: DataSource) throws(QueryError) -> any QueryEngine {
    switch source.driver {
    case .postgresql:
      PooledEngine(try PostgreSQLConnector(source, environment: environment), source: source)
    case .sqlite:
      PooledEngine(try SQLiteConnector(source, environment: environment), source: source)
    case .duckdb:
      PooledEngine(
        try DuckDBConnector(source, environment: environment, vendorFolders: vendorFolders), source: source)
    case .adbc:
      PooledEngine(try ADBCConnector(source, environment: environment), source: source)
    }
  }
}
