import Domain
import Foundation
import TestSupport
import Testing

@testable import Persistence

@Suite struct RunTests {
  @Test func aRunComesBackWhole() async throws {
    let fixture = try StoreFixture()
    try await fixture.add(.sample())
    var run = Run.sample(of: name("emails"), .failed, at: Date())
    run.assertions.append(.sample(.passed, name: "no number", observed: nil))
    run.log = "line\nline"
    try await fixture.record(run)
    #expect(try await fixture.store.run(run.id) == run)
    #expect(try await fixture.store.run("none") == nil)
    let stored = try #require(try await fixture.store.checker(name("emails")))
    #expect(stored.lastRun == RunSummary(run))
    #expect(stored.lastRun?.failedAssertions == 1)
    #expect(stored.lastRun?.assertions == 2)
  }

  @Test func runsThatAgreeMakeOneTransition() async throws {
    let fixture = try StoreFixture()
    try await fixture.add(.sample())
    let outcomes: [Outcome] = [.passed, .passed, .failed, .failed, .warned, .errored, .passed]
    var returned: [AlarmTransition?] = []
    for (index, outcome) in outcomes.enumerated() {
      returned.append(
        try await fixture.record(.sample(of: name("emails"), outcome, at: after(Double(index) * 300))))
    }
    #expect(returned.map { $0?.sequence } == [1, nil, 2, nil, 3, 4, 5])
    let recorded = try await fixture.store.transitions(of: name("emails"), limit: 3)
    #expect(recorded.map(\.transition) == [returned[6], returned[5], returned[4]])
    #expect(recorded[1].summary == "the table users is gone")
    let alarm = try #require(try await fixture.store.checker(name("emails"))?.alarm)
    #expect(alarm.state == .green)
    #expect(alarm.sequence == 5)
    #expect(alarm.since == after(1800.25))
  }

  @Test func aKnownRunChangesNothing() async throws {
    let fixture = try StoreFixture()
    try await fixture.add(.sample())
    let run = Run.sample(of: name("emails"), .failed)
    try await fixture.record(run, nextRunAt: after(300), actions: ["queue"])
    let before = try await fixture.store.checker(name("emails"))
    var again = run
    again.outcome = .passed
    #expect(try await fixture.record(again, nextRunAt: after(9000), actions: ["queue"]) == nil)
    #expect(try await fixture.store.checker(name("emails")) == before)
    #expect(try await fixture.store.counts() == [.waiting: 1])
  }

  @Test func aRunOfADeletedCheckerIsNotFound() async throws {
    let fixture = try StoreFixture()
    await #expect(throws: StoreError.missing("checker", "shop/gone")) {
      try await fixture.record(.sample(of: name("gone")))
    }
  }

  @Test func recordingMovesTheScheduleOnAndDropsTheClaim() async throws {
    let fixture = try StoreFixture()
    try await fixture.add(.sample())
    #expect(try await fixture.store.claimDue(at: sampleTime, limit: 1, lease: 600).count == 1)
    try await fixture.record(.sample(of: name("emails")), nextRunAt: after(300))
    #expect(try await fixture.store.claimDue(at: after(299), limit: 1, lease: 600).isEmpty)
    #expect(try await fixture.store.claimDue(at: after(300), limit: 1, lease: 600).count == 1)
  }

  @Test func whatSomebodySaidWhileItRanStands() async throws {
    let fixture = try StoreFixture()
    try await fixture.add(.sample("shop/disabled"))
    try await fixture.add(.sample("shop/edited"))
    try await fixture.store.setEnabled(name("disabled"), false, nextRunAt: nil)
    _ = try await fixture.store.save(
      .sample("shop/edited"), replacing: name("edited"), expectedVersion: 1, author: "ana", at: sampleTime,
      nextRunAt: after(7200))
    try await fixture.record(.sample(of: name("disabled")), nextRunAt: after(300))
    try await fixture.record(.sample(of: name("edited"), version: 1), nextRunAt: after(300))
    #expect(try await fixture.store.checker(name("disabled"))?.nextRunAt == nil)
    #expect(try await fixture.store.checker(name("edited"))?.nextRunAt == after(7200))
  }

  @Test func listsAreNewestFirstAndPaged() async throws {
    let fixture = try StoreFixture()
    for checker in ["shop/a", "shop/b", "web/c"] { try await fixture.add(.sample(checker)) }
    for index in 0..<12 {
      let checker = ["shop/a", "shop/b", "web/c"][index % 3]
      let outcome: Outcome = index % 4 == 0 ? .failed : .passed
      try await fixture.record(
        .sample(of: name(checker), outcome, id: String(format: "%02d", index), at: after(Double(index))))
    }
    func ids(_ filter: RunFilter, _ limit: Int = 99, before: String? = nil) async throws -> [String] {
      try await fixture.store.runs(filter, limit: limit, before: before).map(\.id)
    }
    #expect(try await ids(RunFilter(), 3) == ["11", "10", "09"])
    #expect(try await ids(RunFilter(), 2, before: "09") == ["08", "07"])
    #expect(try await ids(RunFilter(checker: name("b"))) == ["10", "07", "04", "01"])
    #expect(try await ids(RunFilter(namespace: "shop"), 3, before: "09") == ["07", "06", "04"])
    #expect(try await ids(RunFilter(outcome: .failed)) == ["08", "04", "00"])
    #expect(try await ids(RunFilter(namespace: "shop", outcome: .failed)) == ["04", "00"])
    #expect(try await ids(RunFilter(checker: name("web/c"), namespace: "shop")) == [])
    #expect(try await ids(RunFilter(checker: name("b"), outcome: .failed)) == ["04"])
  }

  @Test func observationsAreAlignedToRuns() async throws {
    let fixture = try StoreFixture()
    try await fixture.add(.sample())
    for (index, observed) in [1, 2, nil, 4].enumerated() as EnumeratedSequence<[Int64?]> {
      var run = Run.sample(of: name("emails"), at: after(Double(index)), observed: observed)
      if index == 3 { run.assertions.append(.sample(name: "new rule", observed: 9)) }
      try await fixture.record(run)
    }
    let series = try await fixture.store.observations(of: name("emails"), limit: 3, before: nil)
    #expect(series == ["users has rows": [2, nil, 4], "new rule": [nil, nil, 9]])
  }

  @Test func whatIsNoNumberIsNoObservation() async throws {
    let fixture = try StoreFixture()
    try await fixture.add(.sample())
    let cells: [Cell] = [.double(.nan), .double(0.5), .decimal("12.25"), .decimal("Infinity"), .text("x"), .null]
    var run = Run.sample(of: name("emails"))
    run.assertions = cells.enumerated().map { index, cell in
      var assertion = Assertion.sample(name: "\(index)")
      assertion.observed = Observation(cell, unit: "%")
      return assertion
    }
    try await fixture.record(run)
    let series = try await fixture.store.observations(of: name("emails"), limit: 1, before: nil)
    #expect(series == ["0": [nil], "1": [0.5], "2": [12.25], "3": [nil], "4": [nil], "5": [nil]])
    let read = try #require(try await fixture.store.run(run.id))
    #expect(read.assertions.map { $0.observed?.text } == run.assertions.map { $0.observed?.text })
  }

  @Test func pruningDropsOldRunsInSlices() async throws {
    let fixture = try StoreFixture()
    try await fixture.add(.sample())
    for index in 0..<1203 {
      try await fixture.record(.sample(of: name("emails"), at: after(Double(index) * 60), observed: Int64(index)))
    }
    #expect(try await fixture.store.prune(before: after(1200 * 60)) == 1200)
    #expect(try await fixture.store.runs(RunFilter(), limit: 9, before: nil).count == 3)
    #expect(
      try await fixture.store.observations(of: name("emails"), limit: 9, before: nil) == [
        "users has rows": [1200, 1201, 1202]
      ])
    let timelines = try await fixture.store.timelines(of: [name("emails")], range: .day, until: after(1202 * 60))
    #expect(timelines[name("emails")]?.compactMap(\.self).count == 1)
    #expect(try await fixture.store.checker(name("emails"))?.alarm.state == .green)
    #expect(try await fixture.store.prune(before: after(9e6)) == 3)
    #expect(try await fixture.store.prune(before: after(9e6)) == 0)
  }

  @Test func pruningKeepsDeliveriesThatAreNotFinished() async throws {
    let fixture = try StoreFixture()
    try await fixture.add(.sample())
    try await fixture.record(.sample(of: name("emails"), .failed), actions: ["open", "done"])
    let done = try #require(try await fixture.store.deliveries(action: "done", checker: nil, limit: 1).first)
    try await fixture.store.delivered(done.id, at: after(1))
    _ = try await fixture.store.prune(before: after(9e6))
    #expect(try await fixture.store.counts() == [.waiting: 1])
    #expect(try await fixture.store.transitions(of: nil, limit: 9).count == 1)
  }
}
