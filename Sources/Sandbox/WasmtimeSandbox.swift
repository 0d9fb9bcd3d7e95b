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
      let program: ModuleLibrary.Program
      do throws(GuestTrouble) {
        program = try await modules.program(bytes, limits: task.limits)
      } catch {
        return GuestReport(trouble: error, cost: GuestCost())
      }
      if task.isTrial { return GuestReport(cost: GuestCost()) }
      return await onThread(task) { host in Self.report(program, host) }
    case .script(let language, _, _):
      guard let runtime = runtimes.first(where: { $0.language == language }) else {
        return GuestReport(
          trouble: GuestTrouble(.host, "Scripts in \(language.title) cannot be run here."), cost: GuestCost())
      }
      let engine = scriptEngine
      return await onThread(task) { host in
        do throws(GuestTrouble) {
          return runtime.report(host, try engine.get())
        } catch {
          return host.report(trouble: error, fuel: 0)
        }
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
  private func onThread(_ task: GuestTask, _ body: @escaping @Sendable (HostCalls) -> GuestReport) async -> GuestReport
  {
    let signal = RunSignal()
    let ticket = Ticket()
    return await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        ticket.wait(continuation)
        let id = threads.submit { ticket.end(body(HostCalls(task, signal))) }
        guard let id else {
          return ticket.end(
            GuestReport(trouble: GuestTrouble(.cancelled, "The sandbox is closed."), cost: GuestCost()))
        }
        ticket.submitted(id)
        if signal.isCancelled { withdraw(ticket) }
      }
    } onCancel: {
      signal.cancel()
      withdraw(ticket)
    }
  }

  private func withdraw(_ ticket: Ticket) {
    guard let id = ticket.id, threads.withdraw(id) else { return }
    ticket.end(GuestReport(trouble: .cancelled, cost: GuestCost()))
  }

  /// A run's place in line.
  private final class Ticket: Sendable {
    private let state = Mutex<(continuation: CheckedContinuation<GuestReport, Never>?, id: UInt64?)>((nil, nil))

    var id: UInt64? { state.withLock { $0.id } }

    func wait(_ continuation: CheckedContinuation<GuestReport, Never>) {
      state.withLock { $0.continuation = continuation }
    }

    func submitted(_ id: UInt64) { state.withLock { $0.id = id } }

    func end(_ report: GuestReport) {
      let continuation = state.withLock { state in
        defer { state.continuation = nil }
        return state.continuation
      }
      continuation?.resume(returning: report)
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
