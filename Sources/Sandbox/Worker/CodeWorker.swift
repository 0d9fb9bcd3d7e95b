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
      let service = WorkerService(try start(first))
      while let frame = try receiver.next() { try service.take(frame) }
    } catch {
      say(error.description)
      _exit(70)
    }
    _exit(0)
  }

  /// Gives up what is not needed, and says what could not be given up.
  private static func start(_ settings: Frame) throws(WireError) -> WasmtimeSandbox {
    var payload = settings.payload
    let vendorFolders: [String] = try payload.value()
    let cacheFolder: String? = try payload.value()
    let guests: Int = try payload.value()
    // Makes the folder, which must be there for its rule.
    if let cacheFolder { _ = CodeCache(folder: cacheFolder) }
    let missing = Confinement.apply(readable: vendorFolders, writable: cacheFolder.map { [$0] } ?? [])
    _ = WorkerLink.sender.send(Frame.bytes(.ready, 0) { $0.put(missing) })
    return WasmtimeSandbox(.init(vendorFolders: vendorFolders, cacheFolder: cacheFolder, guests: guests))
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
  private let runs = Mutex<[UInt64: Task<Void, Never>]>([:])

  init(_ sandbox: WasmtimeSandbox) { self.sandbox = sandbox }

  func take(_ frame: Frame) throws(WireError) {
    var payload = frame.payload
    let (job, sandbox, link) = (frame.job, sandbox, link)
    switch frame.kind {
    case .run:
      let task = try TaskOrder(from: &payload).task(data: RemoteData(job: job, link: link))
      begin(job) { Frame.bytes(.report, job, await sandbox.run(task).write) }
    case .prepare:
      let module: [UInt8] = try payload.numbers()
      let limits: GuestLimits = try payload.value()
      begin(job) {
        do throws(GuestTrouble) {
          return Frame.bytes(.prepared, job, try await sandbox.prepare(module, limits: limits).write)
        } catch {
          return Frame.bytes(.refused, job, error.write)
        }
      }
    case .warmUp:
      let languages: [ScriptLanguage] = try payload.value()
      begin(job) {
        await sandbox.warmUp(Set(languages))
        return Frame.bytes(.warm, job)
      }
    case .cancel: runs.withLock { $0[job] }?.cancel()
    case .answer: link.take(try payload.value(UInt64.self), payload)
    default: throw WireError(description: "a message that only the service may get")
    }
  }

  private func begin(_ job: UInt64, _ work: @escaping @Sendable () async -> [UInt8]) {
    runs.withLock { runs in
      runs[job] = Task {
        let bytes = await work()
        self.runs.withLock { _ = $0.removeValue(forKey: job) }
        link.send(bytes)
      }
    }
  }
}

/// The line to the service, for many threads.
final class WorkerLink: Sendable {
  /// The service always reads; should it not, it is gone or will end us.
  static let sender = FrameSender(socket: 0, patience: 3600)

  private let sending = Mutex(())
  private let asking = Mutex<(last: UInt64, open: [UInt64: CheckedContinuation<WireReader?, Never>])>((0, [:]))

  func send(_ bytes: [UInt8]) { sending.withLock { _ in _ = Self.sender.send(bytes) } }

  /// What the service answered, to be read on; `nil` when the task was cancelled.
  func ask(_ job: UInt64, _ question: WorkerAsk.Question) async -> WireReader? {
    let request = asking.withLock { asking in
      asking.last += 1
      return asking.last
    }
    return await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        asking.withLock { $0.open[request] = continuation }
        send(Frame.bytes(.ask, job, WorkerAsk(request: request, question).write))
        if Task.isCancelled { withdraw(job, request) }
      }
    } onCancel: {
      withdraw(job, request)
    }
  }

  func take(_ request: UInt64, _ answer: WireReader) {
    asking.withLock { $0.open.removeValue(forKey: request) }?.resume(returning: answer)
  }

  private func withdraw(_ job: UInt64, _ request: UInt64) {
    guard let continuation = asking.withLock({ $0.open.removeValue(forKey: request) }) else { return }
    send(Frame.bytes(.withdraw, job) { $0.put(request) })
    continuation.resume(returning: nil)
  }
}

/// The data of a guest, which the service has.
struct RemoteData: GuestData {
  let job: UInt64
  let link: WorkerLink

  func dataset(_ name: String) async throws(GuestDataError) -> ResultSet {
    guard case .rows(let rows) = try await answer(to: .rows(dataset: name)) else { throw Self.wrongAnswer }
    return rows
  }

  func measure(_ dataset: String, expression: String, filter: String?) async throws(GuestDataError) -> Cell {
    guard
      case .cell(let cell) = try await answer(to: .measure(dataset: dataset, expression: expression, filter: filter))
    else { throw Self.wrongAnswer }
    return cell
  }

  private func answer(to question: WorkerAsk.Question) async throws(GuestDataError) -> WorkerAnswer {
    guard let reader = await link.ask(job, question) else { throw GuestDataError(.query, "The run was stopped.") }
    guard let answer = Self.read(reader) else { throw Self.wrongAnswer }
    if case .failure(let error) = answer { throw error }
    return answer
  }

  private static func read(_ reader: WireReader) -> WorkerAnswer? {
    var reader = reader
    return try? reader.value(WorkerAnswer.self)
  }

  private static let wrongAnswer = GuestDataError(.query, "The service gave a wrong answer.")
}
