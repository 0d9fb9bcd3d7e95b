import Domain
import TestSupport

@testable import DataSources

/// A DuckDB file made past the guard, by the driver itself.
enum DuckDBDatabase {
  static func make(_ path: String, _ statements: String...) throws {
    let folder = Engines.vendorFolders[0] + "/duckdb"
    let driver = try ADBCDriver.load(
      folder + "/libduckdb.so", entryPoints: ["duckdb_adbc_init"], companion: folder + "/libpython-placeholder.so")
    let session = try ADBCSession(ADBCDatabase(driver, options: [("path", path)]))
    for statement in statements { try session.execute(statement, QueryLimits(), StopSignal()) }
  }
}
