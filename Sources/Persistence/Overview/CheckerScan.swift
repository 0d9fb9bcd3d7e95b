import Domain
import Foundation
import GRDB

/// What the overview must know of every checker, read from an index and not from documents.
struct CheckerScan {
  struct Line {
    var id: Int64
    var namespace: String
    var place: Place
    var severity: Int
    var since: Double
  }

  /// Where a checker stands, worst first.
  enum Place: Int, CaseIterable {
    case failing, warning, erroring, stale, recovering, pending, green, unknown, muted

    var display: DisplayState {
      switch self {
      case .failing, .warning: .red
      case .erroring: .erroring
      case .stale: .stale
      case .recovering: .recovering
      case .pending: .pending
      case .green: .green
      case .unknown: .unknown
      case .muted: .muted
      }
    }

    var needsAttention: Bool { rawValue <= Place.recovering.rawValue }
  }

  /// `:at` decides which mutes count, and what is overdue: that shows though nobody has written it down.
  private static let place = """
    CASE WHEN c.muted_until > :at THEN 8
      WHEN c.alarm_state = 'red' THEN c.alarm_is_warning
      WHEN c.alarm_state = 'error' THEN 2
      WHEN c.alarm_state = 'stale' OR c.next_run_at + c.stale_after <= :at THEN 3
      WHEN c.alarm_state = 'recovering' THEN 4
      WHEN c.alarm_state = 'pending' THEN 5
      WHEN c.alarm_state = 'green' THEN 6
      ELSE 7 END
    """

  /// The checkers that the filter lets through and that come after `previous`, by namespace and name.
  /// - Parameter isUrgent: Only those that need attention.
  static func lines(
    _ filter: OverviewFilter, after previous: QualifiedName? = nil, isUrgent: Bool = false, _ database: Database
  ) throws -> [Line] {
    let (conditions, arguments) = conditions(filter, previous, isUrgent: isUrgent)
    let rows = try Row.fetchCursor(
      database,
      sql: """
        SELECT c.id, c.namespace, \(place),
          CASE c.severity WHEN 'critical' THEN 0 WHEN 'warning' THEN 1 ELSE 2 END, c.alarm_since
        FROM checker c \(conditions) ORDER BY c.namespace, c.name
        """, arguments: arguments)
    var lines: [Line] = []
    while let row = try rows.next() {
      guard let place = Place(rawValue: row[2]) else { continue }
      if let state = filter.state, state != place.display { continue }
      lines.append(Line(id: row[0], namespace: row[1], place: place, severity: row[3], since: row[4]))
    }
    return lines
  }

  /// The first of a namespace that need no attention: pending ones, green ones, and so on, by name.
  static func calm(
    in namespace: NamespaceSummary, limit: Int, at time: Date, _ database: Database
  ) throws -> [Int64] {
    let statement = try database.cachedStatement(
      sql: """
        SELECT c.id FROM checker c WHERE c.namespace = :namespace AND \(place) = :place ORDER BY c.name LIMIT :limit
        """)
    var ids: [Int64] = []
    for place in Place.allCases where !place.needsAttention && namespace.counts[place.display] ?? 0 > 0 {
      if ids.count >= limit { break }
      ids += try Int64.fetchAll(
        statement,
        arguments: [
          "at": time.stored, "namespace": namespace.name, "place": place.rawValue, "limit": limit - ids.count,
        ])
    }
    return ids
  }

  private static func conditions(
    _ filter: OverviewFilter, _ previous: QualifiedName?, isUrgent: Bool
  ) -> (String, StatementArguments) {
    var conditions: [String] = []
    if isUrgent { conditions.append("\(place) <= \(Place.recovering.rawValue)") }
    var arguments: StatementArguments = ["at": filter.at.stored]
    if let previous {
      conditions.append("(c.namespace, c.name) > (:after_namespace, :after_name)")
      arguments += ["after_namespace": previous.namespace, "after_name": previous.name]
    }
    if let namespace = filter.namespace {
      conditions.append("c.namespace = :namespace")
      arguments += ["namespace": namespace]
    }
    if let tag = filter.tag {
      conditions.append("EXISTS (SELECT 1 FROM checker_tag t WHERE t.tag = :tag AND t.checker_id = c.id)")
      arguments += ["tag": tag]
    }
    if let owner = filter.owner {
      conditions.append("c.owner = :owner")
      arguments += ["owner": owner]
    }
    if !filter.text.isEmpty {
      conditions.append("(instr(c.search_text, :text) OR instr(c.last_search, :text))")
      arguments += ["text": filter.text.withoutNul.lowercased()]
    }
    return (conditions.isEmpty ? "" : "WHERE " + conditions.joined(separator: " AND "), arguments)
  }

  struct Counts {
    var summaries: [NamespaceSummary] = []
    /// When time alone changes them next: a mute ends, or a run is overdue.
    var changeAt = Double.infinity
  }

  /// How many of each state every namespace has, by name.
  static func counts(at time: Date, _ database: Database) throws -> Counts {
    let rows = try Row.fetchCursor(
      database,
      sql: """
        SELECT c.namespace, \(place) AS place, count(*), min(CASE WHEN c.muted_until > :at THEN c.muted_until END),
          min(CASE WHEN c.next_run_at + c.stale_after > :at THEN c.next_run_at + c.stale_after END)
        FROM checker c GROUP BY c.namespace, place
        """, arguments: ["at": time.stored])
    var counts = Counts()
    while let row = try rows.next() {
      guard let place = Place(rawValue: row[1]) else { continue }
      let name: String = row[0]
      if counts.summaries.last?.name != name { counts.summaries.append(NamespaceSummary(name: name, counts: [:])) }
      counts.summaries[counts.summaries.count - 1].counts[place.display, default: 0] += row[2]
      for column in [3, 4] {
        if let at: Double = row[column] { counts.changeAt = min(counts.changeAt, at) }
      }
    }
    try addRows(to: &counts, at: time, database)
    return counts
  }

  /// Alarms of rows stand on lines of their own, beside the checker's own where that is open too.
  private static func addRows(to counts: inout Counts, at time: Date, _ database: Database) throws {
    let rows = try Row.fetchCursor(
      database,
      sql: """
        SELECT c.namespace, \(place),
          (SELECT count(*) FROM row_alarm r
            WHERE r.checker_id = c.id AND json_extract(r.alarm, '$.state') IN ('red', 'recovering')),
          json_extract(c.alarm_rows, '$.state') IN ('red', 'error', 'stale', 'recovering')
            OR ifnull(c.next_run_at + c.stale_after <= :at, FALSE)
        FROM checker c INDEXED BY checker_with_rows WHERE c.alarm_rows IS NOT NULL
        """, arguments: ["at": time.stored])
    while let row = try rows.next() {
      guard let place = Place(rawValue: row[1]), place.needsAttention else { continue }
      let (name, open, isOwnOpen): (String, Int, Bool) = (row[0], row[2], row[3])
      guard let index = counts.summaries.firstIndex(where: { $0.name == name }) else { continue }
      counts.summaries[index].furtherAlarms += max(0, open + (isOwnOpen ? 1 : 0) - 1)
    }
  }
}

extension OverviewFilter {
  var takesAll: Bool { state == nil && namespace == nil && tag == nil && owner == nil && text.isEmpty }
}

extension NamespaceSummary {
  /// Checkers that need no attention.
  var calm: Int {
    CheckerScan.Place.allCases.filter { !$0.needsAttention }.reduce(0) { $0 + (counts[$1.display] ?? 0) }
  }
}
