package import Domain
package import Foundation

/// Starts a worker as the service does, and lets it try what code that got out of the engine would: the kernel's answer
/// on this very machine, and not what its version promises.
package struct ConfinementTrial: Sendable {
  /// Means of the kernel's that it did not grant.
  package let missing: [String]
  package let attempts: [EscapeAttempt]

  /// - Parameter secretFile: A file of the caller's, which the worker tries to read and to spoil.
  /// - Throws: `GuestTrouble` of reason `host` when no worker starts, or when it ends before it has answered.
  package static func run(
    _ settings: WorkerSandbox.Settings, secretFile: URL
  ) async throws(GuestTrouble) -> ConfinementTrial {
    let secret: FileHandle
    do {
      secret = try FileHandle(forReadingFrom: secretFile)
    } catch {
      throw GuestTrouble(.host, "\(secretFile.path) could not be read: \(error.localizedDescription)")
    }
    defer { try? secret.close() }
    let answer = Answer()
    let connection = try WorkerConnection(program: settings.program, arguments: settings.arguments) { frame in
      var payload = frame.payload
      if frame.kind == .escapes, let trial = try? payload.last(ConfinementTrial.self) { answer.give(.success(trial)) }
    } ended: { words in
      answer.give(.failure(GuestTrouble(.host, "The process that runs code ended by itself: \(words).")))
    }
    defer { connection.kill() }
    connection.send(settings.frame)
    connection.send(
      Frame.bytes(.tryEscapes, 0) {
        $0.put(secretFile.path)
        $0.put(Int(secret.fileDescriptor))
        $0.put(Int(getpid()))
      })
    return try await answer.value.get()
  }

  /// The first that is given counts.
  private final class Answer: Sendable {
    typealias Given = Result<ConfinementTrial, GuestTrouble>
    private let given: AsyncStream<Given>
    private let giver: AsyncStream<Given>.Continuation

    init() { (given, giver) = AsyncStream.makeStream(bufferingPolicy: .bufferingOldest(1)) }

    func give(_ result: Given) { giver.yield(result) }

    var value: Given {
      get async {
        for await result in given { return result }
        return .failure(.cancelled)
      }
    }
  }
}

extension WorkerSandbox.Settings {
  /// What a worker is told first.
  var frame: [UInt8] {
    Frame.bytes(.settings, 0) {
      $0.put(vendorFolders)
      $0.put(cacheFolder)
      $0.put(guests)
    }
  }
}

extension EscapeAttempt: WireValue {
  func write(to writer: inout WireWriter) {
    writer.put(what)
    writer.put(isRefused)
  }

  init(from reader: inout WireReader) throws(WireError) {
    self.init(what: try reader.value(), isRefused: try reader.value())
  }
}

extension ConfinementTrial: WireValue {
  func write(to writer: inout WireWriter) {
    writer.put(missing)
    writer.put(attempts)
  }

  init(from reader: inout WireReader) throws(WireError) {
    self.init(missing: try reader.value(), attempts: try reader.value())
  }
}
