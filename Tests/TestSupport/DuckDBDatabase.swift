import Domain
import Foundation

@testable import DataSources

/// A DuckDB file made past the guard, by the driver itself.
package enum DuckDBDatabase {
  /// Where set-up put the driver.
  package static let driverFolder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .appendingPathComponent("../../.vendor/duckdb").standardizedFileURL.path

  package static func make(_ path: String, _ statements: String...) throws {
    let driver = try ADBCDriver.load(
      driverFolder + "/libduckdb.so", entryPoints: ["duckdb_adbc_init"],
      companion: driverFolder + "/libpython-placeholder.so")
    let session = try ADBCSession(ADBCDatabase(driver, options: [("path", path)]))
    for statement in statements { try session.execute(statement, QueryLimits(), StopSignal()) }
  }
}
