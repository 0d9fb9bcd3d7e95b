import CConfinement
import Domain
import Foundation
import Synchronization

/// The process that runs users' code, as the service sees it.
final class WorkerProcess: Sendable {
  let pid: pid_t
  /// Our end of the line to it.
  let socket: Int32
  private let isReaped = Mutex(false)

  /// Starts `program`, whose standard input is the other end of the line. It gets no environment, no open file and no
  /// terminal of ours, but standard error, where it says what it dies of.
  init(program: String, arguments: [String]) throws(GuestTrouble) {
    var ends: [Int32] = [-1, -1]
    guard socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0, &ends) == 0 else {
      throw Self.trouble(errno)
    }
    defer { close(ends[1]) }
    do throws(GuestTrouble) {
      pid = try Self.spawn(program, arguments, standardInput: ends[1])
    } catch {
      close(ends[0])
      throw error
    }
    socket = ends[0]
  }

  deinit { close(socket) }

  /// Ends it at once, whatever it does.
  func kill() {
    isReaped.withLock { isReaped in
      if !isReaped { Glibc.kill(pid, SIGKILL) }
    }
  }

  /// Waits for its end, for one thread; what it ended by: `signal 11 (Segmentation fault)`.
  func reap() -> String {
    var about = siginfo_t()
    // First only look, so that nobody is killed by a number that another process has got meanwhile.
    while waitid(P_PID, id_t(pid), &about, WEXITED | WNOWAIT) != 0, errno == EINTR {}
    var status: Int32 = 0
    isReaped.withLock { isReaped in
      waitpid(pid, &status, 0)
      isReaped = true
    }
    let signal = status & 0x7F
    return signal == 0
      ? "exit status \(status >> 8 & 0xFF)" : "signal \(signal) (\(String(cString: strsignal(signal))))"
  }

  // MARK: starting

  private static func spawn(_ program: String, _ arguments: [String], standardInput: Int32) throws(GuestTrouble)
    -> pid_t
  {
    var files = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&files)
    defer { posix_spawn_file_actions_destroy(&files) }
    posix_spawn_file_actions_adddup2(&files, standardInput, 0)
    posix_spawn_file_actions_addopen(&files, 1, "/dev/null", O_WRONLY, 0)
    posix_spawn_file_actions_addclosefrom_np(&files, 3)

    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    var none = sigset_t()
    sigemptyset(&none)
    posix_spawnattr_setsigmask(&attributes, &none)
    // A session of its own, without a terminal: what one sends to stop the service is not meant for it.
    posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK) | checker_spawn_new_session)

    var pid: pid_t = 0
    let code = withCStrings([program] + arguments) { arguments in
      withCStrings(environment) { posix_spawn(&pid, program, &files, &attributes, arguments, $0) }
    }
    guard code == 0 else { throw trouble(code) }
    return pid
  }

  /// Where shared libraries are, when that had to be said; nothing else.
  private static var environment: [String] {
    ProcessInfo.processInfo.environment["LD_LIBRARY_PATH"].map { ["LD_LIBRARY_PATH=\($0)"] } ?? []
  }

  private static func withCStrings<Result>(
    _ texts: [String], _ body: ([UnsafeMutablePointer<CChar>?]) -> Result
  ) -> Result {
    let pointers = texts.map { strdup($0) }
    defer {
      for pointer in pointers { free(pointer) }
    }
    return body(pointers + [nil])
  }

  private static func trouble(_ code: Int32) -> GuestTrouble {
    GuestTrouble(
      .host,
      "The process that runs code could not be started: \(String(cString: strerror(code))). See that the machine has "
        + "memory and processes left, or start the service with --code-in-process.")
  }
}
