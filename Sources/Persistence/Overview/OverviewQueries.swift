package import Domain
package import Foundation
import GRDB

extension SQLiteStore {
  package func overview(_ filter: OverviewFilter) async throws(StoreError) -> Overview {
    let documents = documents
    let namespaces = try await namespaces(at: filter.at)
    return try await read { database in
      let selection =
        filter.takesAll
        ? try OverviewSelection(of: namespaces, filter, database)
        : OverviewSelection(try CheckerScan.lines(filter, database), filter)
      func checkers(_ ids: [Int64]) throws -> [StoredChecker] {
        try ids.compactMap { try CheckerRecord.fetch($0, documents, database)?.stored }
      }
      let counts = Dictionary(namespaces.map { ($0.name, $0.counts) }, uniquingKeysWith: { first, _ in first })
      return Overview(
        facets: try Self.facets(namespaces, database), attention: try checkers(selection.attention),
        attentionTotal: selection.attentionTotal,
        groups: try selection.groups.map { group in
          Overview.Group(
            namespace: group.namespace, counts: counts[group.namespace] ?? [:], checkers: try checkers(group.ids),
            total: group.total)
        })
    }
  }

  package func facets(at time: Date) async throws(StoreError) -> CheckerFacets {
    let namespaces = try await namespaces(at: time)
    return try await read { database in try Self.facets(namespaces, database) }
  }

  private static func facets(_ namespaces: [NamespaceSummary], _ database: Database) throws -> CheckerFacets {
    CheckerFacets(
      counts: namespaces.reduce(into: [:]) { $0.merge($1.counts, uniquingKeysWith: +) },
      tags: try String.fetchAll(database, sql: "SELECT DISTINCT tag FROM checker_tag ORDER BY tag"),
      owners: try String.fetchAll(database, sql: "SELECT DISTINCT owner FROM checker WHERE owner != '' ORDER BY owner"))
  }

  package func checkers(_ filter: OverviewFilter, after previous: QualifiedName?, limit: Int) async throws(StoreError)
    -> [StoredChecker]
  {
    let documents = documents
    return try await read { database in
      let ids = try CheckerScan.lines(filter, after: previous, database).prefix(max(0, limit)).map(\.id)
      return try ids.compactMap { try CheckerRecord.fetch($0, documents, database)?.stored }
    }
  }

  package func checkersWorstFirst(_ filter: OverviewFilter, offset: Int, limit: Int) async throws(StoreError) -> (
    checkers: [StoredChecker], total: Int
  ) {
    let documents = documents
    return try await read { database in
      let lines = try CheckerScan.lines(filter, database)
      let ids = lines.enumerated().sorted { left, right in
        (left.element.place.rawValue, left.offset) < (right.element.place.rawValue, right.offset)
      }.dropFirst(max(0, offset)).prefix(max(0, limit)).map(\.element.id)
      return (try ids.compactMap { try CheckerRecord.fetch($0, documents, database)?.stored }, lines.count)
    }
  }

  /// A checker that is not there is not in the answer.
  package func timelines(of ids: [QualifiedName], range: TimelineRange, until time: Date) async throws(StoreError)
    -> [QualifiedName: [Outcome?]]
  {
    try await read { database in
      let statement = try database.cachedStatement(sql: "SELECT id FROM checker WHERE namespace = ? AND name = ?")
      var timelines: [QualifiedName: [Outcome?]] = [:]
      for name in ids {
        guard let id = try Int64.fetchOne(statement, arguments: [name.namespace, name.name]) else { continue }
        timelines[name] = try Timeline.read(id, range, until: time, database)
      }
      return timelines
    }
  }

  package func namespaces(at time: Date) async throws(StoreError) -> [NamespaceSummary] {
    if let known = namespaceCounts.known(at: time) { return known }
    let writes = namespaceCounts.writes
    let counts = try await read { database in try CheckerScan.counts(at: time, database) }
    namespaceCounts.keep(counts, writes: writes, at: time)
    return counts.summaries
  }
}

/// Which checkers the overview shows where.
private struct OverviewSelection {
  struct Group {
    var namespace: String
    var ids: [Int64]
    var total: Int
  }

  private(set) var attention: [Int64] = []
  private(set) var attentionTotal = 0
  private(set) var groups: [Group] = []

  /// Of all checkers. How many there are is known, so that no more of them is read than is shown.
  init(of namespaces: [NamespaceSummary], _ filter: OverviewFilter, _ database: Database) throws {
    take(urgent: try CheckerScan.lines(filter, isUrgent: true, database), filter)
    var room = max(0, filter.groupsLimit)
    for namespace in namespaces {
      let limit = min(room, max(0, filter.perNamespaceLimit))
      let ids = try CheckerScan.calm(in: namespace, limit: limit, at: filter.at, database)
      room -= ids.count
      groups.append(Group(namespace: namespace.name, ids: ids, total: namespace.calm))
    }
  }

  private mutating func take(urgent lines: [CheckerScan.Line], _ filter: OverviewFilter) {
    attentionTotal = lines.count
    attention = Self.worstFirst(lines).prefix(max(0, filter.attentionLimit)).map(\.id)
  }

  /// `lines` come by namespace and name.
  init(_ lines: [CheckerScan.Line], _ filter: OverviewFilter) {
    take(urgent: lines.filter(\.place.needsAttention), filter)
    var start = lines.startIndex
    var room = max(0, filter.groupsLimit)
    while start < lines.endIndex {
      let namespace = lines[start].namespace
      let end = lines[start...].firstIndex { $0.namespace != namespace } ?? lines.endIndex
      let group = Self.group(namespace, lines[start..<end], limit: min(room, max(0, filter.perNamespaceLimit)))
      room -= group.ids.count
      groups.append(group)
      start = end
    }
  }

  /// The newest trouble stands last among equals.
  private static func worstFirst(_ lines: [CheckerScan.Line]) -> [CheckerScan.Line] {
    lines.enumerated().sorted { left, right in
      let (a, b) = (left.element, right.element)
      return (a.place.rawValue, a.severity, a.since, left.offset) < (
        b.place.rawValue, b.severity, b.since, right.offset
      )
    }.map(\.element)
  }

  private static func group(_ namespace: String, _ lines: ArraySlice<CheckerScan.Line>, limit: Int) -> Group {
    var ids: [Int64] = []
    for place in CheckerScan.Place.allCases where !place.needsAttention && ids.count < limit {
      ids += lines.lazy.filter { $0.place == place }.prefix(limit - ids.count).map(\.id)
    }
    return Group(namespace: namespace, ids: ids, total: lines.count { !$0.place.needsAttention })
  }
}
