import Domain
import Foundation

/// The lanes of all actions that have had something to send lately.
actor Lanes {
  private var lanes: [String: Lane] = [:]
  private let work: @Sendable () -> LaneWork

  init(_ work: @escaping @Sendable () -> LaneWork) {
    self.work = work
  }

  /// Deliveries that have not had their turn.
  var waiting: Int {
    get async {
      var count = 0
      for lane in lanes.values { count += await lane.count }
      return count
    }
  }

  /// Returns the lane when nobody drains it yet.
  func add(_ delivery: Delivery, leasedUntil end: Date) async -> Lane? {
    let lane = lanes[delivery.action] ?? Lane(work())
    lanes[delivery.action] = lane
    return await lane.add(delivery, leasedUntil: end) ? lane : nil
  }

  func closeIdle(before time: Date) async {
    for (name, lane) in lanes where await lane.isIdle {
      guard await lane.lastUsed < time else { continue }
      lanes[name] = nil
      await lane.close()
    }
  }

  func stop() async {
    for lane in lanes.values { await lane.stop() }
  }

  func close() async {
    for lane in lanes.values { await lane.close() }
  }
}
