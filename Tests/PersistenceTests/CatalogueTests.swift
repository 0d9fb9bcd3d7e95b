import Domain
import Foundation
import TestSupport
import Testing

@testable import Persistence

@Suite struct CatalogueTests {
  @Test func dataSourcesComeBackWhole() async throws {
    let fixture = try StoreFixture()
    let source = DataSource(
      name: "shop", driver: .postgresql, uri: "postgresql://ro:${PASSWORD}@localhost/shop", description: "the shop",
      limits: QueryLimits(timeoutSeconds: 0.1, maxRows: 5, maxBytes: 100), maxConnections: 2, options: ["a": "b"])
    try await fixture.store.save(source, replacing: nil)
    #expect(try await fixture.store.dataSource("shop") == source)
    #expect(try await fixture.store.dataSources() == [source])
    #expect(try await fixture.store.dataSource("other") == nil)
  }

  @Test func aTakenNameIsAConflictAndAMissingOneIsNotFound() async throws {
    let fixture = try StoreFixture()
    let source = DataSource(name: "shop", driver: .sqlite, uri: "a.db")
    try await fixture.store.save(source, replacing: nil)
    await #expect(throws: StoreError.taken("data source", "shop")) {
      try await fixture.store.save(source, replacing: nil)
    }
    await #expect(throws: StoreError.missing("data source", "gone")) {
      try await fixture.store.save(DataSource(name: "new", driver: .sqlite, uri: "b.db"), replacing: "gone")
    }
    await #expect(throws: StoreError.missing("data source", "gone")) {
      try await fixture.store.deleteDataSource("gone")
    }
  }

  @Test func renamedDataSourceCarriesOverToDatasets() async throws {
    let fixture = try StoreFixture()
    var source = DataSource(name: "shop", driver: .sqlite, uri: "a.db")
    try await fixture.store.save(source, replacing: nil)
    try await fixture.store.save(Dataset(id: name("users"), dataSource: "shop", sql: "SELECT 1"), replacing: nil)
    var reader = Checker.sample("shop/reader", dataset: "none")
    reader.runbook = "~~~ sql shop\nSELECT 1\n~~~\n\n    sql shop is not one\n"
    try await fixture.add(reader)
    source.name = "store"
    try await fixture.store.save(source, replacing: "shop")
    #expect(
      try await fixture.store.checker(name("shop/reader"))?.checker.runbook
        == "~~~sql store\nSELECT 1\n~~~\n\n    sql shop is not one\n")
    #expect(try await fixture.store.dataset(name("users"))?.dataSource == "store")
    #expect(try await fixture.store.dataSource("shop") == nil)
    await #expect(throws: StoreError.inUse("The data source store is used by datasets", by: ["shop/users"])) {
      try await fixture.store.deleteDataSource("store")
    }
    try await fixture.store.deleteDataset(name("users"))
    try await fixture.store.deleteDataSource("store")
    #expect(try await fixture.store.dataSources().isEmpty)
  }

  @Test func aDataSourceIsNotRenamedWhileItIsDown() async throws {
    let fixture = try StoreFixture()
    var source = DataSource(name: "shop", driver: .sqlite, uri: "a.db")
    try await fixture.store.save(source, replacing: nil)
    let outage = Outage(.dataSource("shop"), since: sampleTime, error: "gone")
    #expect(try await fixture.store.begin(outage, deliveries: []))
    source.name = "store"
    let refused = await #expect(throws: StoreError.self) {
      try await fixture.store.save(source, replacing: "shop")
    }
    #expect(refused?.description.contains("rename it once it is reached again") == true)
    source.name = "shop"
    source.uri = "b.db"
    try await fixture.store.save(source, replacing: "shop")
    _ = try await fixture.store.end(.dataSource("shop"), at: sampleTime) { _ in [] }
    source.name = "store"
    try await fixture.store.save(source, replacing: "shop")
    #expect(try await fixture.store.dataSource("store")?.uri == "b.db")
  }

  @Test func renamedDatasetCarriesOverToRules() async throws {
    let fixture = try StoreFixture()
    try await fixture.store.save(Dataset(id: name("users"), dataSource: "shop", sql: "SELECT 1"), replacing: nil)
    try await fixture.add(.sample("shop/near", dataset: "users"))
    try await fixture.add(.sample("web/far", dataset: "shop/users"))
    try await fixture.add(.sample("web/other", dataset: "users"))
    var reader = Checker.sample("web/reader", dataset: "users")
    reader.runbook = "Look:\r\n\r\n```dataset shop/users\r\nid = :id\r\n```\r\n```dataset users\r\n```\r\n"
    try await fixture.add(reader)
    try await fixture.store.save(
      Dataset(id: name("people"), dataSource: "shop", sql: "SELECT 1"), replacing: name("users"))
    let near = try #require(try await fixture.store.checker(name("shop/near")))
    #expect(near.checker.body.rules.map(\.dataset) == ["people"])
    #expect(near.version == 2)
    #expect(near.nextRunAt == sampleTime)
    #expect(try await fixture.store.checker(name("web/far"))?.checker.body.rules.map(\.dataset) == ["shop/people"])
    #expect(try await fixture.store.checker(name("web/other"))?.version == 1)
    #expect(
      try await fixture.store.checker(name("web/reader"))?.checker.runbook
        == reader.runbook.replacing("dataset shop/users", with: "dataset shop/people"))
    await #expect(
      throws: StoreError.inUse("The dataset shop/people is used by checkers", by: ["shop/near", "web/far"])
    ) { try await fixture.store.deleteDataset(name("people")) }
  }

  @Test func renamedActionCarriesOverToCheckersAndDeliveries() async throws {
    let fixture = try StoreFixture()
    try await fixture.store.save(
      Action(name: "queue", channel: "rabbitmq", settings: ["uri": "amqp://"]), replacing: nil)
    try await fixture.add(.sample("shop/a", actions: ["queue"]))
    try await fixture.record(.sample(of: name("a"), .failed), actions: ["queue"])
    try await fixture.store.save(Action(name: "alerts", channel: "rabbitmq", settings: [:]), replacing: "queue")
    #expect(try await fixture.store.checker(name("a"))?.checker.actions == ["alerts"])
    #expect(try await fixture.store.deliveries(action: "alerts", checker: nil, limit: 9).count == 1)
    #expect(try await fixture.store.actions().map(\.name) == ["alerts"])
    await #expect(throws: StoreError.inUse("The action alerts is used by checkers", by: ["shop/a"])) {
      try await fixture.store.deleteAction("alerts")
    }
  }

  @Test func everySaveIsAVersion() async throws {
    let fixture = try StoreFixture()
    var checker = Checker.sample(tags: ["b", "a", "a"])
    let first = try await fixture.add(checker)
    #expect(first.version == 1)
    #expect(first.alarm == Alarm(since: sampleTime))
    checker.description = "E-mail addresses are there"
    let second = try await fixture.store.save(
      checker, replacing: checker.id, expectedVersion: 1, author: "rui", at: after(60), nextRunAt: after(300))
    #expect(second.checker == checker)
    #expect(second.version == 2)
    #expect(second.nextRunAt == after(300))
    #expect(try await fixture.store.checker(checker.id) == second)
    let versions = try await fixture.store.versions(of: checker.id)
    #expect(versions.map(\.version) == [2, 1])
    #expect(versions.map(\.author) == ["rui", "ana"])
    #expect(versions.map(\.checker.description) == ["E-mail addresses are there", ""])
  }

  @Test func anEditOfAnOldVersionIsRefused() async throws {
    let fixture = try StoreFixture()
    let checker = Checker.sample()
    try await fixture.add(checker)
    func save(_ version: Int, by author: String) async throws {
      _ = try await fixture.store.save(
        checker, replacing: checker.id, expectedVersion: version, author: author, at: sampleTime, nextRunAt: nil)
    }
    try await save(1, by: "rui")
    let error = try #require(await #expect(throws: StoreError.self) { try await save(1, by: "eva") })
    guard case .conflict(let message) = error else {
      Issue.record("not a conflict: \(error)")
      return
    }
    #expect(message.contains("by rui"))
    #expect(message.contains("version 2"))
    #expect(try await fixture.store.checker(checker.id)?.version == 2)
  }

  @Test func aRenamedCheckerKeepsItsHistory() async throws {
    let fixture = try StoreFixture()
    var checker = Checker.sample("shop/old")
    try await fixture.add(checker)
    try await fixture.add(.sample("shop/other"))
    let run = Run.sample(of: checker.id, .failed)
    try await fixture.record(run)
    checker.id = name("web/new")
    _ = try await fixture.store.save(
      checker, replacing: name("old"), expectedVersion: 1, author: "ana", at: after(60), nextRunAt: nil)
    #expect(try await fixture.store.checker(name("old")) == nil)
    #expect(try await fixture.store.checker(name("web/new"))?.alarm.state == .red)
    #expect(try await fixture.store.run(run.id)?.checker == name("web/new"))
    await #expect(throws: StoreError.taken("checker", name("other"))) {
      var taken = checker
      taken.id = name("other")
      _ = try await fixture.store.save(
        taken, replacing: checker.id, expectedVersion: nil, author: "ana", at: sampleTime, nextRunAt: nil)
    }
  }

  @Test func deletingACheckerTakesItsHistoryAlong() async throws {
    let fixture = try StoreFixture()
    try await fixture.add(.sample("shop/a"))
    let run = Run.sample(of: name("a"), .failed)
    try await fixture.record(run, actions: ["queue"])
    try await fixture.store.deleteChecker(name("a"), at: sampleTime, router: Silent())
    #expect(try await fixture.store.checkers().isEmpty)
    #expect(try await fixture.store.run(run.id) == nil)
    #expect(try await fixture.store.transitions(of: nil, limit: 9).isEmpty)
    #expect(try await fixture.store.counts() == [.waiting: 1], "what is on its way goes on")
    try await fixture.add(.sample("shop/a"))
    #expect(try await fixture.store.checker(name("a"))?.alarm.state == .unknown)
    await #expect(throws: StoreError.missing("checker", "shop/gone")) {
      try await fixture.store.deleteChecker(name("gone"), at: sampleTime, router: Silent())
    }
  }

  @Test func aDisabledCheckerIsNeverDue() async throws {
    let fixture = try StoreFixture()
    var disabled = Checker.sample("shop/disabled")
    disabled.isEnabled = false
    #expect(try await fixture.add(disabled).nextRunAt == nil)
    #expect(try await fixture.store.claimDue(at: after(9999), limit: 9, lease: 60).isEmpty)
    try await fixture.store.setEnabled(name("disabled"), true, nextRunAt: after(60))
    let enabled = try #require(try await fixture.store.checker(name("disabled")))
    #expect(enabled.checker.isEnabled)
    #expect(enabled.version == 1)
    #expect(try await fixture.store.nextDue() == after(60))
    try await fixture.store.setEnabled(name("disabled"), false, nextRunAt: after(60))
    #expect(try await fixture.store.nextDue() == nil)
    #expect(try await fixture.store.checker(name("disabled"))?.checker.isEnabled == false)
  }

  @Test func settingsAreFoundByPrefix() async throws {
    let fixture = try StoreFixture()
    try await fixture.store.set("session.1", "a")
    try await fixture.store.set("session.1", "b")
    try await fixture.store.set("session_2", "c")
    #expect(try await fixture.store.setting("session.1") == "b")
    #expect(try await fixture.store.settings(prefix: "session.") == ["session.1": "b"])
    try await fixture.store.set("session.1", nil)
    #expect(try await fixture.store.setting("session.1") == nil)
    #expect(try await fixture.store.settings(prefix: "") == ["session_2": "c"])
  }
}
