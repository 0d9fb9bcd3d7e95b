import Domain
import Foundation

/// A running worker, and the line to it.
struct WorkerConnection: Sendable {
  private let process: WorkerProcess
  private let sender: FrameSender

  /// The most that a worker has to say at once: all verdicts of a run, their samples, and its log.
  private static let longestPayload = 64 << 20
  /// A worker that takes nothing for so long is no longer master of itself, in seconds.
  private static let patience = 30.0

  var pid: pid_t { process.pid }

  /// - Parameters:
  ///   - received: Called with each frame, in order.
  ///   - ended: Called once, last, with what the worker ended by.
  init(
    program: String, arguments: [String], received: @escaping @Sendable (Frame) -> Void,
    ended: @escaping @Sendable (String) -> Void
  ) throws(GuestTrouble) {
    let process = try WorkerProcess(program: program, arguments: arguments)
    self.process = process
    sender = FrameSender(socket: process.socket, patience: Self.patience)
    let thread = Thread { ended(Self.listen(to: process, received)) }
    thread.name = "code-worker"
    thread.start()
  }

  /// Not for two threads at once. A worker that does not take it is ended.
  func send(_ bytes: [UInt8]) {
    if !sender.send(bytes) { kill() }
  }

  func kill() { process.kill() }

  private static func listen(to process: WorkerProcess, _ received: (Frame) -> Void) -> String {
    var receiver = FrameReceiver(socket: process.socket, limit: longestPayload)
    var words: String?
    do throws(WireError) {
      while let frame = try receiver.next() { received(frame) }
    } catch {
      words = "what it sent could not be understood: \(error.description)"
    }
    // One that closed the line without ending is of no use.
    process.kill()
    let status = process.reap()
    return words ?? status
  }
}
