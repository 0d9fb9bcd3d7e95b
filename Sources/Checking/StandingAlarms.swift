package import Domain
package import Foundation

/// Tells receivers that forget, such as Alertmanager, again and again of the alarms that are open, and for a while of
/// those that are resolved.
package actor StandingAlarms {
  private let store: any CatalogueStore & OutboxStore
  private let channels: any ChannelMaking
  private let now: @Sendable () -> Date
  /// When each action's alarms were last told again.
  private var told: [String: Date] = [:]
  private var pauses: [Action: Double?] = [:]

  /// For how long the end of an alarm is told again, in seconds: receivers that were away hear of it, too.
  private static let secondsAfterResolution: Double = 900

  package init(
    store: any CatalogueStore & OutboxStore, channels: any ChannelMaking, now: @escaping @Sendable () -> Date
  ) {
    self.store = store
    self.channels = channels
    self.now = now
  }

  /// Tells what is due to be told again; throws what a receiver had against it, after all were told.
  package func repeatDue() async throws {
    let actions = try await store.actions().filter(\.isEnabled)
    pauses = pauses.filter { actions.contains($0.key) }
    var trouble: DeliveryError?
    for action in actions {
      guard let pause = pause(of: action) else { continue }
      let time = now()
      if let last = told[action.name], time.timeIntervalSince(last) < pause { continue }
      told[action.name] = time
      trouble = try await tell(action, at: time) ?? trouble
    }
    if let trouble { throw trouble }
  }

  private func pause(of action: Action) -> Double? {
    if let known = pauses[action] { return known }
    let pause = (try? channels.makeToSend(action))?.resendInterval
    pauses[action] = .some(pause)
    return pause
  }

  private func tell(_ action: Action, at time: Date) async throws -> DeliveryError? {
    let events = try await store.standing(of: action.name, resolvedAfter: time - Self.secondsAfterResolution)
    guard !events.isEmpty, let channel = try? channels.makeToSend(action) else { return nil }
    var trouble: DeliveryError?
    for event in events {
      do throws(DeliveryError) {
        try await channel.send(event)
      } catch {
        trouble = error
        // The next round comes soon; a receiver that is away need not be asked for each alarm.
        if case .transient = error { break }
      }
    }
    await channel.close()
    return trouble
  }
}
