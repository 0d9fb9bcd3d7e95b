import Domain
import Foundation
import Synchronization

/// The other side of `WorkerSandbox`: what the process that runs users' code does.
package enum CodeWorker {
  /// The program's command that makes it a worker; for no person.
  package static let command = "code-worker"

  /// Takes jobs from standard input, a socket to the service, until the service closes it. To be called on the main
  /// thread, before there is another.
  package static func serve() -> Never {
    guard isSocket(0) else {
      say("'\(command)' is for the service itself, which starts it to run code in.")
      exit(64)
    }
    // The service says when it is over, by closing the line; it may still need us after a signal that stops it.
    for number in [SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGPIPE] { signal(number, SIG_IGN) }
    do throws(WireError) {
      var receiver = FrameReceiver(socket: 0)
      guard let first = try receiver.next(), first.kind == .settings else { _exit(0) }
      let service = try start(first)
      while let frame = try receiver.next() { try service.take(frame) }
    } catch {
      say(error.description)
      _exit(70)
    }
    _exit(0)
  }

  /// Gives up what is not needed, and says what could not be given up.
  private static func start(_ settings: Frame) throws(WireError) -> WorkerService {
    var payload = settings.payload
    let vendorFolders: [String] = try payload.value()
    let cacheFolder: String? = try payload.value()
    let guests: Int = try payload.value()
    // Makes the folder, which must be there for its rule.
    if let cacheFolder { _ = CodeCache(folder: cacheFolder) }
    let missing = Confinement.apply(readable: vendorFolders, writable: cacheFolder.map { [$0] } ?? [])
    _ = WorkerLink.sender.send(Frame.bytes(.ready, 0) { $0.put(missing) })
    return WorkerService(
      WasmtimeSandbox(.init(vendorFolders: vendorFolders, cacheFolder: cacheFolder, guests: guests)), missing: missing)
  }

  private static func say(_ text: String) { FileHandle.standardError.write(Data("checker: \(text)\n".utf8)) }

  private static func isSocket(_ file: Int32) -> Bool {
    var status = stat()
    return fstat(file, &status) == 0 && status.st_mode & S_IFMT == S_IFSOCK
  }
}

/// Does what the service asks for.
private final class WorkerService: Sendable {
  private let sandbox: WasmtimeSandbox
  private let link = WorkerLink()
  private let known = KnownModules()
  /// What cancels each run that is under way; `nil` while it is about to begin.
  private let runs = Mutex<[UInt64: (@Sendable () -> Void)?]>([:])

  /// What of its confinement it could not have.
  private let missing: [String]

  init(_ sandbox: WasmtimeSandbox, missing: [String]) {
    self.sandbox = sandbox
    self.missing = missing
  }

  /// For the main thread.
  func take(_ frame: Frame) throws(WireError) {
    var payload = frame.payload
    let (job, sandbox, link) = (frame.job, sandbox, link)
    switch frame.kind {
    case .run: run(job, try TaskOrder(from: &payload))
    case .prepare:
      let module = known.same(try payload.numbers())
      let limits: GuestLimits = try payload.value()
      Task {
        do throws(GuestTrouble) {
          link.send(Frame.bytes(.prepared, job, try await sandbox.prepare(module, limits: limits).write))
        } catch {
          link.send(Frame.bytes(.refused, job, error.write))
        }
      }
    case .warmUp:
      let languages: [ScriptLanguage] = try payload.value()
      Task {
        await sandbox.warmUp(Set(languages))
        link.send(Frame.bytes(.warm, job))
      }
    case .ping: link.send(Frame.bytes(.pong, 0))
    case .cancel: runs.withLock { $0[job] }??()
    case .answer: link.take(try payload.value(UInt64.self), payload)
    case .tryEscapes:
      let attempts = EscapeAttempts(
        secretFile: try payload.value(), openFile: try payload.value(),
        service: pid_t(truncatingIfNeeded: try payload.value(Int.self)), openFolder: "/tmp")
      link.send(
        Frame.bytes(.escapes, job) { $0.put(ConfinementTrial(missing: missing, attempts: attempts.make())) })
    default: throw WireError(description: "a message that only the service may get")
    }
  }

  private func run(_ job: UInt64, _ order: TaskOrder) {
    var task = order.task(data: RemoteData(job: job, link: link))
    if case .module(let bytes) = task.program { task.program = .module(known.same(bytes)) }
    runs.withLock { $0[job] = .some(nil) }
    let cancel = sandbox.begin(task) { [self] report in
      runs.withLock { _ = $0.removeValue(forKey: job) }
      link.send(Frame.bytes(.report, job, report.write))
    }
    // It may be over by now.
    runs.withLock { runs in
      if runs[job] != nil { runs[job] = cancel }
    }
  }
}

/// Modules that came before. The sandbox knows a module at once by where its bytes are, so the same bytes must be at the
/// same place each time.
private struct KnownModules: ~Copyable, Sendable {
  private static let capacity = 64
  private let modules = Mutex<[Int: [UInt8]]>([:])

  func same(_ bytes: [UInt8]) -> [UInt8] {
    var hasher = Hasher()
    // Enough to tell most apart; those that differ elsewhere only cost the search.
    hasher.combine(bytes.count)
    bytes.withUnsafeBytes { hasher.combine(bytes: UnsafeRawBufferPointer(rebasing: $0.suffix(4096))) }
    let key = hasher.finalize()
    return modules.withLock { modules in
      if let known = modules[key], known == bytes { return known }
      if modules.count >= Self.capacity { modules.removeAll() }
      modules[key] = bytes
      return bytes
    }
  }
}

/// The line to the service, for many threads.
final class WorkerLink: Sendable {
  /// The service always reads; should it not, it is gone or will end us.
  static let sender = FrameSender(socket: 0, patience: 3600)

  private let sending = Mutex(())
  private let asking = Mutex<(last: UInt64, open: [UInt64: @Sendable (WireReader) -> Void])>((0, [:]))

  func send(_ bytes: [UInt8]) { sending.withLock { _ in _ = Self.sender.send(bytes) } }

  /// Asks the service; `reply` gets the answer, to be read on, on the main thread.
  func ask(
    _ job: UInt64, _ question: WorkerAsk.Question, _ reply: @escaping @Sendable (WireReader) -> Void
  ) -> RunSignal.Withdrawal {
    let request = asking.withLock { asking in
      asking.last += 1
      asking.open[asking.last] = reply
      return asking.last
    }
    send(Frame.bytes(.ask, job, WorkerAsk(request: request, question).write))
    return { [self] in
      let isOpen = asking.withLock { $0.open.removeValue(forKey: request) != nil }
      if isOpen { send(Frame.bytes(.withdraw, job) { $0.put(request) }) }
    }
  }

  func take(_ request: UInt64, _ answer: WireReader) {
    asking.withLock { $0.open.removeValue(forKey: request) }?(answer)
  }
}

/// The data of a guest, which the service has.
struct RemoteData: DirectData {
  let job: UInt64
  let link: WorkerLink

  func ask(_ dataset: String, _ reply: @escaping Reply<ResultSet>) -> RunSignal.Withdrawal {
    link.ask(job, .rows(dataset: dataset)) { answer in
      reply {
        switch Self.read(answer) {
        case .rows(let rows): .success(rows)
        case .failure(let error): .failure(error)
        case .value, nil: .failure(Self.wrongAnswer)
        }
      }
    }
  }

  func askMeasure(
    _ dataset: String, expression: String, filter: String?, _ reply: @escaping Reply<MeasuredValue>
  ) -> RunSignal.Withdrawal {
    link.ask(job, .measure(dataset: dataset, expression: expression, filter: filter)) { answer in
      reply {
        switch Self.read(answer) {
        case .value(let value): .success(value)
        case .failure(let error): .failure(error)
        case .rows, nil: .failure(Self.wrongAnswer)
        }
      }
    }
  }

  private static func read(_ answer: WireReader) -> WorkerAnswer? {
    var reader = answer
    return try? reader.last(WorkerAnswer.self)
  }

  private static let wrongAnswer = GuestDataError(.query, "The service gave a wrong answer.")

  // MARK: for those that wait in a task

  func dataset(_ name: String) async throws(GuestDataError) -> ResultSet {
    try await withCheckedContinuation { continuation in
      _ = ask(name) { continuation.resume(returning: $0()) }
    }.get()
  }

  func measure(_ dataset: String, expression: String, filter: String?) async throws(GuestDataError) -> MeasuredValue {
    try await withCheckedContinuation { continuation in
      _ = askMeasure(dataset, expression: expression, filter: filter) { continuation.resume(returning: $0()) }
    }.get()
  }
}
