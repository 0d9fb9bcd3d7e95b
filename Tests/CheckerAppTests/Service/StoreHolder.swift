import Foundation
import TestSupport

/// Another program that has the store's file locked for writing.
struct StoreHolder {
  private let program: SpawnedProgram

  private static let script = """
    import signal, sqlite3, sys
    database = sqlite3.connect(sys.argv[1], isolation_level=None, timeout=60)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    database.execute("BEGIN IMMEDIATE")
    print("holding", flush=True)
    signal.pause()
    """

  init(_ file: String) throws {
    program = try SpawnedProgram(["/usr/bin/env", "python3", "-c", Self.script, file])
  }

  var isHolding: Bool { program.output.contains("holding") }

  func letGo() async throws {
    program.signal(SIGTERM)
    _ = try await program.end()
  }
}
