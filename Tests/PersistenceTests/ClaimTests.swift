import Domain
import Foundation
import TestSupport
import Testing

@testable import Persistence

@Suite struct ClaimTests {
  @Test func twoClaimersNeverGetTheSameChecker() async throws {
    let fixture = try StoreFixture()
    for index in 0..<60 { try await fixture.add(.sample("shop/c\(index)")) }
    let store = fixture.store
    let claimed = try await withThrowingTaskGroup(of: [QualifiedName].self) { group in
      for _ in 0..<20 {
        group.addTask { try await store.claimDue(at: sampleTime, limit: 7, lease: 60).map(\.checker.id) }
      }
      return try await group.reduce(into: []) { $0 += $1 }
    }
    #expect(claimed.count == 60)
    #expect(Set(claimed).count == 60)
  }

  @Test func theLongestOverdueComesFirst() async throws {
    let fixture = try StoreFixture()
    try await fixture.add(.sample("shop/late"), nextRunAt: after(-10))
    try await fixture.add(.sample("shop/later"), nextRunAt: after(-5))
    try await fixture.add(.sample("shop/latest"), nextRunAt: after(-20))
    try await fixture.add(.sample("shop/early"), nextRunAt: after(1))
    #expect(
      try await fixture.store.claimDue(at: sampleTime, limit: 2, lease: 60).map(\.checker.id)
        == [name("latest"), name("late")])
    #expect(try await fixture.store.claimDue(at: sampleTime, limit: 9, lease: 60).map(\.checker.id) == [name("later")])
  }

  @Test func aClaimEndsByItself() async throws {
    let fixture = try StoreFixture()
    try await fixture.add(.sample())
    #expect(try await fixture.store.claim(name("emails"), at: sampleTime, lease: 60))
    #expect(try await !fixture.store.claim(name("emails"), at: after(59), lease: 60))
    #expect(try await fixture.store.claimDue(at: after(59), limit: 1, lease: 60).isEmpty)
    #expect(try await fixture.store.nextDue() == after(60))
    #expect(try await fixture.store.claimDue(at: after(60), limit: 1, lease: 60).count == 1)
    await #expect(throws: StoreError.missing("checker", "shop/gone")) {
      try await fixture.store.claim(name("gone"), at: sampleTime, lease: 1)
    }
  }

  @Test func aClaimGivenBackIsDueWhenTold() async throws {
    let fixture = try StoreFixture()
    try await fixture.add(.sample("shop/a"))
    try await fixture.add(.sample("shop/b"))
    _ = try await fixture.store.claimDue(at: sampleTime, limit: 9, lease: 600)
    try await fixture.store.release(name("a"), nextRunAt: after(30))
    #expect(try await fixture.store.nextDue() == after(30))
    try await fixture.store.releaseAllClaims()
    #expect(try await fixture.store.nextDue() == sampleTime)
    #expect(try await fixture.store.claimDue(at: sampleTime, limit: 9, lease: 1).map(\.checker.id) == [name("b")])
  }

  @Test func manyRecordsAtOnceAllArrive() async throws {
    let fixture = try StoreFixture()
    for index in 0..<10 { try await fixture.add(.sample("shop/c\(index)")) }
    try await withThrowingTaskGroup(of: Void.self) { group in
      for index in 0..<200 {
        group.addTask {
          let outcome: Outcome = index / 10 % 2 == 0 ? .passed : .failed
          try await fixture.record(
            .sample(of: name("c\(index % 10)"), outcome, at: after(Double(index))), actions: ["queue"])
        }
      }
      try await group.waitForAll()
    }
    #expect(try await fixture.store.runs(RunFilter(), limit: 999, before: nil).count == 200)
    for stored in try await fixture.store.checkers() {
      let transitions = try await fixture.store.transitions(of: stored.checker.id, limit: 99)
      #expect(stored.alarm.sequence == transitions.count)
      #expect(transitions.map(\.transition.sequence) == (1...transitions.count).reversed())
    }
  }

  @Test func aRunIsRecordedThoughItsTaskIsCancelled() async throws {
    let fixture = try StoreFixture()
    try await fixture.add(.sample())
    let run = Run.sample(of: name("emails"), .failed)
    let task = Task {
      withUnsafeCurrentTask { $0?.cancel() }
      try await fixture.record(run)
    }
    try await task.value
    #expect(try await fixture.store.run(run.id) == run)
  }
}
