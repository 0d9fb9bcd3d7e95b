package import Foundation

/// What the overview shows, read in one go.
package protocol OverviewStore: Sendable {
  /// The checkers that `filter` lets through, worst first, then by namespace and name.
  func overview(_ filter: OverviewFilter) async throws(StoreError) -> Overview
  /// The checkers that `filter` lets through, by namespace and name, that come after `previous`; the filter's own
  /// limits do not count.
  func checkers(_ filter: OverviewFilter, after previous: QualifiedName?, limit: Int) async throws(StoreError)
    -> [StoredChecker]
  /// The checkers that `filter` lets through, worst first, then by namespace and name: `limit` of them after the first
  /// `offset`, and how many there are; the filter's own limits do not count.
  func checkersWorstFirst(_ filter: OverviewFilter, offset: Int, limit: Int) async throws(StoreError) -> (
    checkers: [StoredChecker], total: Int
  )
  /// Worst outcome per slot of time for each checker, oldest first; `nil` where none ran.
  func timelines(of ids: [QualifiedName], range: TimelineRange, until time: Date) async throws(StoreError)
    -> [QualifiedName: [Outcome?]]
  func namespaces(at time: Date) async throws(StoreError) -> [NamespaceSummary]
  /// What a list of checkers can be narrowed by.
  func facets(at time: Date) async throws(StoreError) -> CheckerFacets
}

/// What all checkers have, whatever a list shows of them.
package struct CheckerFacets: Hashable, Sendable {
  package var counts: [DisplayState: Int]
  package var tags: [String]
  package var owners: [String]

  package init(counts: [DisplayState: Int], tags: [String], owners: [String]) {
    self.counts = counts
    self.tags = tags
    self.owners = owners
  }
}

package enum TimelineRange: String, Codable, Sendable, CaseIterable {
  case day = "24h"
  case week = "7d"
  case month = "30d"

  /// Seconds of one slot: half an hour, 3 hours, 12 hours.
  package var slotSeconds: Int {
    switch self {
    case .day: 1800
    case .week: 3 * 3600
    case .month: 12 * 3600
    }
  }

  /// 48, 56 and 60.
  package var slots: Int {
    switch self {
    case .day: 48
    case .week: 56
    case .month: 60
    }
  }
}

/// How a checker is shown: its alarm's state, or muted when it is muted.
package enum DisplayState: String, Codable, Sendable, CaseIterable {
  case red, erroring, stale, recovering, pending, green, muted, unknown
}

package struct OverviewFilter: Hashable, Sendable {
  package var state: DisplayState?
  package var namespace: String?
  package var tag: String?
  package var owner: String?
  /// In name, namespace, description or last result.
  package var text: String
  /// At most so many of the ones that need attention, and of each namespace's others.
  package var attentionLimit: Int
  package var perNamespaceLimit: Int
  /// At most so many in all namespaces together, the first by name before the others.
  package var groupsLimit: Int
  package var at: Date

  package init(
    state: DisplayState? = nil, namespace: String? = nil, tag: String? = nil, owner: String? = nil, text: String = "",
    attentionLimit: Int = 50, perNamespaceLimit: Int = 6, groupsLimit: Int = 60, at: Date
  ) {
    self.state = state
    self.namespace = namespace
    self.tag = tag
    self.owner = owner
    self.text = text
    self.attentionLimit = attentionLimit
    self.perNamespaceLimit = perNamespaceLimit
    self.groupsLimit = groupsLimit
    self.at = at
  }
}

package struct Overview: Sendable {
  package var facets: CheckerFacets
  /// Red and erroring ones, the newest trouble last among equals in severity; at most `attentionLimit`.
  package var attention: [StoredChecker]
  package var attentionTotal: Int
  package var groups: [Group]

  /// Of all checkers, whatever the filter.
  package var counts: [DisplayState: Int] { facets.counts }

  package struct Group: Sendable {
    package var namespace: String
    package var counts: [DisplayState: Int]
    /// Those that do not stand under `attention`.
    package var checkers: [StoredChecker]
    package var total: Int

    package init(namespace: String, counts: [DisplayState: Int], checkers: [StoredChecker], total: Int) {
      self.namespace = namespace
      self.counts = counts
      self.checkers = checkers
      self.total = total
    }
  }

  package init(
    facets: CheckerFacets, attention: [StoredChecker], attentionTotal: Int, groups: [Group]
  ) {
    self.facets = facets
    self.attention = attention
    self.attentionTotal = attentionTotal
    self.groups = groups
  }
}

package struct NamespaceSummary: Hashable, Codable, Sendable {
  package var name: String
  package var counts: [DisplayState: Int]
  /// Alarms that are open beside one for each checker: those of rows.
  package var furtherAlarms = 0

  package init(name: String, counts: [DisplayState: Int]) {
    self.name = name
    self.counts = counts
  }
}

extension [NamespaceSummary] {
  /// Checkers whose alarm needs somebody.
  package var openCheckers: Int {
    let states: [DisplayState] = [.red, .erroring, .stale, .recovering]
    return reduce(0) { sum, summary in sum + states.reduce(0) { $0 + (summary.counts[$1] ?? 0) } }
  }

  /// Alarms that need somebody, as lists show them: a line for each row that has one.
  package var openAlarms: Int { openCheckers + reduce(0) { $0 + $1.furtherAlarms } }
}
