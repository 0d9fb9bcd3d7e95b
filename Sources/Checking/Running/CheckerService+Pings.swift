package import Domain
import Foundation

/// What a job elsewhere says about itself.
package enum Ping: Hashable, Sendable {
  case started, succeeded, failed
  /// As its shell told: 0 is success.
  case ended(status: Int)

  /// The longest text that is kept of a ping, in bytes.
  package static let longestLog = 100_000
}

extension CheckerService {
  /// Takes a ping; `log` is what came with it. `notFound` when nobody waits for that token; `false` when the heartbeat
  /// is disabled, and the ping is not written down.
  package func take(_ ping: Ping, token: String, log: String) async throws(ServiceError) -> Bool {
    let known = try await reading { () async throws(StoreError) in try await store.checker(pingToken: token) }
    guard let (stored, startedAt) = known else { throw .notFound("nobody waits for this ping") }
    guard stored.checker.isEnabled else { return false }
    let time = now()
    if ping == .started {
      try await reading { () async throws(StoreError) in try await store.noteStart(of: stored.checker.id, at: time) }
      wake()
      return true
    }
    // A start belongs to the first report after it.
    let isOpen = startedAt.map { $0 > stored.lastRun?.startedAt ?? .distantPast } ?? false
    let began = isOpen ? min(startedAt ?? time, time) : time
    let run = Run(
      id: RunID.make(at: time), checker: stored.checker.id, version: stored.version, trigger: .ping,
      scheduledFor: stored.nextRunAt, startedAt: began, finishedAt: time, outcome: ping.outcome,
      assertions: [ping.assertion], log: log)
    let next = Self.expected(stored.checker, after: time)
    let routing = try await routing()
    do {
      let change = try await store.record(run, nextRun: { _ in NextRun(at: next) }, router: routing)
      announce(CheckerNews(checker: run.checker, kind: .run))
      if change != .none { announce(CheckerNews(checker: run.checker, kind: .alarm)) }
    } catch .notFound {
      throw .notFound("nobody waits for this ping")
    } catch {
      throw ServiceError(error)
    }
    wake()
    return true
  }

  /// When the next ping of a heartbeat is expected after one at `time`; `nil` for other checkers.
  static func expected(_ checker: Checker, after time: Date) -> Date? {
    guard checker.body.isPushed, checker.isEnabled, let schedule = checker.schedule else { return nil }
    // A pause counts from the last ping, not from midnight.
    if case .everyMinutes(let minutes) = schedule.rhythm { return time + Double(minutes) * 60 }
    guard let next = (try? schedule.next(after: time)) ?? nil else { return nil }
    // Clocks differ: a ping that comes a moment early is that time's ping.
    if next.timeIntervalSince(time) >= earliness { return next }
    return (try? schedule.next(after: next)) ?? nil
  }

  /// How early a ping may come, in seconds, and count for the time that it is early for.
  private static let earliness: Double = 60

  /// The secret part of a heartbeat's address.
  package func pingToken(of id: QualifiedName) async throws(ServiceError) -> String {
    guard let token = try await reading({ () async throws(StoreError) in try await store.pingToken(of: id) }) else {
      throw .notFound("'\(id)' is no heartbeat")
    }
    return token
  }

  /// Another address; the old one answers no more.
  package func renewPingToken(of id: QualifiedName) async throws(ServiceError) -> String {
    let token = UUID().uuidString.lowercased()
    try await reading { () async throws(StoreError) in try await store.setPingToken(token, of: id) }
    return token
  }
}

extension Ping {
  fileprivate var outcome: Outcome {
    switch self {
    case .started, .succeeded, .ended(status: 0): .passed
    case .failed, .ended: .failed
    }
  }

  fileprivate var assertion: Assertion {
    let message =
      switch self {
      case .started, .succeeded: "the job reported success"
      case .failed: "the job reported that it failed"
      case .ended(let status): "the job ended with status \(status)"
      }
    var observed: Observation?
    if case .ended(let status) = self { observed = Observation(.integer(Int64(status))) }
    return Assertion(
      name: "The job reports success", check: "ping", dataset: "", outcome: outcome, message: message,
      observed: observed, expected: "success")
  }
}
