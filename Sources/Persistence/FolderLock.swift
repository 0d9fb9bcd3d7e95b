import Domain
import Foundation
import Synchronization

/// Keeps every other process out of a store's folder for as long as it lives.
///
/// The kernel drops the lock when the process ends, however it ends, so a lock file that stays behind locks nothing.
final class FolderLock: Sendable {
  /// The open lock file; -1 once released.
  private let descriptor: Mutex<Int32>

  init(_ folder: StoreFolder) throws(StoreError) {
    let descriptor = open(folder.lockFile, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else {
      throw .unavailable("The file \(folder.lockFile) cannot be opened: \(String(cString: strerror(errno))).")
    }
    guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
      let owner = Self.owner(descriptor)
      _ = Foundation.close(descriptor)
      throw .unavailable(
        "Another server uses the store in \(folder.path)\(owner). Stop it first, or choose another folder.")
    }
    Self.write(getpid(), to: descriptor)
    self.descriptor = Mutex(descriptor)
  }

  deinit { release() }

  func release() {
    descriptor.withLock { descriptor in
      if descriptor >= 0 {
        // To close is not enough: a child that is just being spawned has the descriptor too until it becomes its program.
        _ = flock(descriptor, LOCK_UN)
        _ = Foundation.close(descriptor)
      }
      descriptor = -1
    }
  }

  private static func write(_ process: pid_t, to descriptor: Int32) {
    let text = "\(process)\n"
    _ = ftruncate(descriptor, 0)
    _ = text.withCString { pwrite(descriptor, $0, strlen($0), 0) }
  }

  /// ` (process 42)`, or nothing when the other has not written its number yet.
  private static func owner(_ descriptor: Int32) -> String {
    var bytes = [UInt8](repeating: 0, count: 32)
    let count = pread(descriptor, &bytes, bytes.count, 0)
    guard count > 0 else { return "" }
    let digits = String(decoding: bytes[..<count].prefix { $0 != 0x0A }, as: UTF8.self)
    return Int(digits).map { " (process \($0))" } ?? ""
  }
}
