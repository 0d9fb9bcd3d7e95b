import DataSources
import Domain
import Foundation
import Testing

/// Opens engines as the product does.
enum Engines {
  static let vendorFolders = [
    URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("../../.vendor")
      .standardizedFileURL.path
  ]

  static func open(
    _ driver: Driver, _ uri: String, limits: QueryLimits = QueryLimits(), connections: Int = 4,
    options: [String: String] = [:], environment: [String: String] = [:]
  ) throws -> any QueryEngine {
    let source = DataSource(
      name: "shop", driver: driver, uri: uri, limits: limits, maxConnections: connections, options: options)
    return try opener(environment).open(source)
  }

  static func opener(_ environment: [String: String]) -> QueryEngineOpener {
    QueryEngineOpener(environment: environment, vendorFolders: vendorFolders)
  }
}

extension QueryEngine {
  /// The error that a query ends with; records an issue when there is none.
  func error(
    of sql: String, guarded: [String] = [], limits: QueryLimits = QueryLimits(), truncates: Bool = true,
    sourceLocation: SourceLocation = #_sourceLocation
  ) async -> QueryError? {
    do throws(QueryError) {
      let result = try await run(Query(sql, guarded: guarded, limits: limits, truncates: truncates))
      Issue.record("gave \(result.rowCount) rows: \(sql)", sourceLocation: sourceLocation)
      return nil
    } catch {
      return error
    }
  }

  /// The first row of a query.
  func row(_ sql: String) async throws -> [Cell] { try await run(Query(sql)).row(0) }
}

/// Waits until something is so, at most 20 s.
func eventually(_ what: String, _ isSo: () async throws -> Bool) async throws {
  let deadline = ContinuousClock.now + .seconds(120)
  while ContinuousClock.now < deadline {
    if try await isSo() { return }
    try await Task.sleep(for: .milliseconds(20))
  }
  Issue.record("never: \(what)")
}
