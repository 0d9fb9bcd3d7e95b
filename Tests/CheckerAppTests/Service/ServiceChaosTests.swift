import Domain
import Foundation
import Persistence
import Synchronization
import TestSupport
import Testing

/// The service is killed at random moments, again and again, while receivers misbehave: nothing is lost.
///
/// `CHAOS_KILLS` says how often; `Scripts/chaos` does it 200 times.
@Suite("The service killed at random") struct ServiceChaosTests {
  private static let checkers = (1...6).map { "c\($0)" }
  private static var kills: Int { ProcessInfo.processInfo.environment["CHAOS_KILLS"].flatMap { Int($0) } ?? 4 }

  private static func yaml(_ uri: String) -> String {
    let lines = checkers.map {
      "  - {name: \($0), rules: [{check: no_rows, dataset: \($0)}]}"
    }
    let datasets = checkers.map {
      "  - {name: \($0), data_source: shop, sql: \"SELECT name FROM flags WHERE is_bad AND name = '\($0)'\"}"
    }
    return """
      version: 1
      namespace: shop
      data_sources:
        - {name: shop, driver: postgresql, uri: "\(uri)"}
      datasets:
      \(datasets.joined(separator: "\n"))
      checkers:
      \(lines.joined(separator: "\n"))
      """
  }

  @Test("No transition is lost, and each of its events reaches the queue and the webhook")
  func kills() async throws {
    let folder = try ServiceFolder()
    let values = Self.checkers.map { "('\($0)', true)" }.joined(separator: ", ")
    let database = try await PostgreSQLDatabase(
      "CREATE TABLE flags (name text, is_bad boolean); INSERT INTO flags VALUES \(values)")
    let exchange = "chaos-\(database.name)"
    let queue = try QueueReader(TestBroker.shared(), names: [exchange], exchange: exchange)
    let receiver = try TestReceiver(Self.moods(2 * Self.kills) + [.status(204)])
    try await folder.declare(
      Self.yaml(database.uri),
      actions: [
        Action(
          name: "queue", channel: "rabbitmq", settings: ["url": try TestBroker.shared().uri, "exchange": exchange]),
        Action(name: "hook", channel: "webhook", settings: ["url": receiver.url, "max_per_minute": "0"]),
      ])
    for _ in 0..<Self.kills { try await live(folder, database) }
    receiver.give(.status(204))
    let service = try await folder.start()
    // On a busy machine none of the lives before may have lasted until a first run.
    try await database.run("UPDATE flags SET is_bad = true")
    for checker in Self.checkers { try await service.runNow("shop/\(checker)") }
    try await settle(service)
    #expect(try await service.stop() == 0)
    try await expectNothingLost(
      folder, queued: Set(try queue.messages(exchange).map(\.id)),
      posted: Set(receiver.requests.compactMap { $0.headers["x-malleable-event-id"] }))
  }

  /// What the webhook's receiver does: half of the time something else than to take the event.
  private static func moods(_ count: Int) -> [TestReceiver.Answer] {
    (0..<count).map { _ in
      switch Int.random(in: 0..<10) {
      case 0, 1: .status(500)
      case 2: .status(429, ["Retry-After": "1"])
      case 3: .silence
      case 4: .hangUp
      case 5: .late(1.5)
      default: .status(200)
      }
    }
  }

  /// One life: alarms go red and green as fast as they can, until the kill.
  private func live(_ folder: ServiceFolder, _ database: PostgreSQLDatabase) async throws {
    // One in five does not even live to listen.
    if Int.random(in: 0..<5) == 0 {
      let program = try SpawnedProgram([try Program.path, "serve", "--port", "0", "--data", folder.path])
      try await Task.sleep(for: .milliseconds(Int.random(in: 0..<500)))
      program.signal(SIGKILL)
      #expect(try await program.end() == 128 + SIGKILL)
      return
    }
    let service = try await folder.start()
    let site = service.site
    // Not by cancelling: URLSession does not bear a request that is cancelled while it fails.
    let end = Flag()
    await withTaskGroup(of: Void.self) { group in
      for checker in Self.checkers {
        group.addTask {
          while !end.isUp {
            // Refused while another run is under way, cut off by the kill.
            _ = try? await site.post("/checkers/shop/\(checker)/run")
          }
        }
      }
      group.addTask {
        while !end.isUp {
          _ = try? await database.run("UPDATE flags SET is_bad = NOT is_bad WHERE random() < 0.4")
        }
      }
      try? await Task.sleep(for: .milliseconds(Int.random(in: 100..<1500)))
      service.program.signal(SIGKILL)
      end.raise()
    }
    #expect(try await service.program.end() == 128 + SIGKILL)
  }

  /// Pauses between tries have grown to minutes.
  private func settle(_ service: RunningService) async throws {
    for state in ["waiting", "sending"] {
      try await wait(until: "no delivery is \(state)", seconds: 900) {
        try await service.site.get("/api/v1/deliveries?state=\(state)&limit=1").body.contains("\"items\":[]")
      }
    }
  }

  private func expectNothingLost(_ folder: ServiceFolder, queued: Set<String>, posted: Set<String>) async throws {
    var count = 0
    for checker in Self.checkers {
      let id = QualifiedName(namespace: "shop", name: checker)
      let (runs, transitions, deliveries) = try await folder.use { store in
        (
          try await store.runs(RunFilter(checker: id), limit: 100_000, before: nil).reversed(),
          try await store.transitions(of: id, limit: 100_000).reversed().map(\.transition),
          try await store.deliveries(action: nil, checker: id, limit: 100_000)
        )
      }
      // The recorded runs, taken in once more, bring about just what was recorded of the alarm.
      var alarm = Alarm(since: .distantPast)
      let expected = runs.compactMap { alarm.receive($0.outcome, run: $0.id, at: $0.startedAt) }
      #expect(transitions.map(\.runID) == expected.map(\.runID), "\(checker)")
      #expect(transitions.map(\.sequence) == transitions.indices.map { $0 + 1 }, "\(checker)")
      #expect(transitions.map(\.to) == expected.map(\.to), "\(checker)")
      let notices = expected.filter { $0.notice != nil }
      for action in ["queue", "hook"] {
        let own = deliveries.filter { $0.action == action }
        #expect(Set(own.map(\.event.run.id)) == Set(notices.map(\.runID)), "\(checker) \(action)")
        #expect(own.allSatisfy { $0.state == .delivered }, "\(checker) \(action)")
      }
      let events = Set(deliveries.map(\.event.id))
      #expect(events.subtracting(queued).isEmpty, "\(checker): not in the queue")
      #expect(events.subtracting(posted).isEmpty, "\(checker): not at the webhook")
      count += events.count
    }
    #expect(count > 0)
    print("chaos: \(Self.kills) kills, \(count) events, none lost")
  }
}

private final class Flag: Sendable {
  private let state = Mutex(false)

  var isUp: Bool { state.withLock { $0 } }
  func raise() { state.withLock { $0 = true } }
}
