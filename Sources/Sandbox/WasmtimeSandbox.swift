package import Domain
import Synchronization

/// Runs users' code in wasmtime. Making one costs nothing; the first guest loads the engine.
package final class WasmtimeSandbox: Sandbox {
  package struct Settings: Sendable {
    /// Folders that may hold set-up's files (`wasmtime/libwasmtime.so`); the first that does is taken.
    package var vendorFolders: [String]
    /// Where compiled code is kept between starts, for this user alone; `nil`: nowhere.
    package var cacheFolder: String?
    /// How many guests run at once; others wait their turn. 1 to 64.
    package var guests: Int

    package init(vendorFolders: [String], cacheFolder: String? = nil, guests: Int = 16) {
      self.vendorFolders = vendorFolders
      self.cacheFolder = cacheFolder
      self.guests = min(64, max(1, guests))
    }
  }

  let threads: GuestThreads
  private let modules: ModuleLibrary
  private let runtimes: [any ScriptRuntime]
  /// Modules and scripts have an engine each: a script's interpreter touches much of its memory in every run, a module
  /// little of one that may be large.
  private let scriptEngine: LazyEngine

  private static let keptModuleBytes = 64 << 10
  /// Just more than Python has at its start: what is copied beyond that costs a trivial script a fifth of its time.
  private static let keptScriptBytes = 14 << 20

  package init(_ settings: Settings) {
    let engine = LazyEngine(settings, keptBytes: Self.keptModuleBytes)
    let cache = settings.cacheFolder.flatMap { CodeCache(folder: $0) }
    scriptEngine = LazyEngine(settings, keptBytes: Self.keptScriptBytes)
    threads = GuestThreads(bound: settings.guests)
    modules = ModuleLibrary(cache: cache) { () throws(GuestTrouble) in try engine.get() }
    runtimes = Self.runtimes(settings, cache)
  }

  package func prepare(_ module: [UInt8], limits: GuestLimits) async throws(GuestTrouble) -> ModuleDescription {
    let program = try await modules.program(module, limits: limits)
    if case .module(let compiled) = program, compiled.shape.memoryBytes > limits.memoryBytes {
      throw GuestTrouble(
        .invalidModule,
        "The module asks for \(Words.bytes(compiled.shape.memoryBytes)) of memory at its start, more than the limit of "
          + "\(Words.bytes(limits.memoryBytes)). Raise the checker's memory limit, or link the module with less.")
    }
    return program.description
  }

  package func run(_ task: GuestTask) async -> GuestReport {
    switch task.program {
    case .module(let bytes):
      do throws(GuestTrouble) {
        let program = try await modules.program(bytes, limits: task.limits)
        return await onThread(task, Self.work(program, task))
      } catch {
        return GuestReport(trouble: error, cost: GuestCost())
      }
    case .script(let language, _, _): return await onThread(task, work(language))
    }
  }

  /// As `run`, without a task that waits: `done` is called once, on the guest's thread. Returns what cancels the run.
  func begin(_ task: GuestTask, done: @escaping @Sendable (GuestReport) -> Void) -> @Sendable () -> Void {
    let work: Work
    switch task.program {
    case .script(let language, _, _): work = self.work(language)
    case .module(let bytes):
      guard bytes.count <= task.limits.moduleBytes, let program = modules.known(bytes) else {
        let waiting = Task { done(await run(task)) }
        return { waiting.cancel() }
      }
      work = Self.work(program, task)
    }
    let ticket = Ticket()
    submit(task, ticket, work, done)
    return { self.cancel(ticket) }
  }

  /// What a thread does for a task.
  private typealias Work = @Sendable (HostCalls) -> GuestReport

  private static func work(_ program: ModuleLibrary.Program, _ task: GuestTask) -> Work {
    // That it could be compiled is all that a trial wants to know.
    if task.isTrial { return { _ in GuestReport(cost: GuestCost()) } }
    return { host in report(program, host) }
  }

  private func work(_ language: ScriptLanguage) -> Work {
    guard let runtime = runtimes.first(where: { $0.language == language }) else {
      return { host in
        host.report(trouble: GuestTrouble(.host, "Scripts in \(language.title) cannot be run here."), fuel: 0)
      }
    }
    let engine = scriptEngine
    return { host in
      do throws(GuestTrouble) {
        return runtime.report(host, try engine.get())
      } catch {
        return host.report(trouble: error, fuel: 0)
      }
    }
  }

  package func warmUp(_ languages: Set<ScriptLanguage>) async {
    for runtime in runtimes where languages.contains(runtime.language) {
      let engine = scriptEngine
      await withCheckedContinuation { continuation in
        let work: GuestThreads.Work = {
          // What fails here fails again, with words, when a script is run.
          do throws(GuestTrouble) { try runtime.prepare(try engine.get()) } catch {}
          continuation.resume()
        }
        if threads.submit(work) == nil { continuation.resume() }
      }
    }
  }

  package func close() async { threads.close() }

  /// Runs a compiled program on this thread.
  static func report(_ program: ModuleLibrary.Program, _ host: HostCalls) -> GuestReport {
    switch program {
    case .module(let module): ModuleRun.report(module, host)
    case .component(let component): ComponentRun.report(component, host)
    }
  }

  // MARK: threads

  /// Waits for a thread and for `body` on it. A task that is cancelled before a thread was free ends at once.
  private func onThread(_ task: GuestTask, _ work: @escaping Work) async -> GuestReport {
    let ticket = Ticket()
    return await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        submit(task, ticket, work) { continuation.resume(returning: $0) }
      }
    } onCancel: {
      cancel(ticket)
    }
  }

  private func submit(
    _ task: GuestTask, _ ticket: Ticket, _ work: @escaping Work, _ done: @escaping @Sendable (GuestReport) -> Void
  ) {
    ticket.wait(done)
    let id = threads.submit {
      let host = HostCalls(task, ticket.signal, leavesWorld: true)
      let report = work(host)
      self.threads.tidy {
        ticket.end(report)
        host.cleanUp()
      }
    }
    guard let id else {
      return ticket.end(GuestReport(trouble: GuestTrouble(.cancelled, "The sandbox is closed."), cost: GuestCost()))
    }
    ticket.submitted(id)
    if ticket.signal.isCancelled { withdraw(ticket) }
  }

  private func cancel(_ ticket: Ticket) {
    ticket.signal.cancel()
    withdraw(ticket)
  }

  private func withdraw(_ ticket: Ticket) {
    guard let id = ticket.id, threads.withdraw(id) else { return }
    ticket.end(GuestReport(trouble: .cancelled, cost: GuestCost()))
  }

  /// A run's place in line.
  private final class Ticket: Sendable {
    let signal = RunSignal()
    private let state = Mutex<(done: (@Sendable (GuestReport) -> Void)?, id: UInt64?)>((nil, nil))

    var id: UInt64? { state.withLock { $0.id } }

    func wait(_ done: @escaping @Sendable (GuestReport) -> Void) { state.withLock { $0.done = done } }

    func submitted(_ id: UInt64) { state.withLock { $0.id = id } }

    func end(_ report: GuestReport) {
      let done = state.withLock { state in
        defer { state.done = nil }
        return state.done
      }
      done?(report)
    }
  }
}

/// The engine, made when it is first needed.
final class LazyEngine: Sendable {
  private let settings: WasmtimeSandbox.Settings
  private let engine = Mutex<Engine?>(nil)

  private let keptBytes: Int

  init(_ settings: WasmtimeSandbox.Settings, keptBytes: Int) {
    self.settings = settings
    self.keptBytes = keptBytes
  }

  /// Blocks for some milliseconds the first time; not for a cooperative thread.
  func get() throws(GuestTrouble) -> Engine {
    try engine.withLock { (engine) throws(GuestTrouble) in
      if let engine { return engine }
      try WasmtimeLibrary.load(from: settings.vendorFolders)
      let made = try Engine(guests: settings.guests, keptBytes: keptBytes)
      engine = made
      return made
    }
  }
}
