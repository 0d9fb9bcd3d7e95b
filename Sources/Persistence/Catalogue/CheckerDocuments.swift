import Domain
import Synchronization

/// Decoded documents of committed versions, so that a page of checkers does not parse JSON again.
///
/// A version never changes once it is committed, and ids are never used again, so an entry is never stale.
final class CheckerDocuments: Sendable {
  private struct Key: Hashable {
    var checker: Int64
    var version: Int
  }

  /// Enough for what the overview shows; a few megabytes at most.
  private static let capacity = 2000

  private let entries = Mutex<[Key: Checker]>([:])

  func checker(_ id: Int64, version: Int, read: () throws -> String) throws -> Checker {
    let key = Key(checker: id, version: version)
    if let known = entries.withLock({ $0[key] }) { return known }
    let checker = try Document.decode(Checker.self, from: read())
    entries.withLock { entries in
      if entries.count >= Self.capacity { entries.removeAll(keepingCapacity: true) }
      entries[key] = checker
    }
    return checker
  }
}
