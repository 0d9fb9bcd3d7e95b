import Synchronization
import TestSupport
import Testing

/// Carries a copy of the store's files out of the closure in which it was made.
final class Copies: Sendable {
  private let result = Mutex<Result<TemporaryFolder, any Error>?>(nil)

  func add(_ copy: () throws -> TemporaryFolder) {
    let made = Result { try copy() }
    result.withLock { $0 = made }
  }

  func taken() throws -> TemporaryFolder {
    try #require(result.withLock { $0 }).get()
  }
}
