import DataSources
import Domain
import Foundation
import TestSupport

/// The same small shop in each database that rules must agree on.
struct ShopFixture {
  /// All that rules must agree on.
  static let drivers = [Driver.sqlite, .postgresql, .duckdb]

  let source: DataSource
  let folder: TemporaryFolder

  /// Ten people: two without an email, two who share one, one with a name in another form, ages with gaps.
  private static let rows: [String] = [
    "(1, 'ana', 'ana@x.org', 'PT', 31, 10.5, '2026-03-01 10:00:00')",
    "(2, 'ben', NULL, 'PT', 17, 20.0, '2026-03-01 11:00:00')",
    "(3, 'cid', 'cid@x.org', 'ES', NULL, 0.0, '2026-03-01 12:00:00')",
    "(4, 'dan', '', 'ES', 45, -3.25, '2026-03-01 13:00:00')",
    "(5, 'eva', 'same@x.org', 'FR', 28, 7.75, '2026-03-02 10:00:00')",
    "(6, 'fia', 'same@x.org', 'FR', 200, 1.0, '2026-03-02 10:30:00')",
    "(7, 'gus', 'gus@x.org', 'XX', 51, 2.0, NULL)",
    "(8, 'hal', NULL, NULL, 62, 3.0, '2026-03-02 11:00:00')",
    "(9, 'ida', 'ida at x.org', 'PT', 73, 4.0, '2026-03-02 11:30:00')",
    "(10, 'JAN', 'jan@x.org', 'NO', 84, NULL, '2026-03-02 12:00:00')",
  ]

  static let schema = """
    CREATE TABLE people (id INTEGER, name TEXT, email TEXT, country TEXT, age INTEGER, balance NUMERIC(10,2), seen TIMESTAMP);
    INSERT INTO people VALUES \(rows.joined(separator: ", "));
    CREATE TABLE nobody (id INTEGER, name TEXT, seen TIMESTAMP);
    CREATE TABLE now_seen (id INTEGER, seen TIMESTAMP);
    """

  /// Of SQLite alone: the newest was a quarter of an hour ago, and is not the greatest text.
  private static let textTimes = """
    CREATE TABLE text_seen (seen TEXT);
    INSERT INTO text_seen VALUES (strftime('%Y-%m-%dT%H:%M:%SZ', 'now', '-15 minutes')),
      (strftime('%Y-%m-%dT%H:%M:%S+05:00', 'now', '-4 hours', '+5 hours')), ('never'), (NULL);
    """

  init(_ driver: Driver) async throws {
    folder = try TemporaryFolder()
    switch driver {
    case .sqlite:
      let file = folder.path + "/shop.db"
      try await Command.run(
        "/usr/bin/env", "python3",
        "-c", "import sqlite3,sys; c=sqlite3.connect(sys.argv[1]); c.executescript(sys.argv[2]); c.commit()", file,
        Self.schema + "INSERT INTO now_seen VALUES (1, datetime('now', '-30 minutes'));" + Self.textTimes)
      source = DataSource(name: "shop", driver: .sqlite, uri: file)
    case .postgresql:
      let environment = ProcessInfo.processInfo.environment
      guard let admin = environment["TEST_POSTGRES_URI"] else {
        throw FixtureError("TEST_POSTGRES_URI is not set; run ./test")
      }
      let name = "test_checking_" + UUID().uuidString.lowercased().replacing("-", with: "")
      let uri = String(admin[...(admin.lastIndex(of: "/") ?? admin.startIndex)]) + name
      try await Command.run(
        "/usr/bin/env", "psql", "-q", "-v", "ON_ERROR_STOP=1", admin, "-c", "CREATE DATABASE \(name)")
      try await Command.run(
        "/usr/bin/env", "psql",
        "-q", "-v", "ON_ERROR_STOP=1", uri, "-c",
        Self.schema + "INSERT INTO now_seen VALUES (1, now() at time zone 'UTC' - interval '30 minutes')")
      source = DataSource(name: "shop", driver: .postgresql, uri: uri)
    case .duckdb:
      let file = folder.path + "/shop.duckdb"
      let statements = Self.schema.split(separator: ";\n").map(String.init)
      for statement in statements { try DuckDBDatabase.make(file, statement) }
      try DuckDBDatabase.make(
        file, "INSERT INTO now_seen VALUES (1, (now() at time zone 'UTC') - interval '30 minutes')")
      source = DataSource(name: "shop", driver: .duckdb, uri: file)
    case .adbc: throw FixtureError("\(driver) has no fixture")
    }
  }
}

struct FixtureError: Error, CustomStringConvertible {
  let description: String
  init(_ description: String) { self.description = description }
}
