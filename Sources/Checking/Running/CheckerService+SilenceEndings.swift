import Domain
import Foundation

extension CheckerService {
  /// Tells once of each silence that is about to end while alarms that it hides are open, to the actions that would
  /// have heard of those alarms. Returns how many silences were told of.
  ///
  /// One that hides nothing open is looked at again until it ends: something may open.
  package func tellSilenceEndings() async throws(ServiceError) -> Int {
    let time = now()
    let near = try await reading { () async throws(StoreError) in
      try await store.untoldEndings(after: time, by: time + Silence.noticeSeconds)
    }.filter { $0.isEnding(at: time) }
    if near.isEmpty { return 0 }
    let routing = try await routing()
    let checkers = try await reading { () async throws(StoreError) in try await store.checkers() }
    var told = 0
    for silence in near {
      let open = routing.toldAfter(silence, of: checkers, at: time)
      if open.isEmpty { continue }
      let deliveries = routing.deliveries(aboutEnding: silence, open: open, at: time)
      let isNew = try await reading { () async throws(StoreError) in
        try await store.tellEnding(of: silence, deliveries: deliveries, at: time)
      }
      if isNew { told += 1 }
    }
    if told > 0 { wake() }
    return told
  }
}

extension Routing {
  /// The open alarms that `silence` hides now, and of which people are told when it ends: nothing else withholds them
  /// then.
  func toldAfter(_ silence: Silence, of checkers: [StoredChecker], at time: Date) -> [StoredChecker] {
    guard let end = silence.endsAt else { return [] }
    return checkers.filter { stored in
      stored.checker.isEnabled && stored.isOpen && silence.hides(subject(of: stored), at: time)
        && withholding(stored, at: end) == nil
    }
  }

  /// Each action hears of those alarms alone of which it would have heard without the silence.
  func deliveries(aboutEnding silence: Silence, open: [StoredChecker], at time: Date) -> [NewDelivery] {
    var order: [String] = []
    var heard: [String: [StoredChecker]] = [:]
    for stored in open {
      for bound in destinations(of: stored.checker, subject(of: stored))
      where bound.action.notices.contains(.silenceEnding) {
        if heard[bound.action.name] == nil { order.append(bound.action.name) }
        if heard[bound.action.name]?.last?.checker.id != stored.checker.id {
          heard[bound.action.name, default: []].append(stored)
        }
      }
    }
    return order.map { action in
      let alarms = heard[action] ?? []
      return NewDelivery(
        event: Event(ending: silence, open: alarms, at: time), action: action, isWithheld: false,
        reason: "it hears of what the silence hides: "
          + alarms.prefix(10).map(\.checker.id.description).joined(separator: ", "))
    }
  }
}
