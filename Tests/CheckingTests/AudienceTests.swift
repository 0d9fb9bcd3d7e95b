import DataSources
import Domain
import Foundation
import Persistence
import TestSupport
import Testing

@testable import Checking

/// Who is told of an alarm's end: those who heard of it.
@Suite struct AudienceTests {
  private let folder: TemporaryFolder
  private let store: SQLiteStore
  private let service: CheckerService
  private let clock = ManualClock()

  init() async throws {
    folder = try TemporaryFolder()
    store = try SQLiteStore(folder: folder.path)
    service = CheckerService(trying: store, clock, channels: Channels())
    for name in ["pager", "chat", "desk"] {
      try await store.save(Action(name: name, channel: "none", settings: [:], isDefault: false), replacing: nil)
    }
    try await service.save(
      RoutingTree(routes: [
        .init(matchers: [try AlarmMatcher.parse("severity=critical")], actions: ["pager"]), .init(actions: ["chat"]),
      ]), author: "ana")
    try await service.save(DataSource(name: "shop", driver: .sqlite, uri: folder.path + "/shop.db"), replacing: nil)
    try await service.save(
      Dataset(id: QualifiedName("shop/users", defaultNamespace: ""), dataSource: "shop", sql: "SELECT * FROM users"),
      replacing: nil)
  }

  private func add(
    _ name: String = "shop/orders", _ severity: Severity = .critical, perRow: [String] = []
  ) async throws -> QualifiedName {
    var checker = Checker.sample(name, severity: severity)
    checker.alarm.perRow = perRow
    _ = try await store.save(
      checker, replacing: nil, expectedVersion: nil, author: "ana", at: clock.now, nextRunAt: nil)
    return checker.id
  }

  private func run(_ id: QualifiedName, _ outcome: Outcome, failing: [RowKey]? = nil) async throws {
    clock.advance(by: 60)
    let rows = failing.map { keys in
      RowFindings(
        columns: ["country"], failing: keys.map { .init(key: $0, isWarning: outcome == .warned, assertions: [0]) },
        total: keys.count, gone: [], assertions: [0])
    }
    _ = try await store.record(
      .sample(of: id, outcome, at: clock.now), rows: rows, nextRun: { _ in NextRun(at: nil) },
      router: try await service.routing())
  }

  private func sendAllTo(_ action: String) async throws {
    try await service.save(RoutingTree(routes: [.init(actions: [action])]), author: "ana")
  }

  private func sent() async throws -> [String] {
    try await store.deliveries(action: nil, checker: nil, limit: 100).reversed().compactMap { delivery in
      guard case .alarm(let transition) = delivery.event.subject, delivery.state != .withheld else { return nil }
      return "\(transition.notice?.rawValue ?? "") \(delivery.event.severity.rawValue): \(delivery.action)"
    }
  }

  @Test func theEndOfACriticalCheckersWarningGoesToWhoeverHeardOfTheWarning() async throws {
    let id = try await add()
    try await run(id, .warned)
    try await run(id, .passed)
    #expect(try await sent() == ["red warning: chat", "resolved warning: chat"])
  }

  @Test func anEditedTreeLeavesNobodyWithoutTheEnd() async throws {
    let id = try await add()
    try await run(id, .failed)
    try await sendAllTo("desk")
    try await run(id, .passed)
    #expect(try await sent() == ["red critical: pager", "resolved critical: pager"])
  }

  @Test func anActionWithAnotherNameHearsOfTheEndAndOneThatIsGoneHearsNothing() async throws {
    let id = try await add()
    try await run(id, .failed)
    try await store.save(
      Action(name: "night", channel: "none", settings: [:], isDefault: false), replacing: "pager")
    try await sendAllTo("desk")
    try await run(id, .passed)
    #expect(try await sent() == ["red critical: night", "resolved critical: night"])
    try await run(id, .failed)
    try await sendAllTo("chat")
    try await service.deleteAction("desk")
    try await run(id, .passed)
    #expect(try await sent().suffix(1) == ["red critical: desk"])
  }

  @Test func anActionThatIsDeletedIsForgottenAlsoByOneOfItsName() async throws {
    let id = try await add()
    let country = try await add("shop/offices", perRow: ["country"])
    try await run(id, .failed)
    try await run(country, .failed, failing: [RowKey([.init("country", "PT")])])
    try await sendAllTo("desk")
    try await service.deleteAction("pager")
    try await store.save(Action(name: "pager", channel: "none", settings: [:], isDefault: false), replacing: nil)
    #expect(try await store.lease(at: clock.now + 60, limit: 9, seconds: 60).isEmpty, "what waited was the other's")
    try await run(id, .passed)
    try await run(country, .passed, failing: [])
    #expect(try await sent() == ["red critical: pager", "red critical: pager"])
  }

  @Test func anAlarmKeepsTheNameThatItWasToldUnderWhenItsCheckerIsRenamed() async throws {
    let id = try await add()
    let rows = try await add("shop/offices", perRow: ["country"])
    let portugal = RowKey([.init("country", "PT")])
    try await run(id, .failed)
    try await run(rows, .failed, failing: [portugal])
    let renamed = try await rename(try await rename(id, to: "shop/second"), to: "web/third")
    let branches = try await rename(rows, to: "shop/branches")
    try await run(renamed, .errored)
    try await run(branches, .failed, failing: [portugal, RowKey([.init("country", "ES")])])
    try await run(renamed, .passed)
    try await run(branches, .passed, failing: [])
    let news = try await store.deliveries(action: "pager", checker: nil, limit: 100).reversed().map(\.event)
    #expect(news.map(\.alarmName.description).filter { $0 == "shop/orders" }.count == 3)
    let ends = news.filter { if case .alarm(let change) = $0.subject { change.notice == .resolved } else { false } }
    #expect(
      Set(ends.map { "\($0.row?.text ?? "") \($0.checker) \($0.alarmName)" }) == [
        " web/third shop/orders", "country=PT shop/branches shop/offices", "country=ES shop/branches shop/branches",
      ])
    #expect(ends.first?.reason?.hasSuffix("; it opened as shop/orders") == true)
    // The next trouble has the new name.
    try await run(renamed, .failed)
    let next = try await store.deliveries(action: "pager", checker: nil, limit: 1).first?.event
    #expect(next?.alarmName.description == "web/third" && next?.reason == "the alarm opened")
  }

  @Test func nobodyTakesTheNameThatAnOpenAlarmIsKnownBy() async throws {
    let id = try await add()
    try await run(id, .failed)
    let renamed = try await rename(id, to: "shop/second")
    let error = await #expect(throws: StoreError.self) { _ = try await add() }
    #expect("\(try #require(error))".contains("The open alarm of shop/second was told as shop/orders"))
    let other = try await add("shop/other")
    await #expect(throws: StoreError.self) { _ = try await rename(other, to: "shop/orders") }
    await #expect(throws: StoreError.self) {
      let change = CatalogueChanges.CheckerChange(checker: .sample("shop/orders"), nextRunAt: nil)
      var changes = CatalogueChanges()
      changes.checkers = [change]
      try await store.write(changes, author: "ana", at: clock.now)
    }
    // Its own name it may have again.
    let again = try await rename(try await rename(renamed, to: "shop/orders"), to: "shop/second")
    try await run(again, .passed)
    _ = try await add()
  }

  @Test func aRenamedCheckerThatIsDeletedEndsWhatItToldOfUnderItsOldName() async throws {
    let renamed = try await rename(try await failing(), to: "shop/second")
    try await service.deleteChecker(renamed)
    let end = try await store.deliveries(action: "pager", checker: nil, limit: 1).first?.event
    #expect(end?.alarmName.description == "shop/orders" && end?.run.reason == "its checker was deleted")
  }

  private func failing() async throws -> QualifiedName {
    let id = try await add()
    try await run(id, .failed)
    return id
  }

  private func rename(_ id: QualifiedName, to name: String) async throws -> QualifiedName {
    var checker = try #require(try await store.checker(id)).checker
    checker.id = QualifiedName(name, defaultNamespace: "")
    _ = try await store.save(
      checker, replacing: id, expectedVersion: nil, author: "ana", at: clock.now, nextRunAt: nil)
    return checker.id
  }

  @Test func rowsHearOfTheirOwnEnds() async throws {
    let id = try await add(perRow: ["country"])
    let (portugal, spain) = (RowKey([.init("country", "PT")]), RowKey([.init("country", "ES")]))
    try await run(id, .warned, failing: [portugal])
    try await run(id, .failed, failing: [portugal, spain])
    #expect(
      try await sent() == ["red warning: chat", "red critical: pager", "red critical: chat", "red critical: pager"])
    try await sendAllTo("desk")
    try await run(id, .passed, failing: [])
    #expect(
      Set(try await sent().suffix(3)) == ["resolved critical: chat", "resolved critical: pager"])
    #expect(try await sent().count == 7)
  }

  @Test func whoAnswersForAHigherSeverityHearsOfWhatIsOpen() async throws {
    let id = try await add("shop/orders", .warning)
    try await run(id, .failed)
    var checker = try #require(try await store.checker(id)).checker
    checker.severity = .critical
    _ = try await store.save(
      checker, replacing: id, expectedVersion: nil, author: "ana", at: clock.now, nextRunAt: nil)
    #expect(try await service.tickAlarms() == 1)
    #expect(try await service.tickAlarms() == 0)
    try await run(id, .passed)
    #expect(
      try await sent() == [
        "red warning: chat", "red critical: pager", "red critical: chat", "resolved critical: chat",
        "resolved critical: pager",
      ])
  }

  @Test func aCheckerThatIsDeletedEndsWhatItToldOf() async throws {
    let id = try await add(perRow: ["country"])
    try await run(id, .failed, failing: [RowKey([.init("country", "PT")])])
    try await sendAllTo("desk")
    // It is being sent when somebody mutes the checker.
    #expect(try await store.lease(at: clock.now + 60, limit: 9, seconds: 30).count == 1)
    try await service.mute(id, reason: "", until: nil, author: "ana")
    try await service.deleteChecker(id)
    #expect(try await sent() == ["red critical: pager", "resolved critical: pager"])
    let ends = try await store.deliveries(action: "pager", checker: nil, limit: 1)
    #expect(ends.first?.event.run.reason == "its checker was deleted" && ends.first?.event.row != nil)
    // The end never comes before the beginning.
    #expect(try await store.lease(at: clock.now + 120, limit: 9, seconds: 60).map(\.event.run.outcome) == [.failed])
  }

  @Test func aCheckerThatToldOfNothingGoesQuietly() async throws {
    let id = try await add()
    try await run(id, .passed)
    try await service.deleteChecker(id)
    #expect(try await sent().isEmpty)
  }
}

private struct Channels: ChannelMaking {
  var kinds: [ChannelKind] { [] }
  func make(_ action: Action) throws(ChannelSettingsError) -> any Channel {
    throw ChannelSettingsError(key: "channel", message: "there are no channels here")
  }
}
