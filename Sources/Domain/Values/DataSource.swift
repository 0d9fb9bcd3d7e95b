/// A database that is only ever read.
package struct DataSource: Hashable, Codable, Sendable {
  package var name: String
  package var driver: Driver
  /// Where the database is; `${NAME}` stands for a variable of the environment, so that no secret need be stored.
  package var uri: String
  package var description: String
  package var limits: QueryLimits
  /// The most connections open at once, 1 to 64.
  package var maxConnections: Int
  /// For `adbc`: `library` (path of the driver), `entrypoint`, `dialect`, and whatever options the driver itself takes.
  package var options: [String: String]

  package init(
    name: String, driver: Driver, uri: String, description: String = "", limits: QueryLimits = QueryLimits(),
    maxConnections: Int = 4, options: [String: String] = [:]
  ) {
    self.name = name
    self.driver = driver
    self.uri = uri
    self.description = description
    self.limits = limits
    self.maxConnections = maxConnections
    self.options = options
  }
}

/// The client that speaks to a data source.
package enum Driver: String, Codable, Sendable, CaseIterable {
  case postgresql, sqlite, duckdb, adbc

  /// As a person calls the product.
  package var title: String {
    switch self {
    case .postgresql: "PostgreSQL"
    case .sqlite: "SQLite"
    case .duckdb: "DuckDB"
    case .adbc: "ADBC driver"
    }
  }
}

/// What one query may take before it is stopped.
package struct QueryLimits: Hashable, Codable, Sendable {
  /// Seconds, 0.1 to 3,600.
  package var timeoutSeconds: Double
  /// Rows brought over, 1 to 10,000,000.
  package var maxRows: Int
  /// Bytes of values brought over.
  package var maxBytes: Int

  package init(timeoutSeconds: Double = 30, maxRows: Int = 100_000, maxBytes: Int = 256 << 20) {
    self.timeoutSeconds = timeoutSeconds
    self.maxRows = maxRows
    self.maxBytes = maxBytes
  }
}

/// A named SQL query on a data source.
package struct Dataset: Hashable, Codable, Sendable {
  package var id: QualifiedName
  /// The data source's name.
  package var dataSource: String
  package var sql: String
  package var description: String

  package init(id: QualifiedName, dataSource: String, sql: String, description: String = "") {
    self.id = id
    self.dataSource = dataSource
    self.sql = sql
    self.description = description
  }
}
