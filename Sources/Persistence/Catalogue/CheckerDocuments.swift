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

  /// What was asked for lately, and what was before that: the latter goes when the former is full.
  private struct Entries {
    var recent: [Key: Checker] = [:]
    var earlier: [Key: Checker] = [:]
    /// Of the documents of `recent`, in bytes.
    var size = 0
  }

  /// Of documents in each half of `Entries`, in bytes: some 20,000 checkers with a few rules, and a few dozen megabytes
  /// at most.
  private static let capacity = 8_000_000

  private let entries = Mutex(Entries())

  func checker(_ id: Int64, version: Int, read: () throws -> String) throws -> Checker {
    let key = Key(checker: id, version: version)
    if let known = entries.withLock({ $0.recent[key] ?? $0.earlier[key] }) { return known }
    let document = try read()
    let checker = try Document.decode(Checker.self, from: document)
    entries.withLock { entries in
      if entries.size >= Self.capacity { entries = Entries(earlier: entries.recent) }
      entries.recent[key] = checker
      entries.size += document.utf8.count
    }
    return checker
  }
}
