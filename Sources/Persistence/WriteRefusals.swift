import Domain
import GRDB
import Synchronization

/// Remembers that the file takes no writes.
///
/// Only a trial ends that, not any write that works: one that changes nothing works on a full disk too, and a small one
/// for as long as there is room in the log.
final class WriteRefusals: Sendable {
  private let trouble = Mutex<String?>(nil)

  var current: String? { trouble.withLock { $0 } }

  /// Counts what the disk or another program does; not what a caller may have done wrong.
  func note(_ error: any Error, file: String) {
    guard let error = error as? DatabaseError, Self.codes.contains(error.resultCode),
      case .unavailable(let message) = storeError(error, file: file)
    else { return }
    trouble.withLock { $0 = message }
  }

  func end() { trouble.withLock { $0 = nil } }

  private static let codes: [ResultCode] = [
    .SQLITE_FULL, .SQLITE_IOERR, .SQLITE_READONLY, .SQLITE_CANTOPEN, .SQLITE_PERM, .SQLITE_BUSY, .SQLITE_LOCKED,
    .SQLITE_CORRUPT, .SQLITE_NOTADB,
  ]
}

extension SQLiteStore {
  package var writeTrouble: String? { refusals.current }

  package func tryWriting() async {
    guard refusals.current != nil else { return }
    let (key, text) = ("store.trial", String(repeating: "trial ", count: 10_000))
    do throws(StoreError) {
      try await write { database in try Self.put(text, underKey: key, database) }
      try await write { database in try Self.put(nil, underKey: key, database) }
      refusals.end()
    } catch {
      // It is remembered, with the newest reason.
    }
  }
}
