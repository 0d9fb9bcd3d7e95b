import Domain
import Foundation
import FoundationNetworking
import Persistence
import TestSupport
import Testing

@Suite("The service and time") struct ServiceScheduleTests {
  private let folder: ServiceFolder

  init() throws { folder = try ServiceFolder() }

  private static func yaml(_ uri: String, sql: String, schedule: String, timeout: Int = 60) -> String {
    """
    version: 1
    namespace: shop
    data_sources:
      - {name: db, driver: postgresql, uri: "\(uri)", timeout: \(timeout)}
      - {name: file, driver: sqlite, uri: EMPTY_DB}
    datasets:
      - {name: slow, data_source: db, sql: "\(sql)"}
      - {name: quick, data_source: file, sql: SELECT 1 AS one}
    checkers:
      - {name: slow, schedule: "\(schedule)", rules: [{check: row_count, dataset: slow}]}
      - {name: slow-too, schedule: "\(schedule)", rules: [{check: row_count, dataset: slow, must_be: 1}]}
      - {name: quick, schedule: "\(schedule)", rules: [{check: row_count, dataset: quick}]}
    """
  }

  private static let never = "0 0 29 2 *"

  private func sleeping(_ database: PostgreSQLDatabase, seconds: Int) -> String {
    "SELECT 1 AS one FROM pg_sleep(\(seconds)) /* \(database.name) */"
  }

  private func isAsleep(_ database: PostgreSQLDatabase) async throws -> Bool {
    try await database.run(
      "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event = 'PgSleep'") != "0"
  }

  @Test("A run comes each minute by itself") func everyMinute() async throws {
    let database = try await PostgreSQLDatabase()
    try await folder.declare(Self.yaml(database.uri, sql: "SELECT 1 AS one", schedule: "* * * * *"))
    let service = try await folder.start()
    for checker in ["slow", "slow-too", "quick"] {
      try await service.state(of: "shop/\(checker)", says: "Green", seconds: 90)
    }
    #expect(try await service.stop() == 0)
    for checker in ["slow", "slow-too", "quick"] {
      let run = try #require(try await folder.runs(of: checker).first)
      let due = try #require(run.scheduledFor)
      #expect(run.trigger == .schedule)
      #expect(due.timeIntervalSince1970.truncatingRemainder(dividingBy: 60) == 0)
      #expect(run.startedAt >= due)
    }
  }

  @Test("Times that passed while the service was down become one run at its start") func overdue() async throws {
    let database = try await PostgreSQLDatabase()
    let due = Date(timeIntervalSince1970: 1_700_000_000)
    try await folder.declare(Self.yaml(database.uri, sql: "SELECT 1 AS one", schedule: Self.never), due: due)
    for _ in 0..<2 {
      let service = try await folder.start()
      for checker in ["slow", "slow-too", "quick"] {
        try await service.state(of: "shop/\(checker)", says: "Green")
      }
      #expect(try await service.stop() == 0)
    }
    for checker in ["slow", "slow-too", "quick"] {
      #expect(try await folder.runs(of: checker).map(\.scheduledFor) == [due])
      let stored = try await folder.use {
        try await $0.checker(QualifiedName(namespace: "shop", name: checker))
      }
      #expect(try #require(stored?.nextRunAt) > Date())
    }
  }

  @Test("kill -9 in the middle of a run: after the restart each due time has one run") func killed() async throws {
    let database = try await PostgreSQLDatabase()
    let due = Date(timeIntervalSince1970: 1_700_000_000)
    let sql = sleeping(database, seconds: 4)
    try await folder.declare(Self.yaml(database.uri, sql: sql, schedule: Self.never), due: due)
    let first = try await folder.start()
    try await first.state(of: "shop/quick", says: "Green")
    try await wait(until: "a run is under way") { try await isAsleep(database) }
    #expect(try await first.stop(SIGKILL) == 128 + SIGKILL)
    #expect(try await folder.runs(of: "slow").isEmpty)
    let second = try await folder.start()
    for checker in ["slow", "slow-too"] { try await second.state(of: "shop/\(checker)", says: "Green") }
    #expect(try await second.stop() == 0)
    for checker in ["slow", "slow-too", "quick"] {
      #expect(try await folder.runs(of: checker).map(\.scheduledFor) == [due])
    }
  }

  @Test("A slow query of one checker keeps no other one waiting") func slowBesideFast() async throws {
    let database = try await PostgreSQLDatabase()
    let sql = sleeping(database, seconds: 600)
    let yaml = Self.yaml(database.uri, sql: sql, schedule: Self.never, timeout: 900)
      .replacing("data_source: file", with: "data_source: db").replacing(
        "check: row_count, dataset: quick", with: "check: no_rows, dataset: quick")
    try await folder.declare(yaml, due: Date(timeIntervalSince1970: 1_700_000_000))
    let service = try await folder.start()
    try await service.state(of: "shop/quick", says: "Red")
    #expect(try await isAsleep(database))
    #expect(try await service.stop(SIGKILL) == 128 + SIGKILL)
    #expect(try await folder.runs(of: "quick").map(\.outcome) == [.failed])
    #expect(try await folder.runs(of: "slow").isEmpty)
  }

  @Test("A run that had to wait for the only connection says when it ended, and not sooner") func honestEnd()
    async throws
  {
    let database = try await PostgreSQLDatabase()
    let yaml = Self.yaml(database.uri, sql: sleeping(database, seconds: 3), schedule: Self.never)
      .replacing("timeout: 60", with: "timeout: 60, max_connections: 1")
      .replacing("data_source: file", with: "data_source: db")
    try await folder.declare(yaml, due: Date(timeIntervalSince1970: 1_700_000_000))
    try await folder.use { try await $0.setEnabled(.init(namespace: "shop", name: "quick"), true, nextRunAt: Date()) }
    let service = try await folder.start()
    try await service.state(of: "shop/quick", says: "Green")
    #expect(try await service.stop() == 0)
    let run = try #require(try await folder.runs(of: "quick").first)
    #expect(run.finishedAt.timeIntervalSince(run.startedAt) >= 3)
  }

  @Test("SIGTERM lets a run come to its end, with a live page open") func terminated() async throws {
    let database = try await PostgreSQLDatabase()
    let due = Date(timeIntervalSince1970: 1_700_000_000)
    let sql = sleeping(database, seconds: 3)
    try await folder.declare(Self.yaml(database.uri, sql: sql, schedule: Self.never), due: due)
    let service = try await folder.start()
    let page = service.site.listen("/events")
    try await wait(until: "a run is under way") { try await isAsleep(database) }
    #expect(try await service.stop() == 0)
    page?.cancel()
    for checker in ["slow", "slow-too", "quick"] {
      let runs = try await folder.runs(of: checker)
      #expect(runs.map(\.scheduledFor) == [due])
      #expect(runs.map(\.outcome) == [.passed])
    }
  }

  @Test("SIGTERM does not wait for ever; a run that was stopped is made after the next start") func stopped()
    async throws
  {
    let database = try await PostgreSQLDatabase("CREATE TABLE nap (seconds float8); INSERT INTO nap VALUES (600)")
    let due = Date(timeIntervalSince1970: 1_700_000_000)
    let sql = "SELECT 1 AS one FROM nap, pg_sleep(nap.seconds)"
    try await folder.declare(Self.yaml(database.uri, sql: sql, schedule: Self.never, timeout: 900), due: due)
    let first = try await folder.start()
    try await wait(until: "a run is under way") { try await isAsleep(database) }
    #expect(try await first.stop() == 0)
    #expect(try await folder.runs(of: "slow").isEmpty)
    // The database was told to stop too.
    try await wait(until: "nobody sleeps in the database") { try await !isAsleep(database) }
    try await database.run("UPDATE nap SET seconds = 0")
    let second = try await folder.start()
    try await second.state(of: "shop/slow", says: "Green")
    #expect(try await second.stop() == 0)
    #expect(try await folder.runs(of: "slow").map(\.scheduledFor) == [due])
  }
}
