package import Domain
package import Foundation

extension CheckerService {
  /// Everything that happened to a checker's alarm, the newest first: its changes, what was sent or withheld and why,
  /// what people did and wrote, and who changed the checker.
  package func history(
    of id: QualifiedName, limit: Int, withDeliveries: Bool = true
  ) async throws(ServiceError) -> [HistoryItem] {
    let items = try await reading { () async throws(StoreError) in
      let transitions = try await store.transitions(of: id, limit: limit)
      let entries = try await store.entries(of: id, limit: limit)
      let edits = try await store.edits(of: id, limit: limit)
      let deliveries = withDeliveries ? try await store.notices(of: id, limit: limit) : []
      return deliveries.map { HistoryItem(at: $0.finishedAt ?? $0.createdAt, .delivery($0)) }
        + entries.map { HistoryItem(at: $0.at, .entry($0)) }
        + transitions.map { HistoryItem(at: $0.transition.at, .transition($0)) }
        + edits.map { HistoryItem(at: $0.at, .edit($0)) }
    }
    // Of the same moment, what stands first here came last: a delivery follows what it tells of.
    let ordered = items.enumerated().sorted { ($1.element.at, $0.offset) < ($0.element.at, $1.offset) }
    return ordered.prefix(max(0, limit)).map(\.element)
  }
}

/// One line in the history of an alarm.
package struct HistoryItem: Hashable, Sendable {
  package enum Content: Hashable, Sendable {
    case transition(RecordedTransition)
    case delivery(Delivery)
    case entry(AlarmEntry)
    case edit(CheckerEdit)
  }

  package var at: Date
  package var content: Content

  package init(at: Date, _ content: Content) {
    self.at = at
    self.content = content
  }
}
