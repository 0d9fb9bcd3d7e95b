import Domain
import Foundation
import Persistence
import Scheduling
import Synchronization
import TestSupport

/// A store in a new folder, and a clock that stands still at `sampleTime`.
struct ServiceFixture {
  let folder: TemporaryFolder
  let store: any Store
  let clock = ManualClock()
  let reports = Log<String>()

  init() throws {
    folder = try TemporaryFolder()
    store = try SQLiteStore(folder: folder.path)
  }

  var time: TimeSource {
    let clock = clock
    return TimeSource(now: { clock.now }, sleep: { try await clock.sleep($0) })
  }

  @discardableResult
  func add(_ name: String, due: Date? = sampleTime, actions: [String] = []) async throws -> StoredChecker {
    try await store.save(
      .sample(name, actions: actions), replacing: nil, expectedVersion: nil, author: "ana", at: sampleTime,
      nextRunAt: due)
  }

  func addAction(_ name: String, channel: String = "fake", settings: [String: String] = [:]) async throws {
    try await store.save(Action(name: name, channel: channel, settings: settings), replacing: nil)
  }

  /// Records a run with an event for each of `actions`; the event's id is `id`.
  func enqueue(_ id: String, of checker: String, to actions: [String]) async throws {
    let name = QualifiedName(checker, defaultNamespace: "shop")
    let run = Run.sample(of: name, .failed, id: id, at: sampleTime - 10)
    _ = try await store.record(run, nextRunAt: nil) { stored, _ in
      let event = Event(
        id: id, subject: .runFinished, checker: stored.checker, checkerVersion: 1, run: run, time: run.finishedAt)
      return actions.map { NewDelivery(event: event, action: $0, isWithheld: false) }
    }
  }

  func states() async throws -> [Delivery.State] {
    try await store.deliveries(action: nil, checker: nil, limit: 1000).reversed().map(\.state)
  }
}

/// Things that happened, in order.
final class Log<Entry: Sendable>: Sendable {
  private let state = Mutex<[Entry]>([])

  var entries: [Entry] { state.withLock { $0 } }
  func add(_ entry: Entry) { state.withLock { $0.append(entry) } }
}

/// A door that tasks wait at until it is opened.
final class Gate: Sendable {
  private let state = Mutex((isOpen: false, waiting: [CheckedContinuation<Void, Never>]()))

  func open() {
    let waiting = state.withLock { state in
      defer { state = (true, []) }
      return state.waiting
    }
    for continuation in waiting { continuation.resume() }
  }

  func pass() async {
    await withCheckedContinuation { continuation in
      let isOpen = state.withLock { state in
        if !state.isOpen { state.waiting.append(continuation) }
        return state.isOpen
      }
      if isOpen { continuation.resume() }
    }
  }
}
