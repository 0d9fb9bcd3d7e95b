import Foundation
import Synchronization
import TestSupport

/// A PostgreSQL of the test's own that can be made to hang: its processes stay, hold their connections, and do nothing.
final class FrozenServer: Sendable {
  private let server: DisposablePostgreSQL
  private let frozen = Mutex<[pid_t]>([])

  var uri: String { server.uri }

  init() async throws {
    server = try await DisposablePostgreSQL()
    try await run("CREATE TABLE users (id int); INSERT INTO users VALUES (1), (2); CREATE ROLE intruder LOGIN")
  }

  deinit { try? thaw() }

  func stop() async throws { try await server.stop() }
  func start() async throws { try await server.start() }
  func restart() async throws { try await server.restart() }

  @discardableResult
  func run(_ sql: String) async throws -> String { try await PostgreSQLClient.run(sql, on: uri) }

  /// Stops the server's processes where they stand, first the one that would replace the others.
  func freeze() async throws {
    let parent = try await run("SELECT split_part(pg_read_file('postmaster.pid'), E'\\n', 1)")
    let others = try await run("SELECT pid FROM pg_stat_activity WHERE pid <> pg_backend_pid()")
    let pids = ([parent] + others.split(separator: "\n").map(String.init)).compactMap(pid_t.init)
    frozen.withLock { $0 = pids }
    for pid in pids { kill(pid, SIGSTOP) }
  }

  func thaw() throws {
    frozen.withLock { pids in
      for pid in pids { kill(pid, SIGCONT) }
      pids = []
    }
  }
}
