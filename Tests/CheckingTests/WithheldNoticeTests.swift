import DataSources
import Domain
import Foundation
import Persistence
import TestSupport
import Testing

@testable import Checking

/// What people hear of alarms of which they were not told.
@Suite struct WithheldNoticeTests {
  private let folder: TemporaryFolder
  private let store: SQLiteStore
  private let service: CheckerService
  private let clock = ManualClock()

  init() throws {
    folder = try TemporaryFolder()
    store = try SQLiteStore(folder: folder.path)
    service = CheckerService(trying: store, clock)
  }

  private func addAction(_ name: String, isDefault: Bool = true) async throws {
    try await store.save(Action(name: name, channel: "none", settings: [:], isDefault: isDefault), replacing: nil)
  }

  private func add(_ name: String, actions: [String] = [], _ outcome: Outcome? = nil) async throws {
    let checker = Checker.sample(name, actions: actions)
    _ = try await store.save(
      checker, replacing: nil, expectedVersion: nil, author: "ana", at: clock.now, nextRunAt: nil)
    if let outcome {
      _ = try await store.record(.sample(of: checker.id, outcome, at: clock.now), nextRunAt: nil) { _, _ in [] }
    }
  }

  private func silence(_ matcher: String, hours: Double) async throws -> Silence {
    try await service.save(
      Silence(
        matchers: [try AlarmMatcher.parse(matcher)], startsAt: clock.now, endsAt: clock.now + hours * 3600,
        author: "ana", comment: "migration"))
  }

  private func sent() async throws -> [String] {
    try await store.deliveries(action: nil, checker: nil, limit: 100).reversed().map {
      "\($0.state.rawValue) \($0.action): \($0.event.run.reason ?? "")"
    }
  }

  @Test func aSilenceTellsBeforeItsEndOfWhatItHidesToThoseWhoWouldHaveHeard() async throws {
    try await addAction("chat")
    try await addAction("pager", isDefault: false)
    try await addAction("nobody", isDefault: false)
    try await add("shop/a", .failed)
    try await add("shop/b", actions: ["pager", "chat"], .errored)
    try await add("shop/fine", actions: ["nobody"], .passed)
    _ = try await silence("namespace=shop", hours: 2)
    clock.advance(by: 7200 - 901)
    #expect(try await service.tellSilenceEndings() == 0)
    clock.advance(by: 1)
    #expect(try await service.tellSilenceEndings() == 1)
    #expect(try await service.tellSilenceEndings() == 0)
    let words = "Silence 1 by ana (migration) ends in 15m, and"
    #expect(
      Set(try await sent()) == [
        "waiting chat: \(words) 2 alarms that it hides are open: shop/a (red), shop/b (error)",
        "waiting pager: \(words) 1 alarm that it hides is open: shop/b (error)",
      ])
  }

  @Test func aSilenceThatHidesAlarmsOfRowsAloneTellsOfItsEndAsWell() async throws {
    struct Nobody: NoticeRouting {
      func deliveries(for update: AlarmUpdate) -> [NewDelivery] { [] }
      func withholding(_ stored: StoredChecker, at time: Date) -> String? { nil }
    }
    try await addAction("chat")
    var checker = Checker.sample("shop/offices")
    checker.alarm.perRow = ["country"]
    _ = try await store.save(
      checker, replacing: nil, expectedVersion: nil, author: "ana", at: clock.now, nextRunAt: nil)
    let portugal = RowKey([.init("country", "PT")])
    let findings = RowFindings(
      columns: ["country"], failing: [.init(key: portugal, isWarning: false, assertions: [0])], total: 1, gone: [],
      assertions: [0])
    _ = try await store.record(
      .sample(of: checker.id, .failed, at: clock.now), rows: findings, nextRun: { _ in NextRun(at: nil) },
      router: Nobody())
    #expect(try await store.checker(checker.id)?.alarm.state == .green)
    _ = try await silence("namespace=shop", hours: 1)
    clock.advance(by: 3000)
    #expect(try await service.tellSilenceEndings() == 1)
    #expect(try await sent().map { $0.hasSuffix("1 alarm that it hides is open: shop/offices (red)") } == [true])
  }

  @Test func aSilenceEndsQuietlyWhereNothingIsOpenOrSomethingElseHidesIt() async throws {
    try await addAction("chat")
    try await add("shop/a", .passed)
    try await add("shop/hidden", .failed)
    _ = try await silence("namespace=shop", hours: 1)
    _ = try await silence("checker=shop/hidden", hours: 2)
    clock.advance(by: 3000)
    #expect(try await service.tellSilenceEndings() == 0)
    // What opens before the end is told then.
    _ = try await store.record(
      .sample(of: QualifiedName("shop/a", defaultNamespace: ""), .failed, at: clock.now), nextRunAt: nil
    ) { _, _ in [] }
    clock.advance(by: 300)
    #expect(try await service.tellSilenceEndings() == 1)
    #expect(
      try await sent() == [
        "waiting chat: Silence 1 by ana (migration) ends in 5m, and 1 alarm that it hides is open: shop/a (red)"
      ])
    clock.advance(by: 301)
    #expect(try await service.tellSilenceEndings() == 0)
  }

  @Test func aShortSilenceTellsAtItsHalf() async throws {
    try await addAction("chat")
    try await add("shop/a", .failed)
    _ = try await silence("namespace=shop", hours: 0.1)
    clock.advance(by: 179)
    #expect(try await service.tellSilenceEndings() == 0)
    clock.advance(by: 1)
    #expect(try await service.tellSilenceEndings() == 1)
  }

  @Test func theEndOfASilenceAndOfAMuteIsActedOnAtOnce() async throws {
    try await addAction("chat")
    try await add("shop/a")
    try await add("shop/b")
    let (muted, silenced) = (
      QualifiedName("shop/a", defaultNamespace: ""), QualifiedName("shop/b", defaultNamespace: "")
    )
    let end = clock.now + 20
    try await service.mute(muted, reason: "", until: end, author: "ana")
    _ = try await silence("checker=shop/b", hours: 20.0 / 3600)
    for id in [muted, silenced] {
      _ = try await store.record(
        .sample(of: id, .failed, at: clock.now), rows: nil, nextRun: { _ in NextRun(at: nil) },
        router: try await service.routing())
    }
    #expect(try await store.nextTick() == end)
    clock.advance(by: 20)
    #expect(try await service.tickAlarms() == 2)
    #expect(try await states() == ["withheld checker", "withheld checker", "waiting checker", "waiting checker"])
  }

  @Test(arguments: [true, false]) func newsThatStillWaitsIsWithheldToo(isMuted: Bool) async throws {
    try await addAction("chat")
    try await add("shop/a")
    let id = QualifiedName(namespace: "shop", name: "a")
    _ = try await store.record(
      .sample(of: id, .failed, at: clock.now), rows: nil, nextRun: { _ in NextRun(at: nil) },
      router: try await service.routing())
    #expect(try await states() == ["waiting checker"])
    if isMuted {
      try await service.mute(id, reason: "", until: clock.now + 3600, author: "ana")
    } else {
      _ = try await silence("checker=shop/a", hours: 1)
    }
    #expect(try await states() == ["withheld checker"])
    #expect(try await store.checker(id)?.alarm.memory.trouble?.told == [])
    clock.advance(by: 3600)
    #expect(try await service.tickAlarms() == 1)
    #expect(try await states() == ["withheld checker", "waiting checker"])
  }

  @Test func whatWaitsWhenASilenceBeginsByItselfIsWithheld() async throws {
    try await addAction("chat")
    try await add("shop/a")
    let id = QualifiedName(namespace: "shop", name: "a")
    _ = try await service.save(
      Silence(
        matchers: [try AlarmMatcher.parse("checker=shop/a")], startsAt: clock.now + 60, endsAt: clock.now + 600,
        author: "ana", comment: "migration"))
    _ = try await store.record(
      .sample(of: id, .failed, at: clock.now), rows: nil, nextRun: { _ in NextRun(at: nil) },
      router: try await service.routing())
    try await service.withholdWhatSilencesHide()
    #expect(try await states() == ["waiting checker"])
    clock.advance(by: 60)
    try await service.withholdWhatSilencesHide()
    #expect(try await states() == ["withheld checker"])
  }

  /// A checker without a schedule whose database is away, and then is there without its table.
  private func fail() async throws -> (checker: QualifiedName, file: String) {
    try await addAction("chat")
    let file = folder.path + "/shop.db"
    try await service.save(DataSource(name: "shop", driver: .sqlite, uri: file), replacing: nil)
    try await service.save(
      Dataset(id: QualifiedName("shop/users", defaultNamespace: ""), dataSource: "shop", sql: "SELECT * FROM users"),
      replacing: nil)
    var checker = Checker.sample("shop/a")
    checker.schedule = nil
    _ = try await service.save(checker, replacing: nil, expectedVersion: nil, author: "ana")
    _ = try await service.runNow(checker.id, trigger: .manual)
    return (checker.id, file)
  }

  private func states() async throws -> [String] {
    try await store.deliveries(action: nil, checker: nil, limit: 100).reversed().map {
      "\($0.state.rawValue) \($0.event.about?.kind ?? "checker")"
    }
  }

  @Test func whatFailedInAnOutageIsRunAnewWithoutAScheduleToo() async throws {
    let (checker, file) = try await fail()
    #expect(Set(try await states()) == ["withheld checker", "waiting data_source"])
    try Data().write(to: URL(fileURLWithPath: file))
    #expect(try await service.watchOutages() == 1)
    // The old news rings nothing: a run that is due says how things stand.
    #expect(try await service.tickAlarms() == 0)
    clock.advance(by: 60)
    #expect(try await service.tickAlarms() == 0)
    #expect(try await store.claimDue(at: clock.now, limit: 9, lease: 60).map(\.checker.id) == [checker])
    try await store.releaseAllClaims()
    _ = try await service.runNow(checker, trigger: .schedule)
    #expect(try await states().suffix(2) == ["waiting data_source", "waiting checker"])
    #expect(try await store.checker(checker)?.nextRunAt == nil, "once is enough")
  }

  @Test func anOutageSaysWhichCheckersItStopsAndCountsItsEvents() async throws {
    let (_, file) = try await fail()
    try Data().write(to: URL(fileURLWithPath: file))
    _ = try await service.watchOutages()
    try FileManager.default.removeItem(atPath: file)
    let again = try #require(try await store.checker(QualifiedName("shop/a", defaultNamespace: "")))
    _ = try await service.runNow(again.checker.id, trigger: .manual)
    let events = try await store.deliveries(action: "chat", checker: nil, limit: 9).reversed().map(\.event).filter {
      $0.about != nil
    }
    #expect(events.map { $0.stops?.map(\.description) } == [["shop/a"], ["shop/a"], ["shop/a"]])
    #expect(events.first?.run.reason?.hasSuffix("; 1 checker cannot run: shop/a") == true)
    #expect(events.dropFirst().first?.run.reason?.hasSuffix("; 1 checker can run again: shop/a") == true)
    let sequences = events.map { event -> Int in
      if case .alarm(let transition) = event.subject { transition.sequence } else { 0 }
    }
    #expect(sequences == [1, 2, 3])
  }

  @Test func anOutageCountsTheSameCheckersFromItsBeginningToItsEnd() async throws {
    let (first, file) = try await fail()
    var other = Checker.sample("shop/b")
    other.schedule = nil
    _ = try await service.save(other, replacing: nil, expectedVersion: nil, author: "ana")
    let stopped = try await service.stoppedCheckers(by: "shop")
    #expect(stopped.all == 2 && stopped.tried == 1)
    try Data().write(to: URL(fileURLWithPath: file))
    _ = try await service.watchOutages()
    try FileManager.default.removeItem(atPath: file)
    _ = try await service.runNow(first, trigger: .manual)
    let reasons = try await store.deliveries(action: "chat", checker: nil, limit: 9).reversed().map(\.event).filter {
      $0.about != nil
    }.map { $0.run.reason ?? "" }
    #expect(reasons.count == 3)
    #expect(reasons[1].hasSuffix("; 2 checkers can run again: shop/a and shop/b"), "\(reasons)")
    #expect(reasons[2].hasSuffix("; 2 checkers cannot run: shop/a and shop/b"), "\(reasons)")
    // Only what tried needs to be run anew.
    #expect(try await store.checker(other.id)?.nextRunAt == nil)
  }

  @Test func aRunThatFindsTheDataSourceBackTellsOfItsOwnErrorAtOnce() async throws {
    let (checker, file) = try await fail()
    try Data().write(to: URL(fileURLWithPath: file))
    _ = try await service.runNow(checker, trigger: .manual)
    #expect(try await states().suffix(2) == ["waiting data_source", "waiting checker"])
    clock.advance(by: 120)
    #expect(try await service.tickAlarms() == 0)
  }
}
