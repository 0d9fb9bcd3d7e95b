import Checking
import Domain
import Foundation
import Scheduling

/// What goes on without anybody asking: schedules, deliveries, and forgetting old runs.
struct BackgroundWork {
  let service: CheckerService
  let wake: WakeSignal
  let options: ServiceOptions

  /// Works until its task is cancelled; then ends what is under way.
  func run() async {
    let (service, days) = (service, options.keepDays)
    let scheduler = Scheduler(
      store: service.store, limits: Scheduler.Limits(batches: options.maxRuns),
      run: { _ = try await service.run($0, trigger: .schedule) }, report: Console.complain)
    let dispatcher = OutboxDispatcher(store: service.store, channels: service.channels, report: Console.complain)
    let alarms = AlarmClock(
      store: service.store, tick: { try await service.tickAlarms() }, report: Console.complain)
    wake.listen {
      scheduler.poke()
      alarms.poke()
      dispatcher.poke()
    }
    await withTaskGroup(of: Void.self) { group in
      group.addTask { await scheduler.serve() }
      group.addTask { await dispatcher.serve() }
      group.addTask { await alarms.serve() }
      group.addTask { await Self.prune(service, keepingDays: days) }
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
