import CPostgreSQL
import Dispatch

#if canImport(Glibc)
  import Glibc
#endif

/// Asks the server to stop what a connection runs.
///
/// `@unchecked Sendable`: libpq documents PQcancel as safe from any thread, and the pointer never changes.
final class PostgreSQLCancel: @unchecked Sendable {
  private let pointer: OpaquePointer

  init?(_ connection: OpaquePointer) {
    guard let pointer = PQgetCancel(connection) else { return nil }
    self.pointer = pointer
  }

  deinit { PQfreeCancel(pointer) }

  /// Returns at once: PQcancel opens a connection of its own, which may take as long as it likes.
  func request() {
    DispatchQueue.global().async {
      var reason = [CChar](repeating: 0, count: 256)
      _ = PQcancel(self.pointer, &reason, Int32(reason.count))
    }
  }
}

/// Wakes a thread that waits for a socket: a pipe, which may be written from any thread.
struct WakeUp: Sendable {
  /// Readable after a signal.
  let descriptor: Int32
  private let writing: Int32

  init() {
    var ends: [Int32] = [-1, -1]
    // Without descriptors to spare there is no waking up, and a stop waits for the deadline.
    _ = pipe(&ends)
    for end in ends where end >= 0 {
      _ = fcntl(end, F_SETFD, FD_CLOEXEC)
      _ = fcntl(end, F_SETFL, O_NONBLOCK)
    }
    (descriptor, writing) = (ends[0], ends[1])
  }

  func signal() {
    var byte: UInt8 = 0
    _ = write(writing, &byte, 1)
  }

  func clear() {
    var bytes: (UInt64, UInt64) = (0, 0)
    while read(descriptor, &bytes, 16) == 16 {}
  }

  func close() {
    _ = Glibc.close(descriptor)
    _ = Glibc.close(writing)
  }
}
