import CConfinement
import Foundation

/// What the worker gives up before it runs the first of users' code: should a fault in the WebAssembly engine ever let
/// code out, it finds a process without network, without other programs, and without files but the engine's own.
///
/// Of the kernel's means: `no_new_privs`, no capabilities, a filter of system calls (seccomp), and Landlock for files.
enum Confinement {
  /// To be called while the process has one thread. Returns what the kernel did not grant, in words for the operator.
  static func apply(readable: [String], writable: [String]) -> [String] {
    var missing: [String] = []
    var noCores = rlimit(rlim_cur: 0, rlim_max: 0)
    setrlimit(__rlimit_resource_t(RLIMIT_CORE.rawValue), &noCores)
    if checker_give_up_privileges() != 0 { missing.append("no_new_privs") }
    if checker_drop_capabilities() != 0 { missing.append("the drop of capabilities") }
    if !confineFiles(readable: readable, writable: writable) { missing.append("Landlock (files)") }
    if !filterCalls() { missing.append("seccomp (system calls)") }
    return missing
  }

  // MARK: files

  /// Of the machine: shared libraries, the description of processors, and what is no file of anybody's.
  ///
  /// libdispatch reads the state of its threads there and ends the process when it cannot. A rule for `/proc/self` alone
  /// holds only until the kernel forgets that folder's inode. What tells secrets of other processes (`environ`, `mem`,
  /// `fd`) stays closed: Landlock lets nobody look into processes that are less confined, as long as it has no capability
  /// that goes past that (CAP_PERFMON does).
  private static let machineFolders = [
    "/usr", "/lib", "/lib64", "/etc/ld.so.cache", "/etc/localtime", "/proc", "/sys/devices/system/cpu",
    "/dev/null", "/dev/zero", "/dev/urandom",
  ]

  private static func confineFiles(readable: [String], writable: [String]) -> Bool {
    let version = checker_landlock_version()
    // A thread that is there already would stay free.
    guard version > 0, threadCount == 1 else { return false }
    let rules = checker_landlock_begin(version)
    guard rules >= 0 else { return false }
    // Folders that are not there need no rule.
    for path in machineFolders + readable { _ = checker_landlock_allow(rules, version, path, 0) }
    for path in writable { _ = checker_landlock_allow(rules, version, path, 1) }
    return checker_landlock_enforce(rules) == 0
  }

  private static var threadCount: Int {
    (try? FileManager.default.contentsOfDirectory(atPath: "/proc/self/task").count) ?? 0
  }

  // MARK: system calls

  private static func filterCalls() -> Bool {
    guard let filter = seccomp_init(UInt32(SCMP_ACT_ALLOW)) else { return false }
    defer { seccomp_release(filter) }
    seccomp_attr_set(filter, SCMP_FLTATR_CTL_TSYNC, 1)
    for name in DeniedCalls.all where !deny(name, in: filter) { return false }
    return denyProcesses(in: filter) && denySignalsToOthers(in: filter) && denyTyping(in: filter)
      && seccomp_load(filter) == 0
  }

  private static func deny(
    _ name: String, error: Int32 = EPERM, where conditions: [scmp_arg_cmp] = [], in filter: scmp_filter_ctx
  ) -> Bool {
    let call = seccomp_syscall_resolve_name(name)
    // Not of this machine's architecture, or newer than the library.
    guard call >= 0 else { return true }
    return seccomp_rule_add_array(
      filter, checker_seccomp_fail(error), call, UInt32(conditions.count), conditions) == 0
  }

  /// A thread may be started, a process not.
  private static func denyProcesses(in filter: scmp_filter_ctx) -> Bool {
    let isProcess = scmp_arg_cmp(arg: 0, op: SCMP_CMP_MASKED_EQ, datum_a: checker_clone_thread, datum_b: 0)
    // What clone3 is asked for stands in memory, which a filter cannot read. The C library then takes clone.
    return deny("clone", where: [isProcess], in: filter) && deny("clone3", error: ENOSYS, in: filter)
  }

  /// Standard error may be a terminal.
  private static func denyTyping(in filter: scmp_filter_ctx) -> Bool {
    [checker_terminal_input, checker_terminal_special].allSatisfy { request in
      // The kernel looks at 32 bits only.
      let isThat = scmp_arg_cmp(arg: 1, op: SCMP_CMP_MASKED_EQ, datum_a: 0xFFFF_FFFF, datum_b: request)
      return deny("ioctl", where: [isThat], in: filter)
    }
  }

  private static func denySignalsToOthers(in filter: scmp_filter_ctx) -> Bool {
    let isOther = scmp_arg_cmp(arg: 0, op: SCMP_CMP_NE, datum_a: UInt64(getpid()), datum_b: 0)
    let isNamed = scmp_arg_cmp(arg: 0, op: SCMP_CMP_NE, datum_a: 0, datum_b: 0)
    return deny("kill", where: [isOther], in: filter) && deny("tgkill", where: [isOther], in: filter)
      && deny("prlimit64", where: [isNamed], in: filter)
  }
}

/// What a process that only computes has no need for.
enum DeniedCalls {
  static let all = network + programs + otherProcesses + rights + fileMarks + kernel

  private static let network = [
    "socket", "socketpair", "connect", "bind", "listen", "accept", "accept4", "sendmsg", "sendmmsg", "recvmsg",
    "recvmmsg",
  ]

  private static let programs = ["execve", "execveat", "fork", "vfork"]

  private static let otherProcesses = [
    "ptrace", "process_vm_readv", "process_vm_writev", "process_madvise", "process_mrelease", "kcmp", "tkill",
    "rt_sigqueueinfo", "rt_tgsigqueueinfo", "pidfd_open", "pidfd_send_signal", "pidfd_getfd", "shmget", "shmat",
    "shmctl", "semget", "semop", "semtimedop", "semctl", "msgget", "msgsnd", "msgrcv", "msgctl", "mq_open",
    "mq_unlink", "setpriority", "ioprio_set", "migrate_pages", "move_pages",
  ]

  private static let rights = [
    "setuid", "setgid", "setreuid", "setregid", "setresuid", "setresgid", "setfsuid", "setfsgid", "setgroups", "capset",
    "unshare", "setns", "chroot", "pivot_root", "mount", "umount2", "move_mount", "open_tree", "fsopen", "fsconfig",
    "fsmount", "fspick", "mount_setattr", "personality", "add_key", "request_key", "keyctl",
  ]

  /// Landlock does not hold these back.
  private static let fileMarks = [
    "chmod", "fchmod", "fchmodat", "fchmodat2", "chown", "fchown", "lchown", "fchownat", "utime", "utimes",
    "utimensat", "futimesat", "setxattr", "lsetxattr", "fsetxattr", "setxattrat", "removexattr", "lremovexattr",
    "fremovexattr", "removexattrat", "open_by_handle_at", "name_to_handle_at", "inotify_init", "inotify_init1",
    "fanotify_init", "quotactl", "quotactl_fd", "acct",
  ]

  private static let kernel = [
    "bpf", "perf_event_open", "userfaultfd", "io_uring_setup", "io_uring_enter", "io_uring_register", "init_module",
    "finit_module", "delete_module", "kexec_load", "kexec_file_load", "reboot", "swapon", "swapoff", "sethostname",
    "setdomainname", "settimeofday", "clock_settime", "adjtimex", "clock_adjtime", "iopl", "ioperm", "modify_ldt",
    "syslog", "vhangup", "lookup_dcookie", "nfsservctl",
  ]
}
