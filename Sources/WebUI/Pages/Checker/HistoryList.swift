import Checking
import Domain
import Foundation

/// An alarm's history as people read it: one line for each event that went to several actions alike.
struct HistoryList: Sendable {
  /// Deliveries further apart are no one thing: somebody waited for the later one.
  private static let together: Double = 60
  /// As many items are needed for each line at most that is shown.
  static let itemsPerLine = 6

  private(set) var lines: [HistoryEntry] = []

  /// At most `limit` lines; `items` come newest first.
  init(_ items: [HistoryItem], checker: QualifiedName, limit: Int, now: Date) {
    for group in Self.groups(items.filter { !$0.isOfRowsAlone }).prefix(limit) {
      lines.append(HistoryEntry(group, checker: checker, now: now))
    }
  }

  private struct Kind: Hashable {
    var event: String
    var state: Delivery.State
    var reason: String
    var error: String?
  }

  private static func groups(_ items: [HistoryItem]) -> [[HistoryItem]] {
    var groups: [[HistoryItem]] = []
    var known: [Kind: Int] = [:]
    for item in items {
      guard case .delivery(let delivery) = item.content else {
        groups.append([item])
        continue
      }
      let kind = Kind(
        event: delivery.event.id, state: delivery.state, reason: delivery.reason, error: delivery.lastError)
      if let place = known[kind], let first = groups[place].first, first.at.timeIntervalSince(item.at) <= together {
        groups[place].append(item)
      } else {
        known[kind] = groups.count
        groups.append([item])
      }
    }
    return groups
  }
}

extension HistoryItem {
  /// That a checker whose rows have alarms of their own has nothing to say beside them is no news.
  fileprivate var isOfRowsAlone: Bool {
    if case .transition(let recorded) = content { recorded.isOfRowsAlone } else { false }
  }
}

extension RecordedTransition {
  var isOfRowsAlone: Bool {
    row == nil && transition.from == .unknown && transition.to == .green && summary == RowAlarms.nothingBesideRows
  }
}
