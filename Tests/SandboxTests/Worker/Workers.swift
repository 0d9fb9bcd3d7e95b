import Domain
import Foundation
import Sandbox
import Synchronization
import Testing

/// Sandboxes whose worker is the real program.
enum Workers {
  /// The program that was built for the tests.
  static var program: String {
    ProcessInfo.processInfo.environment["TEST_CHECKER_BINARY"]
      ?? URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .appendingPathComponent("../../../.build/debug/checker").standardizedFileURL.path
  }

  static let cacheFolder = FileManager.default.temporaryDirectory
    .appendingPathComponent("checker-test-code-\(getuid())").path

  /// The interpreters are compiled once, not by each worker.
  private static let compiled = Task { await Scripts.sandbox.warmUp(Set(ScriptLanguage.allCases)) }

  static func sandbox(
    _ complaints: Complaints = Complaints(), program: String = program, watchSeconds: Double = 5
  ) async -> WorkerSandbox {
    await compiled.value
    return WorkerSandbox(
      .init(
        program: program, arguments: [CodeWorker.command], vendorFolders: [Guests.vendorFolder],
        cacheFolder: cacheFolder, watchSeconds: watchSeconds),
      complain: { complaints.add($0) })
  }

  static func script(
    _ language: ScriptLanguage, _ source: String, data: any GuestData = ScriptData(), limits: GuestLimits = .script
  ) -> GuestTask {
    GuestTask(
      program: .script(language, source: source, fileName: "emails.\(language.fileExtension)"),
      context: GuestContext(
        namespace: "shop", checker: "emails", runID: "run-1", seed: 42, now: Scripts.now),
      data: data, limits: limits)
  }
}

/// What the operator was told.
final class Complaints: Sendable {
  private let told = Mutex<[String]>([])

  var all: [String] { told.withLock { $0 } }

  func add(_ text: String) { told.withLock { $0.append(text) } }
}

/// Data that comes when the test says so; each request is told to the test first.
final class HeldBack: GuestData {
  private let requests: AsyncStream<String>.Continuation
  let asked: AsyncStream<String>
  private let gate = Mutex<(isOpen: Bool, waiting: [CheckedContinuation<Void, Never>])>((false, []))

  init() { (asked, requests) = AsyncStream.makeStream() }

  func open() {
    let waiting = gate.withLock { gate in
      defer { gate = (true, []) }
      return gate.waiting
    }
    for one in waiting { one.resume() }
  }

  func dataset(_ name: String) async throws(GuestDataError) -> ResultSet {
    requests.yield(name)
    await withCheckedContinuation { continuation in
      let isOpen = gate.withLock { gate in
        if !gate.isOpen { gate.waiting.append(continuation) }
        return gate.isOpen
      }
      if isOpen { continuation.resume() }
    }
    return ScriptData.rows(3)
  }

  func measure(_ dataset: String, expression: String, filter: String?) async throws(GuestDataError) -> MeasuredValue {
    MeasuredValue(.null)
  }
}
