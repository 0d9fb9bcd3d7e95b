import Domain
import Foundation
import GRDB
import TestSupport
import Testing

@testable import Persistence

@Suite struct SilenceEndingTests {
  private func silence(endsAt seconds: Double) throws -> Silence {
    Silence(
      matchers: [try AlarmMatcher.parse("namespace=shop")], startsAt: sampleTime, endsAt: after(seconds),
      author: "ana", comment: "migration")
  }

  @Test func anEndIsToldOnceAlsoAfterARestartAndAnotherEndAgain() async throws {
    let fixture = try StoreFixture()
    var saved = try await fixture.store.save(try silence(endsAt: 3600))
    #expect(try await fixture.store.untoldEndings(after: sampleTime, by: after(3599)) == [])
    #expect(try await fixture.store.untoldEndings(after: after(3600), by: after(9999)) == [])
    #expect(try await fixture.store.untoldEndings(after: sampleTime, by: after(3600)) == [saved])
    #expect(try await fixture.store.tellEnding(of: saved, deliveries: [], at: after(2700)))
    #expect(!(try await fixture.store.tellEnding(of: saved, deliveries: [], at: after(2701))))
    let copy = try fixture.killedCopy()
    let again = try SQLiteStore(folder: copy.path)
    #expect(try await again.untoldEndings(after: sampleTime, by: after(3600)) == [])
    let old = saved
    saved.endsAt = after(7200)
    saved = try await again.save(saved)
    #expect(!(try await again.tellEnding(of: old, deliveries: [], at: after(2700))))
    #expect(try await again.untoldEndings(after: sampleTime, by: after(7200)) == [saved])
  }

  @Test func actionsOfOlderStoresThatToldEverythingTellOfEndingsToo() async throws {
    let fixture = try StoreFixture()
    let older = Set(AlarmTransition.Notice.allCases).subtracting([.silenceEnding])
    for (name, notices) in [("all", older), ("some", [.red])] {
      try await fixture.store.save(
        Action(name: name, channel: "webhook", settings: [:], notices: notices), replacing: nil)
    }
    let copy = try fixture.killedCopy()
    let file = try DatabaseQueue(path: copy.path + "/store.sqlite")
    try await file.write { database in
      try database.execute(
        sql: """
          ALTER TABLE silence DROP COLUMN told_end;
          DELETE FROM grdb_migrations WHERE identifier = '9 silence endings';
          """)
    }
    try file.close()
    let actions = try await SQLiteStore(folder: copy.path).actions()
    #expect(actions.map(\.notices) == [Set(AlarmTransition.Notice.allCases), [.red]])
  }
}
