import Foundation
import Synchronization

/// Evaluations that wait to be recorded, as they come in.
final class EvaluationInbox: Sendable {
  struct Entry: Sendable {
    /// Of the checker among those that run together.
    var index: Int
    var evaluation: Evaluation
    /// When it came to its end.
    var time: Date
  }

  /// Something is there.
  let arrivals: AsyncStream<Void>
  private let arrival: AsyncStream<Void>.Continuation
  private let entries = Mutex<[Entry]>([])

  init() {
    (arrivals, arrival) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
  }

  func add(_ entry: Entry) {
    entries.withLock { $0.append(entry) }
    arrival.yield()
  }

  func takeAll() -> [Entry] {
    entries.withLock { entries in
      defer { entries = [] }
      return entries
    }
  }

  /// Nothing more will come.
  func close() { arrival.finish() }
}
