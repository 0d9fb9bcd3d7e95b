import Checking
import DataSources
import Domain
import Foundation
import Persistence
import TestSupport
import Testing

/// When the next report of a job is expected.
@Suite struct PingExpectationTests {
  private struct NoChannels: ChannelMaking {
    var kinds: [ChannelKind] { [] }
    func make(_ action: Action) throws(ChannelSettingsError) -> any Channel {
      throw ChannelSettingsError(key: "channel", message: "there are none")
    }
  }

  /// Seconds from noon to when the next ping is expected after one so many seconds from noon.
  private func expected(_ schedule: Schedule, ping seconds: Double) async throws -> Double? {
    let folder = try TemporaryFolder()
    let store = try SQLiteStore(folder: folder.path)
    let clock = ManualClock(sampleTime + seconds)
    let service = CheckerService(
      store: store, engines: EnginePool(opener: QueryEngineOpener(environment: [:], vendorFolders: [])),
      channels: NoChannels(), now: { clock.now }, wake: {})
    let id = QualifiedName(namespace: "ops", name: "job")
    let checker = Checker(id: id, schedule: schedule, body: .heartbeat)
    _ = try await service.save(checker, replacing: nil, expectedVersion: nil, author: "ana")
    _ = try await service.take(.succeeded, token: try await service.pingToken(of: id), log: "")
    let next = try await store.checker(id)?.nextRunAt
    // Saving it again changes nothing about that.
    _ = try await service.save(checker, replacing: id, expectedVersion: nil, author: "ana")
    #expect(try await store.checker(id)?.nextRunAt == next)
    return next.map { $0.timeIntervalSince(sampleTime) }
  }

  @Test(arguments: [(10.0, 3600.0), (3000, 3600), (3545, 7200), (3599.5, 7200), (3600, 7200)])
  func aPingAMomentEarlyIsNoPingOfTheHourBefore(_ ping: Double, _ next: Double) async throws {
    let hourly = try Schedule.parse(text: "0 * * * *", timeZone: "UTC")
    #expect(try await expected(hourly, ping: ping) == next)
  }

  @Test func aPauseCountsFromTheLastPing() async throws {
    #expect(try await expected(Schedule(.everyMinutes(15)), ping: 100) == 1000)
  }
}
