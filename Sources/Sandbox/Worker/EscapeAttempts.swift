import CConfinement
import Foundation

/// Something that code which got out of the engine would try, and what the kernel said to it.
package struct EscapeAttempt: Equatable, Sendable {
  /// In words for the operator: `read the service's environment`.
  package let what: String
  /// Whether the kernel held it back.
  package let isRefused: Bool
}

/// Tries to get out of this process. Each attempt is harmless where it is let through: it looks and takes nothing, or
/// its arguments make no sense, which the kernel says only once it has let the call in.
struct EscapeAttempts {
  /// A file that the service may read and write, and code may not.
  let secretFile: String
  /// What the service has it open as.
  let openFile: Int
  let service: pid_t
  /// Where everybody may write.
  let openFolder: String

  func make() -> [EscapeAttempt] { files + memory + network + processes + rights + kernel + inheritance }

  // MARK: what is tried

  private var files: [EscapeAttempt] {
    [
      opening("read a file of the service", secretFile, O_RDONLY),
      opening("write to a file of the service", secretFile, O_WRONLY),
      calling("cut a file of the service", "truncate", path: secretFile, 0),
      calling("change the rights of a file of the service", "chmod", path: secretFile, 0o600),
      opening("read the machine's users", "/etc/passwd", O_RDONLY),
      opening("list the machine's folders", "/", O_RDONLY | O_DIRECTORY),
      making("make a file", in: openFolder),
      calling("watch files", "inotify_init1", 0),
    ]
  }

  private var memory: [EscapeAttempt] {
    [
      opening("read the service's environment", "/proc/\(service)/environ", O_RDONLY),
      opening("read the service's memory", "/proc/\(service)/mem", O_RDONLY),
      // That there is one may be seen, and how many.
      opening("open again what the service has open", "/proc/\(service)/fd/\(openFile)", O_RDONLY),
      calling("read the service's memory by a call", "process_vm_readv", Int(service), 0, 0, 0, 0, 0),
      // Of no kind that there is.
      calling("trace the service", "ptrace", 0x7FFF, Int(service), 0, 0),
      calling("take over the service's open files", "pidfd_open", Int(service), 0),
      calling("share memory with other programs", "shmget", 0, 0, 0),
    ]
  }

  private var network: [EscapeAttempt] {
    [
      calling("open a network connection", "socket", Int(AF_INET), Int(SOCK_STREAM.rawValue), 0),
      calling("open a connection within the machine", "socket", Int(AF_UNIX), Int(SOCK_STREAM.rawValue), 0),
      calling("be handed a file by another program", "recvmsg", -1, 0, 0),
    ]
  }

  private var processes: [EscapeAttempt] {
    [
      calling("start a process", "fork"),
      calling("start a process the newer way", "clone", Int(SIGCHLD), 0, 0, 0, 0),
      calling("start a program", "execve", 0, 0, 0),
      calling("send the service a signal", "kill", Int(service), 0),
      calling("send every process a signal", "kill", -1, 0),
      calling("limit the service's resources", "prlimit64", Int(service), -1, 0, 0),
      calling("type into the service's terminal", "ioctl", -1, Int(checker_terminal_input), 0),
    ]
  }

  private var rights: [EscapeAttempt] {
    [
      calling("become the administrator", "setuid", 0),
      calling("gain capabilities", "capset", 0, 0),
      calling("make namespaces", "unshare", 0),
      calling("mount", "mount", 0, 0, 0, 0, 0),
      calling("leave its root folder", "chroot", 0),
      calling("read the kernel's keys", "keyctl", -1, 0, 0, 0, 0),
    ]
  }

  private var kernel: [EscapeAttempt] {
    [
      calling("run programs in the kernel", "bpf", -1, 0, 0),
      calling("use the kernel's other way to do all that", "io_uring_setup", 0, 0),
      calling("observe the processor", "perf_event_open", 0, 0, 0, 0, 0),
      calling("handle page faults", "userfaultfd", -1),
      calling("load a kernel module", "finit_module", -1, 0, 0),
      calling("restart the machine", "reboot", 0, 0, 0, 0),
    ]
  }

  private var inheritance: [EscapeAttempt] {
    [
      EscapeAttempt(what: "find secrets in its own environment", isRefused: environmentIsEmpty),
      EscapeAttempt(what: "find files that were left open", isRefused: onlyTheLineIsOpen),
      EscapeAttempt(what: "leave a copy of its memory behind when it ends", isRefused: leavesNoCore),
    ]
  }

  // MARK: trying

  private func opening(_ what: String, _ path: String, _ flags: Int32) -> EscapeAttempt {
    path.withCString { path in
      attempt(what, "openat", [Int(AT_FDCWD), Int(bitPattern: path), Int(flags), 0])
    }
  }

  private func making(_ what: String, in folder: String) -> EscapeAttempt {
    let path = "\(folder)/checker-escape-\(getpid())"
    defer { unlink(path) }
    return opening(what, path, O_WRONLY | O_CREAT | O_EXCL)
  }

  private func calling(_ what: String, _ call: String, path: String, _ argument: Int) -> EscapeAttempt {
    path.withCString { attempt(what, call, [Int(bitPattern: $0), argument]) }
  }

  private func calling(_ what: String, _ call: String, _ arguments: Int...) -> EscapeAttempt {
    attempt(what, call, arguments)
  }

  private func attempt(_ what: String, _ call: String, _ arguments: [Int]) -> EscapeAttempt {
    let number = seccomp_syscall_resolve_name(call)
    // What this machine's architecture does not have cannot be misused.
    guard number >= 0 else { return EscapeAttempt(what: what, isRefused: true) }
    let error = checker_try_call(Int(number), arguments + Array(repeating: 0, count: 6 - arguments.count))
    return EscapeAttempt(what: what, isRefused: [EPERM, EACCES, ENOSYS].contains(error))
  }

  // MARK: what it has from the service

  private var environmentIsEmpty: Bool {
    ProcessInfo.processInfo.environment.keys.allSatisfy { $0 == "LD_LIBRARY_PATH" }
  }

  /// Of files and sockets; the line to the service is one.
  private var onlyTheLineIsOpen: Bool {
    (Int32(3)..<1024).allSatisfy { file in
      var status = stat()
      guard fstat(file, &status) == 0 else { return true }
      return ![S_IFREG, S_IFSOCK, S_IFDIR].contains(status.st_mode & S_IFMT)
    }
  }

  private var leavesNoCore: Bool {
    var limit = rlimit()
    getrlimit(__rlimit_resource_t(RLIMIT_CORE.rawValue), &limit)
    return limit.rlim_max == 0
  }
}
