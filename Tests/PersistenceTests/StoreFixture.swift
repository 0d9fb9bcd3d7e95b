import Domain
import Foundation
import TestSupport

@testable import Persistence

/// A store in a new folder.
struct StoreFixture {
  let folder: TemporaryFolder
  let store: SQLiteStore

  init(pragmas: [String] = []) throws {
    folder = try TemporaryFolder()
    store = try SQLiteStore(folder: folder.path, pragmas: pragmas)
  }

  @discardableResult
  func add(_ checker: Checker, nextRunAt: Date? = sampleTime) async throws -> StoredChecker {
    try await store.save(
      checker, replacing: nil, expectedVersion: nil, author: "ana", at: sampleTime, nextRunAt: nextRunAt)
  }

  /// Records a run, with one delivery for each of `actions` when the alarm changes.
  @discardableResult
  func record(_ run: Run, nextRunAt: Date? = nil, actions: [String] = [], withheld: Bool = false) async throws
    -> AlarmTransition?
  {
    try await store.record(run, nextRunAt: nextRunAt) { stored, transition in
      guard let transition else { return [] }
      let event = Event(
        id: "\(run.id)-alarm", subject: .alarm(transition), checker: stored.checker,
        checkerVersion: stored.version, run: run, time: run.finishedAt)
      return actions.map { NewDelivery(event: event, action: $0, isWithheld: withheld) }
    }
  }

  /// The files as a `kill -9` at this moment would leave them, in a folder of their own.
  func killedCopy() throws -> TemporaryFolder {
    let copy = try TemporaryFolder()
    for file in ["store.sqlite", "store.sqlite-wal"] {
      try FileManager.default.copyItem(atPath: "\(folder.path)/\(file)", toPath: "\(copy.path)/\(file)")
    }
    return copy
  }
}

/// Tells nobody.
struct Silent: NoticeRouting {
  func deliveries(for update: AlarmUpdate) -> [NewDelivery] { [] }
  func withholding(_ stored: StoredChecker, at time: Date) -> String? { nil }
}

func name(_ text: String) -> QualifiedName { QualifiedName(text, defaultNamespace: "shop") }

func after(_ seconds: Double) -> Date { sampleTime.addingTimeInterval(seconds) }
