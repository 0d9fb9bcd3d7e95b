import Domain

/// Something that the worker was asked for, and who waits for it. Belongs to the actor that made it.
final class WorkerJob {
  enum Request: Sendable {
    case run(GuestTask)
    case prepare([UInt8], GuestLimits)
    case warmUp(Set<ScriptLanguage>)
  }

  enum End: Sendable {
    case report(GuestReport)
    case prepared(ModuleDescription)
    case warm
    case refused(GuestTrouble)
  }

  let id: UInt64
  let request: Request
  private let continuation: CheckedContinuation<End, Never>
  /// How many workers ended while this was under way.
  var deaths = 0
  var isCancelled = false
  /// What the guest waits for now.
  private(set) var asks: [UInt64: Task<Void, Never>] = [:]
  private var worked = Duration.zero
  /// `nil` while the guest waits for data.
  private var workStart: ContinuousClock.Instant?

  init(id: UInt64, request: Request, continuation: CheckedContinuation<End, Never>) {
    self.id = id
    self.request = request
    self.continuation = continuation
  }

  /// As it is sent to the worker.
  var frame: [UInt8] {
    switch request {
    case .run(let task): Frame.bytes(.run, id) { $0.put(TaskOrder(task)) }
    case .prepare(let module, let limits):
      Frame.bytes(.prepare, id) {
        $0.put(numbers: module)
        $0.put(limits)
      }
    case .warmUp(let languages): Frame.bytes(.warmUp, id) { $0.put(languages.sorted { $0.rawValue < $1.rawValue }) }
    }
  }

  /// To be called once.
  func end(_ end: End) {
    stop()
    continuation.resume(returning: end)
  }

  // MARK: under way

  func begin() {
    worked = .zero
    workStart = .now
  }

  /// Nothing is asked for any longer.
  func stop() {
    for ask in asks.values { ask.cancel() }
    asks = [:]
    workStart = nil
  }

  func wait(for request: UInt64, _ ask: Task<Void, Never>) {
    asks[request] = ask
    if let workStart { worked += .now - workStart }
    workStart = nil
  }

  /// `false` when that was not waited for.
  func endWait(for request: UInt64) -> Bool {
    guard let ask = asks.removeValue(forKey: request) else { return false }
    ask.cancel()
    if asks.isEmpty { workStart = .now }
    return true
  }

  // MARK: the last resort

  /// Compiling a large module on a busy machine takes its time.
  private static let preparation: Duration = .seconds(180)
  /// Of the processor time that the guest may have: a busy machine gives it as much only over a longer time.
  private static let slowness = 20.0

  /// Whether the worker must have lost control of it: the worker itself ends a guest at its limits.
  var isOverdue: Bool {
    let worked = worked + (workStart.map { .now - $0 } ?? .zero)
    guard case .run(let task) = request else { return worked > Self.preparation * 2 }
    return worked > Self.preparation + .seconds(task.limits.seconds * Self.slowness)
  }
}
