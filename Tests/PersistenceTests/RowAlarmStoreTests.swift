import Domain
import Foundation
import GRDB
import TestSupport
import Testing

@testable import Persistence

/// Tells one action of every notice, with the row.
private struct RowAction: NoticeRouting {
  var obstacle: String?

  func deliveries(for update: AlarmUpdate) -> [NewDelivery] {
    guard let notice = update.change.notice else { return [] }
    var event = Event(
      id: "\(notice.kind.rawValue)-\(update.row?.digest ?? "")-\(update.at.timeIntervalSince1970)",
      subject: .alarm(notice.transition), checker: update.stored.checker, checkerVersion: update.stored.version,
      run: update.run, time: update.at)
    event.row = update.row
    return [
      NewDelivery(event: event, action: "queue", isWithheld: obstacle != nil, reason: obstacle ?? notice.reason.text)
    ]
  }

  func withholding(_ stored: StoredChecker, at time: Date) -> String? { obstacle }
}

/// Alarms of single rows in the store: written with their run, and never half.
@Suite struct RowAlarmStoreTests {
  private func key(_ country: String) -> RowKey { RowKey([.init("country", country)]) }

  private func fixture(_ policy: AlarmPolicy = AlarmPolicy(perRow: ["country"])) async throws -> StoreFixture {
    let fixture = try StoreFixture()
    var checker = Checker.sample("shop/a")
    checker.alarm = policy
    try await fixture.add(checker)
    return fixture
  }

  @discardableResult
  private func record(
    _ failing: [String], gone: [String] = [], total: Int? = nil, at seconds: Double, in store: SQLiteStore,
    router: RowAction = RowAction()
  ) async throws -> AlarmChange {
    let run = Run.sample(of: name("a"), failing.isEmpty ? .passed : .failed, at: after(seconds))
    let findings = RowFindings(
      columns: ["country"], failing: failing.map { .init(key: key($0), isWarning: false, assertions: [0]) },
      total: total, gone: Set(gone.map(key)), assertions: Set(run.assertions.indices))
    return try await store.record(run, rows: findings, nextRun: { _ in NextRun(at: after(86_400)) }, router: router)
  }

  private func told(_ store: SQLiteStore) async throws -> [String] {
    try await store.deliveries(action: nil, checker: nil, limit: 100).reversed().map {
      "\($0.event.row?.text ?? "own") \($0.reason)"
    }
  }

  private func states(_ store: SQLiteStore) async throws -> [String] {
    try await store.rowAlarms(of: name("a")).map { "\($0.key.text) \($0.alarm.state.rawValue)" }
  }

  @Test func twoRowsAreRedOneIsGreenAgainOneVanishes() async throws {
    let fixture = try await fixture()
    try await record(["PT", "ES"], at: 0, in: fixture.store)
    #expect(try await states(fixture.store) == ["country=ES red", "country=PT red"])
    // As a kill at this moment leaves it.
    let copy = try fixture.killedCopy()
    let store = try SQLiteStore(folder: copy.path)
    try await record(["PT"], at: 60, in: store)
    try await record([], gone: ["PT"], at: 120, in: store)
    #expect(
      try await told(store) == [
        "country=PT the alarm opened", "country=ES the alarm opened", "country=ES resolved after 1m",
        "country=PT its row is gone, after 2m",
      ])
    #expect(try await states(store) == [])
    let changes = try await store.transitions(of: name("a"), limit: 10)
    #expect(
      changes.map { "\($0.row?.text ?? "own") \($0.transition.to.rawValue): \($0.summary)" }.prefix(3) == [
        "country=PT green: its row is gone", "country=ES green: the row is well again",
        "own green: the rows tell for themselves",
      ])
  }

  @Test func listsShowTheWorstAndTheCheckersOwnAlarmIsNotTold() async throws {
    let fixture = try await fixture()
    let change = try await record(["PT"], at: 0, in: fixture.store)
    #expect(change.notice == nil)
    let stored = try #require(try await fixture.store.checker(name("a")))
    #expect(stored.alarm.state == .green)
    #expect(stored.shownAlarm.state == .red)
    #expect(stored.rows?.open == 1)
    let filter = OverviewFilter(state: .red, attentionLimit: 9, perNamespaceLimit: 9, at: after(1))
    #expect(try await fixture.store.overview(filter).attention.map(\.checker.id) == [name("a")])
    try await record([], at: 60, in: fixture.store)
    #expect(try await fixture.store.checker(name("a"))?.rows == nil)
    #expect(try await fixture.store.overview(filter).attention.isEmpty)
  }

  @Test func moreRowsThanMayRingAreToldOnceByTheCheckersOwnAlarm() async throws {
    let fixture = try await fixture(AlarmPolicy(perRow: ["country"], maxAlarms: 1))
    try await record(["PT", "ES"], total: 1205, at: 0, in: fixture.store)
    try await record(["PT", "ES"], total: 1300, at: 60, in: fixture.store)
    let own = try await fixture.store.deliveries(action: nil, checker: nil, limit: 9).filter { $0.event.row == nil }
    #expect(own.map(\.event.run.summary) == ["and 1,204 more rows; max_alarms is 1"])
    #expect(try await fixture.store.checker(name("a"))?.alarm.state == .red)
    #expect(try await states(fixture.store) == ["country=PT red"])
  }

  @Test func theEventsOfARowGoOnCountingWhenItFailsAgain() async throws {
    let fixture = try await fixture()
    for (index, failing) in [["PT"], [], ["PT"]].enumerated() {
      try await record(failing, at: Double(index) * 60, in: fixture.store)
    }
    let changes = try await fixture.store.transitions(of: name("a"), limit: 9).filter { $0.row != nil }
    #expect(changes.map(\.transition.sequence) == [3, 2, 1])
  }

  @Test func oneRowIsAcknowledgedAndTheOtherRemindedOf() async throws {
    let fixture = try await fixture(AlarmPolicy(repeatSeconds: 600, perRow: ["country"]))
    try await record(["PT", "ES"], at: 0, in: fixture.store)
    let acknowledgement = Acknowledgement(author: "ana", comment: "", at: after(60), expiresAt: nil)
    try await fixture.store.acknowledge(name("a"), row: key("PT"), acknowledgement, router: RowAction())
    #expect(try await fixture.store.checker(name("a"))?.rows?.unattended == 1)
    #expect(try await fixture.store.nextTick() == after(600.25))
    let changed = try await fixture.store.tick(at: after(600.25), aliveSince: after(0), limit: 9, router: RowAction())
    #expect(changed == [name("a")])
    #expect(
      try await told(fixture.store).suffix(2) == [
        "country=PT ana looks after it", "country=ES still open after 10m, not acknowledged",
      ])
    let entries = try await fixture.store.entries(of: name("a"), limit: 9)
    #expect(entries.first { $0.kind == .acknowledged }?.row == key("PT"))
    try await fixture.store.withdrawAcknowledgement(name("a"), row: key("PT"), author: "ana", at: after(700))
    let error = await #expect(throws: StoreError.self) {
      try await fixture.store.acknowledge(name("a"), row: key("XX"), acknowledgement, router: RowAction())
    }
    #expect(error?.description.contains("row country=XX") == true)
  }

  @Test func acknowledgingTheCheckerTakesAllOfItsRows() async throws {
    let fixture = try await fixture()
    try await record(["PT", "ES"], at: 0, in: fixture.store)
    let acknowledgement = Acknowledgement(author: "ana", comment: "", at: after(60), expiresAt: nil)
    try await fixture.store.acknowledge(name("a"), acknowledgement, router: RowAction())
    #expect(try await fixture.store.rowAlarms(of: name("a")).allSatisfy { $0.alarm.acknowledgement != nil })
    #expect(try await fixture.store.checker(name("a"))?.rows?.unattended == 0)
  }

  @Test(arguments: [AlarmPolicy(perRow: ["tenant"]), .standard])
  func anotherPolicyEndsWhatIsOpen(_ policy: AlarmPolicy) async throws {
    let fixture = try await fixture()
    try await record(["PT"], at: 0, in: fixture.store)
    var checker = try #require(try await fixture.store.checker(name("a"))).checker
    checker.alarm = policy
    _ = try await fixture.store.save(
      checker, replacing: name("a"), expectedVersion: nil, author: "ana", at: after(60.25), nextRunAt: after(86_400))
    #expect(try await fixture.store.nextTick() == after(60.25))
    _ = try await fixture.store.tick(at: after(60.25), aliveSince: after(0), limit: 9, router: RowAction())
    #expect(try await told(fixture.store).last == "country=PT its rule is gone or changed, after 1m")
    #expect(try await states(fixture.store) == [])
    #expect(try await fixture.store.checker(name("a"))?.shownAlarm.state == .green)
  }

  @Test func anotherThresholdKeepsWhatIsOpen() async throws {
    let fixture = try await fixture()
    try await record(["PT"], at: 0, in: fixture.store)
    let checker = try #require(try await fixture.store.checker(name("a"))).checker
    _ = try await fixture.store.save(
      checker, replacing: name("a"), expectedVersion: nil, author: "ana", at: after(60), nextRunAt: after(86_400))
    _ = try await fixture.store.tick(at: after(60), aliveSince: after(0), limit: 9, router: RowAction())
    #expect(try await states(fixture.store) == ["country=PT red"])
    #expect(try await told(fixture.store).count == 1)
  }

  @Test func whatASilenceWithheldOfARowIsToldWhenItEnds() async throws {
    let fixture = try await fixture()
    try await record(["PT"], at: 0, in: fixture.store, router: RowAction(obstacle: "planned work"))
    _ = try await fixture.store.tick(at: after(70), aliveSince: after(0), limit: 9, router: RowAction())
    #expect(try await told(fixture.store).last == "country=PT it was withheld until now, and is still open")
  }

  @Test func aStoreFromBeforeRowsKeepsItsHistory() async throws {
    let fixture = try StoreFixture()
    try await fixture.add(.sample("shop/a"))
    try await fixture.record(.sample(of: name("a"), .failed, at: after(0)))
    try await fixture.store.write { database in
      try database.execute(
        sql: """
          DROP INDEX checker_with_rows; DROP TABLE outage_count;
          DROP TABLE row_alarm; ALTER TABLE checker DROP COLUMN alarm_rows; ALTER TABLE alarm_entry DROP COLUMN row_key;
          CREATE TABLE old (number INTEGER PRIMARY KEY, checker_id INTEGER NOT NULL REFERENCES checker ON DELETE CASCADE,
            sequence INTEGER NOT NULL, from_state TEXT NOT NULL, to_state TEXT NOT NULL, is_warning INTEGER NOT NULL,
            was_warning INTEGER NOT NULL, at REAL NOT NULL, previous_since REAL NOT NULL, run_id TEXT NOT NULL,
            summary TEXT NOT NULL, UNIQUE (checker_id, sequence)) STRICT;
          INSERT INTO old SELECT number, checker_id, sequence, from_state, to_state, is_warning, was_warning, at,
            previous_since, run_id, summary FROM transition;
          DROP TABLE transition; ALTER TABLE old RENAME TO transition;
          DELETE FROM grdb_migrations WHERE identifier IN ('8 rows', '11 outage counts')
          """)
    }
    try fixture.store.close()
    let store = try SQLiteStore(folder: fixture.folder.path)
    #expect(try await store.transitions(of: name("a"), limit: 9).map(\.transition.to) == [.red])
    #expect(try await store.checker(name("a"))?.shownAlarm.state == .red)
    #expect(try await store.rowAlarms(of: name("a")).isEmpty)
  }
}
