import Domain
import Foundation
import Sandbox
import Testing

/// A worker that code has taken over may send whatever it likes: scripts in Python play it.
@Suite("A worker that was taken over")
struct HostileWorkerTests {
  @Test(
    "nonsense ends it and the run with words, and nothing else",
    arguments: [
      // No frame at all; one of 2^60 bytes; of an unknown kind; a report of no run, of a run that says it has 2^60
      // verdicts, and one with more bytes than belong to it.
      "b'x' * 100", "frame(101, 1, b'', 1 << 60)", "frame(77, 1, b'')", "frame(101, 999, b'')",
      "frame(101, 1, struct.pack('<Q', 1 << 60))", "frame(101, 1, report + b'more')",
      // A question about another's data, a thousand questions at once, and an answer to what it was not asked.
      "frame(105, 999, rows)", "b''.join(frame(105, 1, struct.pack('<Q', n) + rows) for n in range(1000))",
      "frame(104, 1, b'')", "frame(2, 1, b'')",
    ])
  func nonsense(message: String) async throws {
    let complaints = Complaints()
    let (sandbox, folder) = try Self.sandbox(sending: message, complaints)
    defer { try? FileManager.default.removeItem(at: folder) }
    let report = await sandbox.run(Guests.task([0]))
    #expect(report.trouble?.reason == .host)
    #expect(report.verdicts == [])
    #expect(complaints.all.contains { $0.contains("makes no sense") || $0.contains("could not be understood") })
    await sandbox.close()
  }

  @Test("the player of such workers is understood when it plays a good one")
  func good() async throws {
    let (sandbox, folder) = try Self.sandbox(sending: "frame(101, 1, report)", Complaints())
    defer { try? FileManager.default.removeItem(at: folder) }
    let report = await sandbox.run(Guests.task([0]))
    #expect(report.trouble == nil)
    #expect(report.log == "hello")
    await sandbox.close()
  }

  /// A sandbox whose worker says that it is ready, takes the job, sends `message`, and then waits.
  private static func sandbox(sending message: String, _ complaints: Complaints) throws -> (WorkerSandbox, URL) {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("checker-hostile-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    let player = """
      import socket, struct, sys
      line = socket.socket(fileno=0)
      def frame(kind, job, payload, length=None):
          return struct.pack('<QBQ', len(payload) if length is None else length, kind, job) + payload
      def text(words):
          return struct.pack('<Q', len(words)) + words
      report = struct.pack('<Q', 0) + text(b'hello') + b'\\0' + struct.pack('<QqdQQ', 1, 2, 3.0, 4, 5)
      rows = struct.pack('<Q', 1) + b'\\0' + text(b'users')
      def take():
          head = b''
          while len(head) < 17: head += line.recv(17 - len(head))
          left = struct.unpack('<QBQ', head)[0]
          while left: left -= len(line.recv(min(left, 65536)))
      take()
      line.sendall(frame(100, 0, struct.pack('<Q', 0)))
      take()
      line.sendall(\(message))
      line.recv(1)
      """
    let file = folder.appendingPathComponent("worker.py")
    try player.write(to: file, atomically: true, encoding: .utf8)
    let sandbox = WorkerSandbox(
      .init(program: "/usr/bin/env", arguments: ["python3", file.path], vendorFolders: []),
      complain: { complaints.add($0) })
    return (sandbox, folder)
  }
}
