import Checking
import Domain
import Foundation
import Persistence
import TestSupport
import Testing

/// Jobs elsewhere report how they went.
@Suite struct PingTests {
  private let id = QualifiedName(namespace: "shop", name: "backup")

  private func site(
    password: String? = nil, clock: @escaping @Sendable () -> Date = { Date() }
  ) async throws -> (SiteFixture, Visitor, path: String) {
    let site = try await SiteFixture(password: password, clock: clock)
    let checker = Checker(
      id: id, schedule: Schedule(.everyMinutes(1440)), body: .heartbeat, alarm: AlarmPolicy(staleAfterSeconds: 600))
    _ = try await site.service.save(checker, replacing: nil, expectedVersion: nil, author: "ana")
    return (site, Visitor(site), "/ping/" + (try await site.service.pingToken(of: id)))
  }

  private func state(_ site: SiteFixture) async throws -> Alarm.State? {
    try await site.store.checker(id)?.alarm.state
  }

  private func lastRun(_ site: SiteFixture) async throws -> Run {
    let summary = try #require(try await site.store.runs(RunFilter(checker: id), limit: 1, before: nil).first)
    return try #require(try await site.store.run(summary.id))
  }

  @Test func anAlarmOfAJobLeadsToWhereItReports() async throws {
    let (site, visitor, path) = try await site()
    _ = try await visitor.get(path + "/fail")
    let alarms = try await visitor.get("/alarms").body
    #expect(alarms.contains("Where its job reports") && !alarms.contains("/backup/run"))
    await site.stop()
  }

  @Test func eachKindOfPingIsARun() async throws {
    let (site, visitor, path) = try await site(password: "correct horse")
    // Nothing is expected before the first ping, and no sign-in is asked for.
    #expect(try await site.store.checker(id)?.nextRunAt == nil)
    for method in ["GET", "HEAD", "POST"] {
      let answer = try await visitor.send(method, path, [:], method == "POST" ? Data("done".utf8) : nil)
      #expect(answer.status == 200, "\(method)")
      #expect(method == "HEAD" || answer.body == "OK\n")
    }
    #expect(try await state(site) == .green)
    #expect(try await lastRun(site).log == "done")
    #expect(try await lastRun(site).trigger == .ping)
    let next = try #require(try await site.store.checker(id)?.nextRunAt)
    #expect(abs(next.timeIntervalSinceNow - 86_400) < 60)
    #expect(try await visitor.get(path + "/fail").status == 200)
    #expect(try await state(site) == .red)
    #expect(try await visitor.get(path + "/0").status == 200)
    #expect(try await state(site) == .green)
    #expect(try await visitor.send("POST", path + "/3", [:], Data("disk full".utf8)).status == 200)
    #expect(try await state(site) == .red)
    #expect(try await lastRun(site).summary.contains("the job ended with status 3"))
    for wrong in ["/256", "/-1", "/stop"] { #expect(try await visitor.get(path + wrong).status == 404) }
    #expect(try await visitor.get("/ping/00000000-0000-0000-0000-000000000000").status == 404)
    await site.stop()
  }

  @Test func aPingOfADisabledHeartbeatSaysThatItIsNotRecorded() async throws {
    let (site, visitor, path) = try await site()
    try await site.service.setEnabled(id, false)
    let answer = try await visitor.get(path + "/fail")
    #expect(answer.status == 200 && answer.body == "Not recorded: this heartbeat is disabled\n")
    #expect(try await site.store.runs(RunFilter(checker: id), limit: 1, before: nil).isEmpty)
    await site.stop()
  }

  @Test func aJobThatBeginsIsTimedAndItsEndIsExpected() async throws {
    let (site, visitor, path) = try await site()
    _ = try await visitor.get(path + "/start")
    let due = try #require(try await site.store.checker(id)?.nextRunAt)
    #expect(abs(due.timeIntervalSinceNow) < 60)
    #expect(try await state(site) == .unknown)
    // It never says that it ended: late by its grace after the beginning.
    let tick = try #require(try await site.store.nextTick())
    #expect(abs(tick.timeIntervalSince(due) - 600) < 0.001)
    _ = try await visitor.get(path)
    let run = try await lastRun(site)
    #expect(run.startedAt == due)
    #expect(run.finishedAt > run.startedAt)
    // The next one that does not say when it began has no length.
    _ = try await visitor.get(path)
    let second = try await lastRun(site)
    #expect(second.startedAt == second.finishedAt)
    _ = try await visitor.get(path)
    let third = try await lastRun(site)
    #expect(third.id != second.id && third.startedAt == third.finishedAt)
    await site.stop()
  }

  @Test func whatDoesNotComeInTimeGoesStale() async throws {
    let (site, visitor, path) = try await site()
    _ = try await visitor.get(path)
    let tick = try #require(try await site.store.nextTick())
    #expect(abs(tick.timeIntervalSinceNow - 87_000) < 60)
    let changed = try await site.store.tick(
      at: tick, aliveSince: .distantPast, limit: 9, router: Unheard())
    #expect(changed == [id])
    #expect(try await state(site) == .stale)
    _ = try await visitor.get(path)
    #expect(try await state(site) == .green)
    await site.stop()
  }

  @Test func longLogsAreCutAndFloodsRefused() async throws {
    let moment = Date()
    let (site, visitor, path) = try await site(clock: { moment })
    let answer = try await visitor.send("POST", path, [:], Data(repeating: 0x78, count: 300_000))
    #expect(answer.status == 200)
    #expect(try await lastRun(site).log.utf8.count == 100_000)
    var statuses: [Int] = []
    for _ in 0..<40 { statuses.append(try await visitor.get(path).status) }
    // Thirty at once, the long one among them.
    #expect(statuses == Array(repeating: 200, count: 29) + Array(repeating: 429, count: 11))
    await site.stop()
  }

  @Test func thePageShowsTheAddressAndMakesAnother() async throws {
    let (site, visitor, path) = try await site()
    let page = try await visitor.get("/checkers/shop/backup/heartbeat").body
    #expect(page.contains(path) && page.contains("curl ") && page.contains("/path/to/job.sh"))
    #expect(try await visitor.get("/checkers/shop/backup").body.contains("/checkers/shop/backup/heartbeat"))
    #expect(try await visitor.get("/checkers/shop/backup/edit").status == 303)
    let renewed = try await visitor.post(
      "/checkers/shop/backup/heartbeat/renew", from: "/checkers/shop/backup/heartbeat")
    #expect(renewed.status == 303)
    #expect(try await visitor.get(path).status == 404)
    // Nobody runs it from here.
    #expect(try await visitor.post("/checkers/shop/backup/run", from: "/checkers/shop/backup").status == 409)
    await site.stop()
  }

  @Test func theFormMakesAndChangesAHeartbeat() async throws {
    let site = try await SiteFixture()
    let visitor = Visitor(site)
    let fields = [
      ("namespace", "ops"), ("name", "nightly"), ("schedule", "0 3 * * *"), ("timezone", "Europe/Lisbon"),
      ("grace", "2h"), ("severity", "critical"), ("runbook", "Look at the log."),
    ]
    let wrong = fields.map { $0.0 == "schedule" ? ($0.0, "at night") : $0 }
    #expect(try await visitor.post("/heartbeats/new", wrong, from: "/heartbeats/new").status == 422)
    #expect(try await visitor.post("/heartbeats/new", fields, from: "/heartbeats/new").status == 303)
    let id = QualifiedName(namespace: "ops", name: "nightly")
    let stored = try #require(try await site.store.checker(id))
    #expect(stored.checker.body == .heartbeat)
    #expect(stored.checker.alarm.staleAfterSeconds == 7200)
    let token = try await site.service.pingToken(of: id)
    let changed = fields.map { $0.0 == "grace" ? ($0.0, "30m") : $0 }
    let path = "/checkers/ops/nightly/heartbeat"
    #expect(try await visitor.post(path, changed, from: path).status == 303)
    #expect(try await site.store.checker(id)?.checker.alarm.staleAfterSeconds == 1800)
    #expect(try await site.service.pingToken(of: id) == token)
    await site.stop()
  }
}

private struct Unheard: NoticeRouting {
  func deliveries(for update: AlarmUpdate) -> [NewDelivery] { [] }
  func withholding(_ stored: StoredChecker, at time: Date) -> String? { nil }
}
