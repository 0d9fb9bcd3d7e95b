package import Domain
package import Foundation

/// Runs users' code in a process of its own, which has no network, no files and no secrets: a fault in the engine, or code
/// that gets out of it, meets neither the service's memory nor its database connections. Data goes over a socket, asked
/// for piece by piece.
///
/// The process is started by the first job, again after its end, and trusted in nothing: what it sends is bounded and
/// checked, and it can only ask for what the guest under way may see.
package actor WorkerSandbox: Sandbox {
  package struct Settings: Sendable {
    /// The program, and the arguments that make it call `CodeWorker.serve`.
    package var program: String
    package var arguments: [String]
    /// As those of `WasmtimeSandbox`.
    package var vendorFolders: [String]
    package var cacheFolder: String?
    package var guests: Int
    /// How often it is looked whether the process still answers, while it runs something. One that has not said anything
    /// for three times as long is ended.
    package var watchSeconds: Double

    package init(
      program: String = "/proc/self/exe", arguments: [String] = [CodeWorker.command], vendorFolders: [String],
      cacheFolder: String? = nil, guests: Int = 16, watchSeconds: Double = 5
    ) {
      self.program = program
      self.arguments = arguments
      self.vendorFolders = vendorFolders
      self.cacheFolder = cacheFolder
      self.guests = min(64, max(1, guests))
      self.watchSeconds = watchSeconds
    }
  }

  private let settings: Settings
  /// Tells the operator what went wrong, in one sentence.
  private let complain: @Sendable (String) -> Void
  /// Sending may block, so it is not done on a thread that all tasks share.
  private nonisolated let queue = QueueExecutor(label: "code-worker")
  package nonisolated var unownedExecutor: UnownedSerialExecutor { queue.asUnownedSerialExecutor() }

  private var line = WorkerLine()
  private var connection: WorkerConnection?
  /// Which worker it is; what was said about an earlier one is forgotten.
  private var generation = 0
  private var isReady = false
  private var failedStarts = 0
  private var hasComplainedOfConfinement = false
  private var lastJob: UInt64 = 0
  private var isWatching = false
  /// How often it was asked whether it is there since it last said anything.
  private var unansweredPings = 0
  private var isClosed = false
  private var closing: CheckedContinuation<Void, Never>?

  package init(_ settings: Settings, complain: @escaping @Sendable (String) -> Void) {
    self.settings = settings
    self.complain = complain
  }

  deinit { connection?.kill() }

  /// Of the worker that runs now; `nil` before the first job.
  package var processID: pid_t? { connection?.pid }

  package func prepare(_ module: [UInt8], limits: GuestLimits) async throws(GuestTrouble) -> ModuleDescription {
    switch await end(of: .prepare(module, limits)) {
    case .prepared(let description): return description
    case .refused(let trouble): throw trouble
    case .report, .warm: throw GuestTrouble(.host, "The process that runs code gave a wrong answer.")
    }
  }

  package func run(_ task: GuestTask) async -> GuestReport {
    switch await end(of: .run(task)) {
    case .report(let report): report
    case .refused(let trouble): GuestReport(trouble: trouble, cost: GuestCost())
    case .prepared, .warm:
      GuestReport(trouble: GuestTrouble(.host, "The process that runs code gave a wrong answer."), cost: GuestCost())
    }
  }

  package func warmUp(_ languages: Set<ScriptLanguage>) async { _ = await end(of: .warmUp(languages)) }

  package func close() async {
    isClosed = true
    for job in line.takeAll() { job.end(.refused(Self.closed)) }
    guard let connection, closing == nil else { return }
    await withCheckedContinuation { continuation in
      closing = continuation
      connection.kill()
    }
  }

  private static let closed = GuestTrouble(.cancelled, "The sandbox is closed.")

  // MARK: jobs

  private func end(of request: WorkerJob.Request) async -> WorkerJob.End {
    lastJob += 1
    let id = lastJob
    return await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        let job = WorkerJob(id: id, request: request, continuation: continuation)
        if isClosed { return job.end(.refused(Self.closed)) }
        line.add(job)
        advance()
      }
    } onCancel: {
      queue.async { self.assumeIsolated { $0.cancel(id) } }
    }
  }

  private func cancel(_ id: UInt64) {
    if let job = line.withdraw(id) {
      job.end(.refused(.cancelled))
    } else if let job = line.underWay[id], !job.isCancelled {
      job.isCancelled = true
      connection?.send(Frame.bytes(.cancel, id))
    }
  }

  private func advance() {
    while let job = line.next(limit: settings.guests) {
      do throws(GuestTrouble) {
        let connection = try connected()
        job.begin()
        connection.send(job.frame)
        watch()
      } catch {
        line.finish(job.id)?.end(.refused(error))
      }
    }
  }

  /// The worker that runs, or a new one.
  private func connected() throws(GuestTrouble) -> WorkerConnection {
    if let connection { return connection }
    generation += 1
    isReady = false
    let (generation, queue) = (generation, queue)
    let made = try WorkerConnection(program: settings.program, arguments: settings.arguments) { [weak self] frame in
      guard let self else { return }
      queue.async { self.assumeIsolated { $0.received(frame, generation) } }
    } ended: { [weak self] words in
      guard let self else { return }
      queue.async { self.assumeIsolated { $0.ended(words, generation) } }
    }
    connection = made
    made.send(settings.frame)
    return made
  }

  // MARK: what the worker says

  private func received(_ frame: Frame, _ generation: Int) {
    guard generation == self.generation, let connection else { return }
    unansweredPings = 0
    do throws(WireError) {
      try handle(frame)
    } catch {
      complain("The process that runs code said what makes no sense (\(error.description)), and was ended.")
      connection.kill()
    }
    advance()
  }

  private func handle(_ frame: Frame) throws(WireError) {
    var payload = frame.payload
    switch frame.kind {
    case .ready: ready(missing: try payload.last())
    case .report: try finish(frame.job, .report(try payload.last()))
    case .prepared: try finish(frame.job, .prepared(try payload.last()))
    case .refused: try finish(frame.job, .refused(try payload.last()))
    case .warm:
      try payload.end()
      try finish(frame.job, .warm)
    case .ask: try ask(frame.job, try payload.last())
    case .withdraw:
      let request: UInt64 = try payload.last()
      // It may have been answered meanwhile.
      _ = line.underWay[frame.job]?.endWait(for: request)
    case .pong: try payload.end()
    case .settings, .run, .prepare, .warmUp, .cancel, .answer, .tryEscapes, .ping, .escapes:
      throw WireError(description: "a message that only it may get")
    }
  }

  private func ready(missing: [String]) {
    isReady = true
    failedStarts = 0
    guard !missing.isEmpty, !hasComplainedOfConfinement else { return }
    hasComplainedOfConfinement = true
    complain(
      "Code runs in a process of its own, which this machine's kernel did not confine further: it lacks "
        + "\(missing.joined(separator: ", ")).")
  }

  private func finish(_ id: UInt64, _ end: WorkerJob.End) throws(WireError) {
    guard let job = line.underWay[id] else { throw WireError(description: "an answer that nobody waits for") }
    switch (job.request, end) {
    case (.run, .report), (.prepare, .prepared), (.prepare, .refused), (.warmUp, .warm): break
    default: throw WireError(description: "an answer to another question")
    }
    line.finish(id)?.end(end)
  }

  // MARK: data

  /// A guest waits for one thing at a time; one that was given up may still be on its way.
  private static let mostAsks = 8

  private func ask(_ id: UInt64, _ ask: WorkerAsk) throws(WireError) {
    guard let job = line.underWay[id], case .run(let task) = job.request else {
      throw WireError(description: "a question of a run that is not under way")
    }
    guard job.asks.count < Self.mostAsks, job.asks[ask.request] == nil else {
      throw WireError(description: "too many questions at once")
    }
    if let bytes = ask.answerAtOnce(from: task.data, job: id) {
      connection?.send(bytes)
      return
    }
    let generation = generation
    job.wait(
      for: ask.request,
      Task {
        let bytes = await ask.answer(from: task.data, job: id)
        answered(bytes, id, ask.request, generation)
      })
  }

  private func answered(_ bytes: [UInt8], _ id: UInt64, _ request: UInt64, _ generation: Int) {
    guard generation == self.generation, line.underWay[id]?.endWait(for: request) == true else { return }
    connection?.send(bytes)
  }

  // MARK: the worker's end

  /// Of workers that end before they are ready, one after the other.
  private static let mostFailedStarts = 3

  private func ended(_ words: String, _ generation: Int) {
    guard generation == self.generation else { return }
    connection = nil
    unansweredPings = 0
    closing?.resume()
    closing = nil
    if isClosed { return }
    if !isReady { failedStarts += 1 }
    if failedStarts >= Self.mostFailedStarts {
      failedStarts = 0
      let trouble = Self.cannotStart(words)
      for job in line.takeAll() { job.end(.refused(trouble)) }
      return complain(trouble.message)
    }
    let lost = line.lose(isTheirs: isReady)
    for job in lost.ended { job.end(.refused(job.isCancelled ? .cancelled : Self.died(words))) }
    if isReady { complain(Self.endWords(words, triedAgain: lost.triedAgain, givenUp: lost.ended.count)) }
    advance()
  }

  private static func endWords(_ words: String, triedAgain: Int, givenUp: Int) -> String {
    let what =
      triedAgain + givenUp == 0
      ? "while it ran nothing" : "\(triedAgain) of what it ran is tried again, \(givenUp) given up"
    return "The process that runs code ended (\(words)), \(what)."
  }

  private static func cannotStart(_ words: String) -> GuestTrouble {
    GuestTrouble(
      .host,
      "The process that runs code does not start: it ended at once (\(words)). What it says is in the service's standard "
        + "error; --code-in-process does without it.")
  }

  private static func died(_ words: String) -> GuestTrouble {
    GuestTrouble(
      .host,
      "The process that runs code ended while it ran this (\(words)), and again when it was tried alone. Nothing else was "
        + "harmed. The code found a fault in the sandbox, or the machine has no memory left: change the code, and report "
        + "it.")
  }

  // MARK: the last resort

  private static let mostUnansweredPings = 3

  /// Looks now and then, as long as there is something under way, for what does not come to its end.
  private func watch() {
    guard !isWatching else { return }
    isWatching = true
    queue.async(after: settings.watchSeconds) { [weak self] in
      self?.assumeIsolated {
        $0.isWatching = false
        $0.endOverdue()
        $0.endSilent()
        if !$0.line.underWay.isEmpty { $0.watch() }
      }
    }
  }

  private func endOverdue() {
    let overdue = line.underWay.values.filter { $0.isOverdue }
    for job in overdue { line.finish(job.id)?.end(.refused(Self.overdue)) }
    if !overdue.isEmpty {
      complain("A run did not come to its end at its limits: the process that runs code is ended.")
      connection?.kill()
    }
  }

  /// A process that somebody stopped, or that is stuck, holds up all code: what it ran is made again by a new one.
  private func endSilent() {
    guard isReady, let connection, !line.underWay.isEmpty else { return }
    if unansweredPings >= Self.mostUnansweredPings {
      unansweredPings = 0
      complain("The process that runs code does not answer, and is ended.")
      connection.kill()
    } else {
      unansweredPings += 1
      connection.send(Frame.bytes(.ping, 0))
    }
  }

  private static let overdue = GuestTrouble(
    .deadline,
    "The code did not stop at its time limit, so the process that ran it was ended. That is a fault in the sandbox: "
      + "please report it with the code.")
}
