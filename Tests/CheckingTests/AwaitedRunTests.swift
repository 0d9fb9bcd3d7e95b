import DataSources
import Domain
import Foundation
import Persistence
import TestSupport
import Testing

@testable import Checking

/// The run that decides what an alarm waits for.
@Suite struct AwaitedRunTests {
  private let folder: TemporaryFolder
  private let store: SQLiteStore
  private let service: CheckerService
  private let clock = ManualClock()
  private let id = QualifiedName(namespace: "shop", name: "few")

  init() throws {
    folder = try TemporaryFolder()
    store = try SQLiteStore(folder: folder.path)
    service = CheckerService(trying: store, clock)
  }

  /// A checker whose rule fails, or holds, and whose alarm waits twenty seconds either way.
  private func checker(isWell: Bool, _ schedule: Schedule?) -> Checker {
    let count = ExactDecimal(isWell ? 1 : 2)
    return Checker(
      id: id, schedule: schedule,
      body: .rules([Rule(check: "row_count", dataset: "one", threshold: .equal(count))]),
      alarm: AlarmPolicy(forSeconds: 20, keepFiringSeconds: 20))
  }

  private func save(_ checker: Checker) async throws {
    let known = try await store.checker(id) != nil
    _ = try await service.save(checker, replacing: known ? id : nil, expectedVersion: nil, author: "ana")
  }

  private func add(_ schedule: Schedule?) async throws {
    let file = folder.path + "/shop.db"
    try Data().write(to: URL(fileURLWithPath: file))
    try await service.save(DataSource(name: "shop", driver: .sqlite, uri: file), replacing: nil)
    try await service.save(
      Dataset(id: QualifiedName(namespace: "shop", name: "one"), dataSource: "shop", sql: "SELECT 1 AS a"),
      replacing: nil)
    try await save(checker(isWell: false, schedule))
  }

  private func due() async throws -> Date? { try await store.checker(id)?.nextRunAt }
  private func state() async throws -> Alarm.State? { try await store.checker(id)?.alarm.state }

  private func runDue() async throws {
    let claimed = try await store.claimDue(at: clock.now, limit: 9, lease: 60)
    #expect(claimed.count == 1)
    _ = try await service.run(claimed, trigger: .schedule)
  }

  private static let schedules: [Schedule?] = [nil, Schedule(.everyMinutes(600))]

  @Test(arguments: schedules) func itComesWithOrWithoutASchedule(schedule: Schedule?) async throws {
    try await add(schedule)
    _ = try await service.runNow(id, trigger: .manual)
    #expect(try await state() == .pending)
    #expect(try await due() == clock.now + 20)
    clock.advance(by: 20)
    try await runDue()
    #expect(try await state() == .red)
    try await save(checker(isWell: true, schedule))
    _ = try await service.runNow(id, trigger: .manual)
    #expect(try await state() == .recovering)
    clock.advance(by: 20)
    try await runDue()
    #expect(try await state() == .green)
    #expect((try await due() == nil) == (schedule == nil))
  }

  @Test(arguments: schedules) func anEditDoesNotPutItOff(schedule: Schedule?) async throws {
    try await add(schedule)
    _ = try await service.runNow(id, trigger: .manual)
    let awaited = clock.now + 20
    clock.advance(by: 5)
    var edited = checker(isWell: false, schedule)
    edited.description = "edited"
    try await save(edited)
    #expect(try await due() == awaited)
    try await service.setEnabled(id, false)
    #expect(try await due() == nil)
    clock.advance(by: 60)
    try await service.setEnabled(id, true)
    #expect(try await due() == clock.now)
    try await runDue()
    #expect(try await state() == .red)
  }

  @Test func aClockThatWentBackPutsNothingOff() async throws {
    try await add(Schedule(.everyMinutes(1)))
    clock.advance(by: 7200)
    _ = try await service.runNow(id, trigger: .schedule)
    clock.advance(by: -7200)
    let planned = try #require(try await due())
    #expect(planned > clock.now + 7000)
    #expect(try await service.planAfterClockWentBack() == 1)
    #expect(try #require(try await due()) <= clock.now + 60)
    #expect(try await service.planAfterClockWentBack() == 0)
  }
}
