import Foundation
import Testing

@testable import Sandbox

/// What code could do that got out of the engine: tried from inside the process that it would find itself in.
@Suite("The confinement of the process of code", .serialized)
struct ConfinementTests {
  @Test("everything that such code would try is refused")
  func refused() async throws {
    let secret = try Secret()
    defer { secret.remove() }
    let trial = try await ConfinementTrial.run(
      .init(
        program: Workers.program, arguments: [CodeWorker.command], vendorFolders: [Guests.vendorFolder],
        cacheFolder: Workers.cacheFolder), secretFile: secret.file)
    #expect(trial.attempts.count > 30)
    #expect(trial.attempts.filter { !$0.isRefused }.map(\.what) == [])
    #expect(trial.missing == [])
    #expect(try String(contentsOf: secret.file, encoding: .utf8) == Secret.text)
  }

  /// Or the test above would say nothing.
  @Test("a process that is not confined is let through")
  func letThrough() throws {
    let secret = try Secret()
    defer { secret.remove() }
    let attempts = EscapeAttempts(
      secretFile: secret.file.path, openFile: 0, service: getpid(),
      openFolder: secret.file.deletingLastPathComponent().path
    ).make()
    let free = Set(attempts.filter { !$0.isRefused }.map(\.what))
    #expect(
      free.isSuperset(of: [
        "read a file of the service", "write to a file of the service", "cut a file of the service",
        "change the rights of a file of the service", "read the machine's users", "list the machine's folders",
        "make a file", "watch files", "read the service's environment", "read the service's memory",
        "read the service's memory by a call", "open a network connection", "open a connection within the machine",
        "be handed a file by another program", "start a process", "start a process the newer way", "start a program",
        "send the service a signal", "type into the service's terminal", "find secrets in its own environment",
      ]))
    #expect(try Data(contentsOf: secret.file).isEmpty)
  }

  @Test("the program says so, on the machine it is on")
  func command() throws {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: Workers.program)
    process.arguments = ["confinement"]
    let output = Pipe()
    process.standardOutput = output
    try process.run()
    let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    #expect(process.terminationStatus == 0)
    #expect(text.contains("refused      read the service's environment\n"))
    #expect(text.hasSuffix(" attempts, all refused.\n"))
  }

  private struct Secret {
    static let text = "the password of the shop"
    let file: URL

    init() throws {
      let folder = FileManager.default.temporaryDirectory.appendingPathComponent("checker-secret-\(UUID().uuidString)")
      try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
      file = folder.appendingPathComponent("secret")
      try Data(Self.text.utf8).write(to: file)
    }

    func remove() { try? FileManager.default.removeItem(at: file.deletingLastPathComponent()) }
  }
}
