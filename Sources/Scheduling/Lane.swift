import Domain
import Foundation

/// The deliveries of one action, sent one after the other through its channel.
actor Lane {
  private let work: LaneWork
  private var waiting: [(delivery: Delivery, leasedUntil: Date)] = []
  private var isBusy = false
  private var isStopped = false
  private var open: (action: Action, channel: any Channel)?
  /// The receiver is spared until then.
  private var holdUntil: Date?
  private var failuresInARow = 0
  private(set) var lastUsed = Date.distantPast

  /// After so many failures in a row the others wait too, in place of failing one by one: a try now and then, ever
  /// seldomer up to a minute, finds out whether the receiver is back.
  private static let patience = 3
  private static let hold: Double = 5
  private static let longestHold: Double = 60
  /// A lease that ends sooner, in seconds, may not outlast the sending.
  private static let margin: Double = 35

  init(_ work: LaneWork) {
    self.work = work
  }

  var count: Int { waiting.count }
  var isIdle: Bool { !isBusy && waiting.isEmpty }

  /// `true` when nobody drains the lane yet: the caller must.
  func add(_ delivery: Delivery, leasedUntil end: Date) -> Bool {
    waiting.append((delivery, end))
    lastUsed = work.time.now()
    defer { isBusy = true }
    return !isBusy
  }

  func stop() { isStopped = true }

  func close() async {
    let channel = open?.channel
    open = nil
    await channel?.close()
  }

  func drain() async {
    while !waiting.isEmpty {
      let (delivery, leasedUntil) = waiting.removeFirst()
      await handle(delivery, leasedUntil: leasedUntil)
    }
    lastUsed = work.time.now()
    isBusy = false
  }

  private func handle(_ delivery: Delivery, leasedUntil end: Date) async {
    let now = work.time.now()
    if isStopped || Task.isCancelled {
      return await work.retry(delivery, at: now, error: delivery.lastError ?? "the service stopped before it was sent")
    }
    // Somebody may hold it again by now; whoever does will send it.
    if end.timeIntervalSince(now) < Self.margin { return }
    if let holdUntil, holdUntil > now {
      return await work.retry(
        delivery, at: holdUntil, error: delivery.lastError ?? "waits: others to '\(delivery.action)' failed")
    }
    switch await work.action(delivery.action) {
    case .unknown(let error): await work.retry(delivery, at: now + Self.hold, error: error)
    case .useless(let reason): await work.failed(delivery, error: reason)
    case .found(let action): await send(delivery, by: action)
    }
  }

  private func send(_ delivery: Delivery, by action: Action) async {
    do throws(DeliveryError) {
      let channel = try await channel(for: action)
      try await channel.send(delivery.event)
      let wasHeld = failuresInARow >= Self.patience
      failuresInARow = 0
      holdUntil = nil
      await work.delivered(delivery, note: channel.problem(with: delivery.event))
      // The others wait for tries of their own that were put off while it was away.
      if wasHeld { await work.hurry(action.name) }
    } catch {
      switch error {
      case .permanent(let reason), .broken(let reason):
        failuresInARow = 0
        await work.failed(delivery, error: reason)
      case .transient(let reason, let seconds): await sendLater(delivery, reason, retryAfter: seconds)
      }
    }
  }

  private func sendLater(_ delivery: Delivery, _ reason: String, retryAfter: Double?) async {
    let now = work.time.now()
    failuresInARow += 1
    if let retryAfter {
      holdUntil = now + retryAfter
    } else if failuresInARow >= Self.patience {
      holdUntil = now + min(hold(), work.limits.backoff.longest)
    }
    await work.retry(delivery, at: now + max(work.pause(after: delivery), retryAfter ?? 0), error: reason)
  }

  private func hold() -> Double {
    let doublings = min(failuresInARow - Self.patience, 5)
    return min(Self.longestHold, Self.hold * Double(1 << doublings))
  }

  /// The open channel, unless the action has changed since.
  private func channel(for action: Action) async throws(DeliveryError) -> any Channel {
    if let open, open.action == action { return open.channel }
    await close()
    do {
      let channel = try work.channels.makeToSend(action)
      open = (action, channel)
      return channel
    } catch {
      // Somebody mends the action, or the environment; until then nothing is lost.
      throw .transient("the action's setting '\(error.key)': \(error.message)", retryAfterSeconds: nil)
    }
  }
}

/// What the lanes share: the store, and how to write down what became of a delivery.
struct LaneWork: Sendable {
  enum Lookup {
    case found(Action)
    case useless(String)
    /// The store does not say.
    case unknown(String)
  }

  let store: any OutboxStore & CatalogueStore
  let channels: any ChannelMaking
  let time: TimeSource
  let limits: OutboxDispatcher.Limits
  let report: @Sendable (String) -> Void
  /// Something has become due.
  let poke: @Sendable () -> Void

  func action(_ name: String) async -> Lookup {
    do {
      guard let action = try await store.action(name) else { return .useless("the action '\(name)' was deleted") }
      return action.isEnabled ? .found(action) : .useless("the action '\(name)' is disabled")
    } catch {
      return .unknown("\(error)")
    }
  }

  func pause(after delivery: Delivery) -> Double {
    limits.backoff.seconds(afterAttempts: delivery.attempts, chance: Double.random(in: 0...1))
  }

  func delivered(_ delivery: Delivery, note: String?) async {
    await write(delivery) { () async throws(StoreError) in
      try await store.delivered(delivery.id, note: note, at: time.now())
    }
  }

  func retry(_ delivery: Delivery, at date: Date, error: String) async {
    await write(delivery) { () async throws(StoreError) in
      try await store.retry(delivery.id, at: date, error: error)
    }
  }

  /// Those that a failure put off are due at once.
  func hurry(_ action: String) async {
    do {
      try await store.hurry(action: action, at: time.now())
      poke()
    } catch {
      report("outbox: \(error)")
    }
  }

  func failed(_ delivery: Delivery, error: String) async {
    await write(delivery) { () async throws(StoreError) in
      try await store.failed(delivery.id, error: error, at: time.now())
    }
  }

  /// What cannot be written down is leased again later: it may be sent twice, and is never lost.
  private func write(_ delivery: Delivery, _ body: () async throws(StoreError) -> Void) async {
    do {
      try await body()
    } catch .notFound {
      // The checker was deleted meanwhile, and its deliveries with it.
    } catch {
      report("outbox: delivery \(delivery.id): \(error)")
    }
  }
}
