import Foundation

/// A PostgreSQL server of a test's own, stopped and removed with the last reference to it.
package final class DisposablePostgreSQL: Sendable {
  private let folder: TemporaryFolder
  /// Of the superuser, without a password; ends in the name of the database.
  package let uri: String

  package init() async throws {
    folder = try TemporaryFolder()
    // The server's own user has to pass through.
    try FileManager.default.setAttributes([.posixPermissions: 0o711], ofItemAtPath: folder.path)
    try await Self.control("start", folder.path)
    let port = try String(contentsOfFile: folder.path + "/port", encoding: .utf8)
    uri = "postgresql://postgres@127.0.0.1:\(port.trimmingCharacters(in: .whitespacesAndNewlines))/postgres"
  }

  /// Blocks, as the folder goes next.
  deinit { _ = try? Command.runBlocking([Self.script, "kill", folder.path]) }

  package func stop() async throws { try await Self.control("stop", folder.path) }
  package func start() async throws { try await Self.control("start", folder.path) }
  package func restart() async throws { try await Self.control("restart", folder.path) }

  private static func control(_ command: String, _ folder: String) async throws {
    try await Command.run(script, command, folder)
  }

  private static let script = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .appendingPathComponent("../../Scripts/servers/postgresql").standardizedFileURL.path
}

/// A database of a suite's own, on the server that the test run provides or on one started for it.
package final class PostgreSQLDatabase: Sendable {
  package let name: String
  package let uri: String
  private let server: String
  private let own: DisposablePostgreSQL?

  package init(_ script: String = "", template: String = "") async throws {
    if let provided = ProcessInfo.processInfo.environment["TEST_POSTGRES_URI"] {
      (server, own) = (provided, nil)
    } else {
      let disposable = try await DisposablePostgreSQL()
      (server, own) = (disposable.uri, disposable)
    }
    name = "test_" + UUID().uuidString.lowercased().replacingOccurrences(of: "-", with: "")
    uri = server.replacingOccurrences(of: "/[^/]*$", with: "/" + name, options: .regularExpression)
    try await PostgreSQLClient.run("CREATE DATABASE \(name) \(template)", on: server)
    if !script.isEmpty { try await run(script) }
  }

  deinit {
    // Nobody waits for it: with a server of the test run's own it is only tidiness.
    let (name, server, own) = (name, server, own)
    Task {
      _ = try? await PostgreSQLClient.run("DROP DATABASE \(name) WITH (FORCE)", on: server)
      withExtendedLifetime(own) {}
    }
  }

  /// Runs SQL by psql, so that nothing under test is needed to arrange or to look; gives the unaligned output.
  @discardableResult
  package func run(_ sql: String) async throws -> String { try await PostgreSQLClient.run(sql, on: uri) }

  /// Everything that the database holds: schema, rows and large objects.
  package func dump() async throws -> String { try await PostgreSQLClient.dump(uri) }
}

package enum PostgreSQLClient {
  @discardableResult
  package static func run(_ sql: String, on uri: String) async throws -> String {
    try await Command.run(program("psql"), "-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", "-d", uri, "-c", sql)
  }

  package static func dump(_ uri: String) async throws -> String {
    // Newer versions of pg_dump write a random key against scripts that escape psql.
    try await Command.run(program("pg_dump"), uri).split(separator: "\n")
      .filter { !$0.contains("restrict ") }.joined(separator: "\n")
  }

  private static func program(_ name: String) -> String {
    if let folder = ProcessInfo.processInfo.environment["TEST_POSTGRES_BIN"] { return folder + "/" + name }
    let versions = (try? FileManager.default.contentsOfDirectory(atPath: "/usr/lib/postgresql")) ?? []
    return "/usr/lib/postgresql/\(versions.sorted().last ?? "15")/bin/\(name)"
  }
}
