import Domain
import Foundation
import Mustache

struct OverviewModel: Sendable, MustacheParent {
  var address: String
  var isEmpty: Bool
  var toolbar: FilterToolbar
  var outages: [OutageBanner]
  var attention: Attention?
  var groups: [Group]
  var isNothingFound: Bool
  var isFiltered: Bool
  var query: String

  struct Attention: Sendable, MustacheParent {
    var rows: [CheckerRow]
    var note: String
    var range: String
    var more: More?

    func child(named name: String) -> Any? {
      switch name {
      case "rows": rows
      case "note": note
      case "range": range
      case "more": more as Any? ?? false
      default: nil
      }
    }
  }

  struct Group: Sendable, MustacheParent {
    var namespace: String
    var href: String
    var icon: StateIcon
    var note: String
    var tally: [Tally]
    var rows: [CheckerRow]
    var hasRows: Bool
    var more: More?

    func child(named name: String) -> Any? {
      switch name {
      case "namespace": namespace
      case "href": href
      case "icon": icon
      case "note": note
      case "tally": tally
      case "rows": rows
      case "hasRows": hasRows
      case "more": more as Any? ?? false
      default: nil
      }
    }
  }

  struct Tally: Sendable {
    var icon: StateIcon
    var count: String
  }

  struct More: Sendable {
    var text: String
    var href: String
  }

  init(
    _ overview: Overview, namespaces: [String], query: OverviewQuery, timelines: [QualifiedName: [Outcome?]],
    outages: [OutageBanner], now: Date
  ) {
    func row(_ stored: StoredChecker, showsNamespace: Bool) -> CheckerRow {
      CheckerRow(
        stored, slots: timelines[stored.checker.id], range: query.range, now: now, showsNamespace: showsNamespace)
    }
    address = query.address()
    self.outages = outages
    isFiltered = query.isFiltered
    self.query = query.text
    isEmpty = overview.counts.values.reduce(0, +) == 0
    toolbar = FilterToolbar(overview.facets, namespaces: namespaces, query: query, path: "/")
    if !overview.attention.isEmpty {
      let longest = overview.attention.map(\.shownAlarm.since).min() ?? now
      let hidden = overview.attentionTotal - overview.attention.count
      attention = Attention(
        rows: overview.attention.map { row($0, showsNamespace: true) },
        note: "\(Words.number(overview.attentionTotal)), longest \(Words.lasting(since: longest, now: now))",
        range: query.range.words,
        more: hidden > 0 ? More(text: "Show \(Words.number(hidden)) more", href: "/alarms") : nil)
    }
    groups = overview.groups.filter { $0.total > 0 || !query.isFiltered }.map { group in
      let hidden = group.total - group.checkers.count
      let all = group.counts.values.reduce(0, +)
      return Group(
        namespace: group.namespace, href: Link.namespace(group.namespace),
        icon: StateIcon(DisplayState.worst(group.counts)), note: Words.count(all, "checker"),
        tally: Self.tally(group.counts), rows: group.checkers.map { row($0, showsNamespace: false) },
        hasRows: group.total > 0,
        more: hidden > 0
          ? More(text: "Show \(Words.number(hidden)) more", href: Link.namespace(group.namespace)) : nil)
    }

    isNothingFound = attention == nil && groups.isEmpty
  }

  func child(named name: String) -> Any? {
    switch name {
    case "address": address
    case "isEmpty": isEmpty
    case "toolbar": toolbar
    case "outages": outages
    case "attention": attention as Any? ?? false
    case "groups": groups
    case "isNothingFound": isNothingFound
    case "isFiltered": isFiltered
    case "query": query
    default: nil
    }
  }

  static func tally(_ counts: [DisplayState: Int]) -> [Tally] {
    DisplayState.allCases.sorted { $0.rank < $1.rank }.compactMap { state in
      guard let count = counts[state], count > 0 else { return nil }
      return Tally(icon: StateIcon(state), count: Words.number(count))
    }
  }
}

/// Counts as filters, search, and the choices beside it.
struct FilterToolbar: Sendable {
  var counts: [Count]
  var text: String
  var namespaces: [Choice]
  var tags: [Choice]
  var owners: [Choice]
  var ranges: [Range]
  var state: String
  var range: String
  var path: String
  /// Where htmx fetches the rows.
  var rowsPath: String

  struct Count: Sendable {
    var word: String
    var icon: StateIcon?
    var count: String
    var href: String
    var isCurrent: Bool
    var isOptional: Bool
  }

  struct Choice: Sendable {
    var value: String
    var isChosen: Bool
  }

  struct Range: Sendable {
    var text: String
    var href: String
    var isCurrent: Bool
  }

  init(_ facets: CheckerFacets, namespaces names: [String], query: OverviewQuery, path: String) {
    let all = Count(
      word: "All", icon: nil, count: Words.number(facets.counts.values.reduce(0, +)),
      href: query.address(path, state: .some(nil)), isCurrent: query.state == nil, isOptional: false)
    counts =
      [all]
      + OverviewQuery.states.compactMap { state, _ in
        // States that pass by themselves show while there is one.
        if [.stale, .recovering, .pending].contains(state), facets.counts[state] ?? 0 == 0, query.state != state {
          return nil
        }
        return Count(
          word: state.word, icon: StateIcon(state, isHidden: true), count: Words.number(facets.counts[state] ?? 0),
          href: query.address(path, state: state), isCurrent: query.state == state,
          isOptional: state == .muted || state == .unknown)
      }
    text = query.text
    namespaces = Self.choices(names, query.namespace)
    tags = Self.choices(facets.tags, query.tag)
    owners = Self.choices(facets.owners, query.owner)
    ranges = TimelineRange.allCases.map {
      Range(text: $0.short, href: query.address(path, range: $0), isCurrent: $0 == query.range)
    }
    state = OverviewQuery.states.first { $0.key == query.state }?.value ?? ""
    range = query.range.rawValue
    self.path = path
    rowsPath = path == "/" ? "/overview/rows" : "\(path)/rows"
  }

  /// The one that is chosen stands there even when nothing has it.
  private static func choices(_ values: [String], _ chosen: String) -> [Choice] {
    let all = values.contains(chosen) || chosen.isEmpty ? values : [chosen] + values
    return all.map { Choice(value: $0, isChosen: $0 == chosen) }
  }
}
