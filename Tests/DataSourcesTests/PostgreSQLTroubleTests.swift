import Domain
import Foundation
import TestSupport
import Testing

/// A PostgreSQL that hangs, refuses, restarts or is slow.
@Suite struct PostgreSQLTroubleTests {
  let database: PostgreSQLDatabase

  init() async throws { database = try await PostgreSQLDatabase() }

  private func active(_ words: String) async throws -> String {
    try await database.run(
      """
      SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND state = 'active'
        AND pid <> pg_backend_pid() AND query LIKE '%\(words)%'
      """)
  }

  @Test func aSlowQueryEndsAtItsTimeLimit() async throws {
    let engine = try Engines.open(.postgresql, database.uri)
    let error = await engine.error(of: "SELECT pg_sleep(60)", limits: QueryLimits(timeoutSeconds: 0.3))
    #expect(error?.kind == .timeout)
    #expect(error?.message.contains("0.3 s") == true)
    try await eventually("the sleep ended") { try await active("pg_sleep") == "0" }
  }

  @Test func aQueryThatRaisesItsOwnLimitEndsAllTheSame() async throws {
    let engine = try Engines.open(.postgresql, database.uri, limits: QueryLimits(timeoutSeconds: 0.5))
    let error = await engine.error(
      of: "SELECT set_config('statement_timeout', '0', true), pg_sleep(60)", limits: QueryLimits(timeoutSeconds: 0.5))
    #expect(error?.kind == .timeout)
    try await eventually("the sleep ended") { try await active("pg_sleep") == "0" }
    #expect(try await engine.row("SELECT 1") == [.integer(1)])
  }

  @Test func cancellingTheTaskReachesTheDatabase() async throws {
    let engine = try Engines.open(.postgresql, database.uri)
    let task = Task { await engine.error(of: "SELECT pg_sleep(59)") }
    try await eventually("it runs") { try await active("pg_sleep(59)") == "1" }
    task.cancel()
    #expect(await task.value?.kind == .cancelled)
    try await eventually("it ended") { try await active("pg_sleep(59)") == "0" }
  }

  @Test func cancellingABatchEndsAllOfIt() async throws {
    let engine = try Engines.open(.postgresql, database.uri)
    let queries = (0..<5).map { _ in Query("SELECT pg_sleep(58)") }
    let task = Task { await engine.run(together: queries) }
    try await eventually("it runs") { try await active("pg_sleep(58)") != "0" }
    task.cancel()
    for result in await task.value {
      #expect(throws: QueryError.self) { try result.get() }
    }
    try await eventually("it ended") { try await active("pg_sleep(58)") == "0" }
  }

  @Test func closingStopsWhatRuns() async throws {
    let engine = try Engines.open(.postgresql, database.uri)
    let task = Task { await engine.error(of: "SELECT pg_sleep(57)") }
    try await eventually("it runs") { try await active("pg_sleep(57)") == "1" }
    await engine.close()
    #expect(await task.value?.kind == .cancelled)
    #expect(await engine.error(of: "SELECT 1")?.kind == .connection)
    try await eventually("no session is left") {
      try await database.run(
        "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()") == "0"
    }
  }

  @Test func oneOfABatchAtItsTimeLimitLeavesTheOthersAlone() async throws {
    let engine = try Engines.open(.postgresql, database.uri)
    var slow = Query("SELECT pg_sleep(60)")
    slow.limits.timeoutSeconds = 0.2
    let results = await engine.run(together: [Query("SELECT 1"), slow, Query("SELECT 3"), Query("SELECT 4")])
    #expect(try results[0].get().row(0) == [.integer(1)])
    #expect(throws: QueryError.self) { try results[1].get() }
    if case .failure(let error) = results[1] { #expect(error.kind == .timeout) }
    #expect(try results[2].get().row(0) == [.integer(3)])
    #expect(try results[3].get().row(0) == [.integer(4)])
  }

  @Test func oneOfABatchAtItsRowLimitLeavesTheOthersAlone() async throws {
    let engine = try Engines.open(.postgresql, database.uri)
    let many = Query("SELECT generate_series(1, 1000000000)", limits: QueryLimits(maxRows: 10))
    let results = await engine.run(together: [Query("SELECT 1"), many, Query("SELECT 3")])
    #expect(try results[1].get().rowCount == 10)
    #expect(try results[1].get().isTruncated)
    #expect(try results[2].get().row(0) == [.integer(3)])
  }

  @Test func aQueryWithoutColumnsIsToldAsSuchAlsoWhereItsRowsAreCutOff() async throws {
    let engine = try Engines.open(.postgresql, database.uri)
    let query = Query("SELECT FROM generate_series(1, 100000)", limits: QueryLimits(maxRows: 10))
    let error = await #expect(throws: QueryError.self) { try await engine.run(query) }
    #expect(error?.message.contains("returns no columns") == true)
    #expect(try await engine.row("SELECT 1") == [.integer(1)])
  }

  @Test func slowBatchesShareOneSnapshotBetweenConnections() async throws {
    try await database.run("CREATE TABLE t (a int); INSERT INTO t VALUES (1)")
    let engine = try Engines.open(.postgresql, database.uri)
    let queries = (0..<6).map { _ in
      Query("SELECT pg_backend_pid(), pg_sleep(2)::text, pg_current_snapshot()::text, (SELECT count(*) FROM t)")
    }
    let task = Task { await engine.run(together: queries) }
    try await eventually("it runs") { try await active("pg_current_snapshot") != "0" }
    try await database.run("INSERT INTO t VALUES (2)")
    let rows = try await task.value.map { try $0.get().row(0) }
    #expect((2...4).contains(Set(rows.map { $0[0] }).count))
    #expect(Set(rows.map { $0[2] }).count == 1)
    #expect(Set(rows.map { $0[3] }) == [.integer(1)])
  }

  @Test func whoSaysNothingIsWaitedForAsLongAsForAQuery() async throws {
    let silent = try SilentServer()
    let uri = "postgresql://a@127.0.0.1:\(silent.port)/a"
    let engine = try Engines.open(.postgresql, uri, limits: QueryLimits(timeoutSeconds: 2.5))
    let error = try #require(await engine.error(of: "SELECT 1"))
    #expect(error.kind == .connection && error.code == QueryError.silence)
    #expect(error.message.hasSuffix("did not answer within 3 s."))
    let patient = try Engines.open(
      .postgresql, uri, limits: QueryLimits(timeoutSeconds: 600), options: ["connect_timeout": "2"])
    #expect(await patient.error(of: "SELECT 1")?.message.hasSuffix("did not answer within 2 s.") == true)
  }

  @Test func aRefusedConnectionIsToldInSentences() async throws {
    let engine = try Engines.open(.postgresql, "postgresql://nobody@127.0.0.1:1/none")
    let message = try #require(await engine.error(of: "SELECT 1")).message
    #expect(message.hasPrefix("Cannot connect: "))
    #expect(message.contains("Connection refused. Is the server running"))
    #expect(message.hasSuffix("connections?"))
    #expect(!message.contains { $0.isNewline || $0 == "\t" })
  }

  @Test func neverMoreConnectionsThanAllowed() async throws {
    let engine = try Engines.open(.postgresql, database.uri, connections: 3)
    let pids = try await withThrowingTaskGroup(of: Cell.self) { group in
      for _ in 0..<20 {
        group.addTask { try await engine.row("SELECT pg_backend_pid(), pg_sleep(0.02)::text")[0] }
      }
      return try await group.reduce(into: Set<Cell>()) { $0.insert($1) }
    }
    #expect(pids.count <= 3)
  }

  @Test func aCancelledCallerInLineLeavesTheLine() async throws {
    let engine = try Engines.open(.postgresql, database.uri, connections: 1)
    let first = Task { await engine.error(of: "SELECT pg_sleep(56)") }
    try await eventually("it runs") { try await active("pg_sleep(56)") == "1" }
    let second = Task { await engine.error(of: "SELECT 2") }
    second.cancel()
    #expect(await second.value?.kind == .cancelled)
    first.cancel()
    #expect(await first.value?.kind == .cancelled)
    #expect(try await engine.row("SELECT 3") == [.integer(3)])
  }

  @Test func aKilledSessionIsReplaced() async throws {
    let engine = try Engines.open(.postgresql, database.uri, connections: 2)
    let pid = try await engine.row("SELECT pg_backend_pid()")[0].text
    try await database.run("SELECT pg_terminate_backend(\(pid))")
    #expect(try await engine.row("SELECT 1") == [.integer(1)])
    let task = Task { await engine.error(of: "SELECT pg_sleep(55)") }
    try await eventually("it runs") { try await active("pg_sleep(55)") == "1" }
    try await database.run(
      "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE '%pg_sleep(55)%' AND pid <> pg_backend_pid()"
    )
    let killed = await task.value
    #expect(killed?.kind == .connection)
    // One line, whatever libpq makes of it.
    #expect(killed?.message.contains { $0.isNewline || $0 == "\t" } == false, "\(killed as Any)")
    #expect(try await engine.row("SELECT 2") == [.integer(2)])
    let results = await engine.run(together: [Query("SELECT 3")])
    #expect(try results[0].get().row(0) == [.integer(3)])
  }

  @Test func aRestartedServerIsFoundAgain() async throws {
    let server = try await DisposablePostgreSQL()
    let engine = try Engines.open(.postgresql, server.uri)
    #expect(try await engine.row("SELECT 1") == [.integer(1)])
    try await server.restart()
    #expect(try await engine.row("SELECT 2") == [.integer(2)])
    try await server.restart()
    let results = await engine.run(together: [Query("SELECT 3"), Query("SELECT 4")])
    #expect(try results.map { try $0.get().row(0) } == [[.integer(3)], [.integer(4)]])
    try await server.stop()
    let error = await engine.error(of: "SELECT 5")
    #expect(error?.kind == .connection)
    try await server.start()
    #expect(try await engine.row("SELECT 6") == [.integer(6)])
  }

  @Test func refusalsAreClearAndKeepTheSecret() async throws {
    let uri = database.uri.replacingOccurrences(of: "postgres@", with: "nobody_such:${SHOP_PASSWORD}@")
    let engine = try Engines.open(.postgresql, uri, environment: ["SHOP_PASSWORD": "p@ss:w/rd %41"])
    let error = await engine.error(of: "SELECT 1")
    #expect(error?.kind == .connection)
    #expect(error?.message.contains("nobody_such") == true)
    #expect(error?.message.contains("p@ss") == false)
    for step in await engine.test() { #expect(!step.detail.contains("p@ss")) }
    let closed = try Engines.open(.postgresql, "postgresql://ro@127.0.0.1:1/shop")
    #expect(await closed.error(of: "SELECT 1")?.kind == .connection)
    #expect(await closed.run(together: [Query("SELECT 1"), Query("SELECT 2")]).allSatisfy { (try? $0.get()) == nil })
  }

  @Test func aServerThatNeverAnswersIsGivenUp() async throws {
    let listener = try SilentServer()
    let engine = try Engines.open(.postgresql, "postgresql://ro@127.0.0.1:\(listener.port)/shop?connect_timeout=2")
    let error = await engine.error(of: "SELECT 1")
    #expect(error?.kind == .connection)
    #expect(error?.message.contains("did not answer") == true)
    let task = Task {
      await (try Engines.open(.postgresql, "postgresql://ro@127.0.0.1:\(listener.port)/shop")).error(of: "SELECT 1")
    }
    try await Task.sleep(for: .milliseconds(100))
    task.cancel()
    #expect(try await task.value?.kind == .cancelled)
  }
}
