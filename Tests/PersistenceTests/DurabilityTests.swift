import Domain
import Foundation
import GRDB
import TestSupport
import Testing

@testable import Persistence

@Suite struct DurabilityTests {
  @Test func whatWasAcknowledgedOutlivesAKill() async throws {
    let fixture = try StoreFixture()
    try await fixture.add(.sample())
    let run = Run.sample(of: name("emails"), .failed)
    try await fixture.record(run, nextRunAt: after(300), actions: ["queue"])
    _ = try await fixture.store.lease(at: after(60), limit: 1, seconds: 3600)
    let left = try fixture.killedCopy()
    let store = try SQLiteStore(folder: left.path)
    #expect(try await store.run(run.id) == run)
    #expect(try await store.checker(name("emails")) == fixture.store.checker(name("emails")))
    // What was being sent is sent again at once.
    #expect(try await store.lease(at: after(61), limit: 1, seconds: 9).map(\.event.run.id) == [run.id])
  }

  @Test func aKillInTheMiddleOfARecordLeavesNoHalfRun() async throws {
    let fixture = try StoreFixture()
    try await fixture.add(.sample())
    _ = try await fixture.store.claimDue(at: sampleTime, limit: 1, lease: 60)
    let before = try await fixture.store.checker(name("emails"))
    let run = Run.sample(of: name("emails"), .failed)
    let copies = Copies()
    _ = try await fixture.store.record(run, nextRunAt: after(300)) { _, _ in
      copies.add { try fixture.killedCopy() }
      return []
    }
    let left = try copies.taken()
    let store = try SQLiteStore(folder: left.path)
    #expect(try await store.run(run.id) == nil)
    #expect(try await store.checker(name("emails")) == before)
    #expect(try await store.transitions(of: nil, limit: 9).isEmpty)
    // The claim stands until the service gives all claims back at its start.
    #expect(try await store.claimDue(at: after(1), limit: 1, lease: 60).isEmpty)
    try await store.releaseAllClaims()
    #expect(try await store.claimDue(at: after(1), limit: 1, lease: 60).count == 1)
  }

  @Test func aSecondServerIsRefusedAndToldWhoHasTheStore() async throws {
    let fixture = try StoreFixture()
    let message = try refusal { try SQLiteStore(folder: fixture.folder.path) }
    #expect(message.contains("process \(getpid())"))
    #expect(message.contains(fixture.folder.path))
    try await fixture.add(.sample())
    try fixture.store.close()
    let next = try SQLiteStore(folder: fixture.folder.path)
    #expect(try await next.checkers().count == 1)
    await #expect(throws: StoreError.self) { try await fixture.store.checkers() }
  }

  @Test func aFullDiskIsToldAndNothingIsHalfWritten() async throws {
    let fixture = try StoreFixture(pragmas: ["max_page_count = 120"])
    try await fixture.add(.sample())
    var recorded: [String] = []
    var failure: StoreError?
    for index in 0..<1000 where failure == nil {
      var run = Run.sample(of: name("emails"), index % 2 == 0 ? .failed : .passed, at: after(Double(index)))
      run.log = String(repeating: "x", count: 10_000)
      do {
        try await fixture.record(run, actions: ["queue"])
        recorded.append(run.id)
      } catch let error as StoreError { failure = error }
    }
    guard case .unavailable(let message) = failure else {
      Issue.record("the disk did not fill up: \(String(describing: failure))")
      return
    }
    #expect(message.contains("full"))
    let listed = try await fixture.store.runs(RunFilter(), limit: 9999, before: nil).map(\.id)
    #expect(listed == recorded.reversed())
    #expect(try await fixture.store.counts() == [.waiting: recorded.count])
    #expect(try await fixture.store.checker(name("emails"))?.alarm.sequence == recorded.count)
    _ = try await fixture.store.prune(before: after(9e6))
    try await fixture.record(.sample(of: name("emails"), at: after(9e6)))
  }

  @Test func aDamagedFileIsTold() throws {
    let folder = try TemporaryFolder()
    try Data(repeating: 0x41, count: 9000).write(to: URL(fileURLWithPath: folder.path + "/store.sqlite"))
    #expect(try refusal { try SQLiteStore(folder: folder.path) }.contains("damaged"))
  }

  @Test func damageWithinTheFileIsTold() async throws {
    let folder = try TemporaryFolder()
    var store: SQLiteStore? = try SQLiteStore(folder: folder.path)
    for index in 0..<200 {
      _ = try await store?.save(
        .sample("shop/c\(index)", description: String(repeating: "d", count: 500)), replacing: nil,
        expectedVersion: nil, author: "ana", at: sampleTime, nextRunAt: nil)
    }
    try store?.close()
    store = nil
    let file = try #require(FileHandle(forUpdatingAtPath: folder.path + "/store.sqlite"))
    let size = try file.seekToEnd()
    try file.seek(toOffset: 4096 * 40)
    try file.write(contentsOf: Data(repeating: 0xFF, count: Int(size) - 4096 * 40))
    try file.close()
    let error = await #expect(throws: StoreError.self) {
      try await SQLiteStore(folder: folder.path).checkers()
    }
    guard case .unavailable(let message) = error else {
      Issue.record("not unavailable: \(String(describing: error))")
      return
    }
    #expect(message.contains("damaged"))
  }

  @Test func anotherProgramsDatabaseIsLeftAlone() throws {
    let folder = try TemporaryFolder()
    let file = folder.path + "/store.sqlite"
    let pool = try SQLiteStore(folder: folder.path, pragmas: [])
    try pool.close()
    try Self.patchHeader(file, at: 68, [0x0F, 0x05, 0x51, 0x12])
    #expect(try refusal { try SQLiteStore(folder: folder.path) }.contains("another program"))
  }

  @Test func aStoreOfANewerVersionIsRefused() async throws {
    let fixture = try StoreFixture()
    try await fixture.store.write { try $0.execute(sql: "INSERT INTO grdb_migrations VALUES ('999 later')") }
    try fixture.store.close()
    #expect(try refusal { try SQLiteStore(folder: fixture.folder.path) }.contains("newer version"))
  }

  @Test func anOlderStoreIsBroughtUpToDate() async throws {
    let fixture = try StoreFixture()
    try await fixture.add(.sample())
    try await fixture.store.write { database in
      try database.execute(
        sql: """
          DROP TABLE delivery; DROP TABLE setting; DELETE FROM grdb_migrations WHERE identifier LIKE '3 %'
          """)
    }
    try fixture.store.close()
    let store = try SQLiteStore(folder: fixture.folder.path)
    try await store.set("key", "value")
    #expect(try await store.setting("key") == "value")
    #expect(try await store.checkers().map(\.checker.id) == [name("emails")])
  }

  @Test(arguments: ["/sys/checker-store", "/dev/null/store"])
  func aFolderThatCannotBeWrittenToIsTold(path: String) throws {
    #expect(try refusal { try SQLiteStore(folder: path) }.contains(path))
  }

  @Test func onlyTheOwnerMayReadTheStore() throws {
    let parent = try TemporaryFolder()
    let store = try SQLiteStore(folder: parent.path + "/data")
    func mode(_ file: String) throws -> Int? {
      let attributes = try FileManager.default.attributesOfItem(atPath: parent.path + file)
      return (attributes[.posixPermissions] as? NSNumber)?.intValue
    }
    #expect(try mode("/data") == 0o700)
    #expect(try mode("/data/store.sqlite") == 0o600)
    #expect(try mode("/data/store.sqlite-wal") == 0o600)
    try store.close()
  }

  @Test func aRestoredStoreIsClosedToOthersAgain() throws {
    let parent = try TemporaryFolder()
    let folder = parent.path + "/data"
    func mode(_ file: String) throws -> Int? {
      try (FileManager.default.attributesOfItem(atPath: folder + file)[.posixPermissions] as? NSNumber)?.intValue
    }
    func open(_ modes: [String: Int]) throws -> [String] {
      for (file, mode) in modes {
        try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: folder + file)
      }
      let store = try SQLiteStore(folder: folder)
      defer { try? store.close() }
      return store.notices
    }
    #expect(try open([:]) == [])
    let notices = try open(["": 0o755, "/store.sqlite": 0o644])
    #expect(notices.count == 2 && notices[0].contains("\(folder) could be read by others (mode 0755)"), "\(notices)")
    #expect(notices[1].contains("store.sqlite could be read by others (mode 0644): its mode is 0600 now"))
    #expect(try mode("") == 0o700)
    #expect(try mode("/store.sqlite") == 0o600)
    #expect(try open([:]) == [])

    // A folder that is not the store's alone is told of, and left as it is.
    try Data().write(to: URL(fileURLWithPath: folder + "/notes.txt"))
    let shared = try open(["": 0o755])
    #expect(shared.count == 1 && shared[0].contains("chmod 700"), "\(shared)")
    #expect(try mode("") == 0o755)
  }

  @Test func aStoreThatRefusedAWriteIsInTroubleUntilATrialWorks() async throws {
    let folder = try TemporaryFolder()
    // As many pages as there are: there is no room for more.
    let store = try SQLiteStore(folder: folder.path, pragmas: [])
    #expect(store.writeTrouble == nil)
    let pages = try await store.read { try Int.fetchOne($0, sql: "PRAGMA page_count") ?? 0 }
    try await store.pool.writeWithoutTransaction { try $0.execute(sql: "PRAGMA max_page_count = \(pages + 4)") }
    let long = String(repeating: "x", count: 100_000)
    await #expect(throws: StoreError.self) { try await store.set("long", long) }
    #expect(store.writeTrouble?.contains("is full") == true)
    // What needs no room goes on, and is no sign that there is some.
    try await store.set("short", "y")
    await store.tryWriting()
    #expect(store.writeTrouble?.contains("is full") == true)
    try await store.pool.writeWithoutTransaction { try $0.execute(sql: "PRAGMA max_page_count = \(pages + 1000)") }
    await store.tryWriting()
    #expect(store.writeTrouble == nil)
    #expect(try await store.settings(prefix: "store.") == [:])
    // Nobody's mistake is the store's trouble.
    await #expect(throws: StoreError.self) { try await store.deleteDataSource("none") }
    #expect(store.writeTrouble == nil)
  }

  /// The message with which a store is not opened.
  private func refusal(_ open: () throws -> SQLiteStore) throws -> String {
    let error = try #require(#expect(throws: StoreError.self) { _ = try open() })
    guard case .unavailable(let message) = error else {
      Issue.record("not unavailable: \(error)")
      return ""
    }
    return message
  }

  private static func patchHeader(_ path: String, at offset: UInt64, _ bytes: [UInt8]) throws {
    let file = try #require(FileHandle(forUpdatingAtPath: path))
    try file.seek(toOffset: offset)
    try file.write(contentsOf: Data(bytes))
    try file.close()
  }
}
