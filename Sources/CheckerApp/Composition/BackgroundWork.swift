import Channels
import Checking
import Domain
import Foundation
import Scheduling

/// What goes on without anybody asking: schedules, deliveries, and forgetting old runs.
struct BackgroundWork {
  let service: CheckerService
  let wake: WakeSignal
  let options: ServiceOptions

  /// How often a data source that is down is tried, in seconds.
  private static let outageSeconds: Double = 15
  /// How often it is looked whether the clock was set back, in seconds.
  private static let clockSeconds: Double = 5
  /// How often it is looked which silences are about to end, in seconds.
  private static let endingSeconds: Double = 15
  /// How often it is looked which alarms are to be told again, in seconds.
  private static let repeatSeconds: Double = 5
  /// How often a store that refused a write is tried, in seconds.
  private static let trialSeconds: Double = 2

  /// Works until its task is cancelled; then ends what is under way.
  func run() async {
    let (service, days) = (service, options.keepDays)
    let heartbeat = heartbeat
    let scheduler = Scheduler(
      store: service.store, limits: Scheduler.Limits(batches: options.maxRuns),
      run: { _ = try await service.run($0, trigger: .schedule) }, report: Console.complain,
      alive: { heartbeat.tick() })
    let channels = WatchedChannels(
      service.channels, now: service.now, failingSince: { try? await service.store.failingSince($0) },
      hear: { action, news in await Self.note(news, of: action, service) })
    let dispatcher = OutboxDispatcher(store: service.store, channels: channels, report: Console.complain)
    let outages = Periodic("data sources", every: Self.outageSeconds, report: Console.complain) {
      _ = try await service.watchOutages()
    }
    let endings = Periodic("silences about to end", every: Self.endingSeconds, report: Console.complain) {
      _ = try await service.tellSilenceEndings()
    }
    let clock = await clock
    let alarms = AlarmClock(
      store: service.store, tick: { try await service.tickAlarms() }, report: Console.complain)
    let standing = StandingAlarms(store: service.store, channels: service.channels, now: service.now)
    let repeating = Periodic("alarms told again", every: Self.repeatSeconds, report: Console.complain) {
      try await standing.repeatDue()
      try await service.withholdWhatSilencesHide()
    }
    let trial = Periodic("store", every: Self.trialSeconds, report: Console.complain) {
      await service.store.tryWriting()
    }
    wake.listen {
      scheduler.poke()
      alarms.poke()
      dispatcher.poke()
    }
    await withTaskGroup(of: Void.self) { group in
      group.addTask { await scheduler.serve() }
      group.addTask { await dispatcher.serve() }
      group.addTask { await alarms.serve() }
      group.addTask { await outages.serve() }
      group.addTask { await endings.serve() }
      group.addTask { await repeating.serve() }
      group.addTask { await trial.serve() }
      group.addTask { await heartbeat.serve() }
      group.addTask { await clock.serve() }
      group.addTask { await Self.prune(service, keepingDays: days) }
    }
  }

  /// It may have been set back while nobody looked.
  private var clock: Periodic {
    get async {
      let service = service
      let newest = try? await service.store.runs(RunFilter(), limit: 1, before: nil).first?.startedAt
      let watch = ClockWatch(latest: max(newest ?? .distantPast, service.now()))
      return Periodic("clock", every: Self.clockSeconds, report: Console.complain) {
        guard let seconds = watch.wentBack(to: service.now()) else { return }
        let moved = try await service.planAfterClockWentBack()
        OperatingLog.write("the clock went back by \(Int(seconds)) s: \(moved) checkers are planned anew")
      }
    }
  }

  private var heartbeat: Heartbeat {
    let (service, own) = (service, options.heartbeatUrl)
    let beacon = Beacon(environment: ProcessInfo.processInfo.environment)
    return Heartbeat(report: Console.complain) {
      let stored = try await service.heartbeatURL()
      if let url = own ?? stored { try await beacon.ping(url) }
    }
  }

  /// Writes down that an action broke or works; the delivery itself goes its own way.
  private static func note(_ news: WatchedChannels.News, of action: String, _ service: CheckerService) async {
    do {
      switch news {
      case .works: try await service.actionWorks(action)
      case .broken(let error, let since): try await service.actionBroke(action, error: error, since: since)
      }
    } catch {
      Console.complain("action '\(action)': \(error)")
    }
  }

  /// Drops old runs once an hour, until cancelled.
  private static func prune(_ service: CheckerService, keepingDays days: Int) async {
    while !Task.isCancelled {
      do {
        _ = try await service.store.prune(before: service.now().addingTimeInterval(-Double(days) * 86_400))
      } catch {
        Console.complain("old runs could not be dropped: \(ServiceError(error).message)")
      }
      try? await Task.sleep(for: .seconds(3600))
    }
  }
}
