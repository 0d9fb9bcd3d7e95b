#pragma once
#include <errno.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <linux/landlock.h>
#include <linux/sched.h>
#include <seccomp.h>
#include <spawn.h>
#include <stdint.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

// Of asm-generic/fcntl.h; the C library names it only for programs that define _GNU_SOURCE, which a module cannot.
#ifndef O_PATH
#define O_PATH 010000000
#endif

// What Swift cannot call: variadic functions, macros with arguments, and system calls that the C library has no name for.

// Of spawn.h, since glibc 2.34; named there only for programs that define _GNU_SOURCE.
extern int posix_spawn_file_actions_addclosefrom_np(posix_spawn_file_actions_t *actions, int from);

/// The flag of posix_spawnattr_setflags that makes a session; named there only for programs that define _GNU_SOURCE.
static const short checker_spawn_new_session = 0x80;

/// The requests of ioctl that type into a terminal, as if its user did.
static const uint64_t checker_terminal_input = 0x5412;   // TIOCSTI
static const uint64_t checker_terminal_special = 0x541C; // TIOCLINUX

/// The flag of clone that makes a thread, not a process.
static const uint64_t checker_clone_thread = CLONE_THREAD;

/// The calling thread and what it starts can gain no rights by starting programs.
static inline int checker_give_up_privileges(void) { return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0); }

/// Gives up every capability of the calling thread, and of what it starts, but the one to read files of others: the
/// administrator may run the program out of somebody's closed folder.
static inline int checker_drop_capabilities(void) {
  struct __user_cap_header_struct header = {.version = _LINUX_CAPABILITY_VERSION_3, .pid = 0};
  struct __user_cap_data_struct sets[2] = {{0}};
  if (syscall(SYS_capget, &header, sets) != 0) return -1;
  uint32_t kept = sets[0].permitted & (1U << CAP_DAC_READ_SEARCH);
  struct __user_cap_data_struct left[2] = {{.effective = kept, .permitted = kept, .inheritable = 0}, {0}};
  return (int)syscall(SYS_capset, &header, left);
}

/// The system call fails with `error`.
static inline uint32_t checker_seccomp_fail(int error) { return SCMP_ACT_ERRNO((uint16_t)error); }

/// The version of Landlock that the kernel has, from 1; 0 or less where it has none.
static inline int checker_landlock_version(void) {
  return (int)syscall(SYS_landlock_create_ruleset, (void *)0, (size_t)0, LANDLOCK_CREATE_RULESET_VERSION);
}

// Rights by the version that brought them: linux/landlock.h of an older system does not name the newer ones.
static const uint64_t checker_landlock_version_1 = (1ULL << 13) - 1;
static const uint64_t checker_landlock_refer = 1ULL << 13;        // version 2
static const uint64_t checker_landlock_truncate = 1ULL << 14;     // version 3
static const uint64_t checker_landlock_device_ioctl = 1ULL << 15; // version 5

static inline uint64_t checker_landlock_rights(int version) {
  uint64_t rights = checker_landlock_version_1;
  if (version >= 2) rights |= checker_landlock_refer;
  if (version >= 3) rights |= checker_landlock_truncate;
  if (version >= 5) rights |= checker_landlock_device_ioctl;
  return rights;
}

/// Begins a set of rules that denies every access to files; a descriptor, or less than 0.
static inline int checker_landlock_begin(int version) {
  struct landlock_ruleset_attr rules = {.handled_access_fs = checker_landlock_rights(version)};
  return (int)syscall(SYS_landlock_create_ruleset, &rules, sizeof(uint64_t), 0);
}

/// Allows to read the file or all of the folder at `path`, and with `writable` to write there too; 0, or less than 0.
static inline int checker_landlock_allow(int rules, int version, const char *path, int writable) {
  int file = open(path, O_PATH | O_CLOEXEC);
  if (file < 0) return -1;
  uint64_t rights = LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_READ_DIR;
  if (writable) {
    rights |= LANDLOCK_ACCESS_FS_WRITE_FILE | LANDLOCK_ACCESS_FS_MAKE_REG | LANDLOCK_ACCESS_FS_REMOVE_FILE;
    if (version >= 3) rights |= checker_landlock_truncate;
  }
  struct stat status;
  // For what is no folder, the kernel refuses rights that only folders have.
  if (fstat(file, &status) == 0 && !S_ISDIR(status.st_mode))
    rights &= LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_WRITE_FILE | checker_landlock_truncate;
  struct landlock_path_beneath_attr rule = {.allowed_access = rights, .parent_fd = file};
  int code = (int)syscall(SYS_landlock_add_rule, rules, LANDLOCK_RULE_PATH_BENEATH, &rule, 0);
  close(file);
  return code;
}

/// Holds the calling thread, and the threads that it starts, to the rules.
static inline int checker_landlock_enforce(int rules) {
  int code = (int)syscall(SYS_landlock_restrict_self, rules, 0);
  close(rules);
  return code;
}

/// Makes the system call `number` with six arguments, as code that is free to would. Gives back what it is granted:
/// closes the file, ends the process. 0, or the error.
static inline int checker_try_call(long number, const long *arguments) {
  long result = syscall(number, arguments[0], arguments[1], arguments[2], arguments[3], arguments[4], arguments[5]);
  if (result < 0) return errno;
  if (number == SYS_fork || number == SYS_clone) {
    if (result == 0) _exit(0);
    waitpid((pid_t)result, NULL, 0);
  } else if (result > 2) {
    // What is no file is no file that is open here either, as nothing here has as many.
    close((int)result);
  }
  return 0;
}
