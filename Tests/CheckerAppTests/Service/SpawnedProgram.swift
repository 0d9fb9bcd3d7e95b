import Foundation
import Synchronization
import TestSupport

/// Another program while it runs; killed with the last reference to it.
final class SpawnedProgram: Sendable {
  let pid: pid_t
  private let folder: TemporaryFolder
  private let ended = Mutex<Int32?>(nil)

  init(_ arguments: [String], environment: [String: String] = [:]) throws {
    folder = try TemporaryFolder()
    var files = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&files)
    defer { posix_spawn_file_actions_destroy(&files) }
    posix_spawn_file_actions_addopen(&files, 0, "/dev/null", O_RDONLY, 0)
    posix_spawn_file_actions_addopen(&files, 1, folder.path + "/output", O_WRONLY | O_CREAT | O_APPEND, 0o644)
    posix_spawn_file_actions_addopen(&files, 2, folder.path + "/errors", O_WRONLY | O_CREAT | O_APPEND, 0o644)
    // Threads of Swift's concurrency block signals; a program that inherits that cannot be asked to end.
    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    var none = sigset_t()
    sigemptyset(&none)
    posix_spawnattr_setsigmask(&attributes, &none)
    posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK))
    let variables = ProcessInfo.processInfo.environment.merging(environment) { $1 }.map { "\($0.key)=\($0.value)" }
    let words = arguments.map { strdup($0) } + [nil]
    let values = variables.map { strdup($0) } + [nil]
    defer { for text in words + values { free(text) } }
    var child: pid_t = 0
    let code = posix_spawn(&child, arguments[0], &files, &attributes, words, values)
    guard code == 0 else { throw ProgramError("\(arguments[0]): \(String(cString: strerror(code)))") }
    pid = child
  }

  deinit {
    guard exitStatus == nil else { return }
    kill(pid, SIGKILL)
    var status: Int32 = 0
    while waitpid(pid, &status, 0) < 0, errno == EINTR {}
  }

  var output: String { text("output") }
  var errors: String { text("errors") }

  private func text(_ name: String) -> String {
    String(decoding: FileManager.default.contents(atPath: folder.path + "/" + name) ?? Data(), as: UTF8.self)
  }

  /// The status with which it ended, 128 and the signal when one ended it; `nil` while it runs.
  var exitStatus: Int32? {
    ended.withLock { known in
      if let known { return known }
      var status: Int32 = 0
      guard waitpid(pid, &status, WNOHANG) == pid else { return nil }
      let signal = status & 0x7F
      known = signal == 0 ? (status >> 8) & 0xFF : 128 + signal
      return known
    }
  }

  func signal(_ number: Int32) { kill(pid, number) }

  func end(within seconds: Double = 60) async throws -> Int32 {
    try await wait(for: "the end of process \(pid)", seconds: seconds) { exitStatus }
  }
}
