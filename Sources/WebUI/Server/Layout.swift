import Checking
import Domain
import Foundation

/// What `layout.mustache` shows around a page.
struct Layout: Sendable {
  var title: String
  var content: String
  var crumbs: [Page.Crumb]
  var hasEditor: Bool
  var isLive: Bool
  /// It shows what was sent and not kept.
  var isUnsaved: Bool
  var theme: String?
  var notice: String?
  var userName: String?
  var hasSession: Bool
  var sidebar: Sidebar?
  var links: [Link]
  var tabs: [Link]
  var settingsIsCurrent: Bool
  var files: [String: String]

  struct Link: Sendable {
    var title: String
    var href: String
    var key: String
    var icon: String
    var isCurrent: Bool
    var count: String?
    var isHot = false
  }

  init(
    page: Page, content: String, sidebar: Sidebar?, visit: Visit, files: StaticFiles, isUnsaved: Bool = false
  ) {
    title = page.title
    self.content = content
    crumbs = page.crumbs
    hasEditor = page.hasEditor
    isLive = page.isLive
    self.isUnsaved = isUnsaved
    theme = visit.theme
    notice = visit.notice
    userName = visit.user?.name
    hasSession = visit.hasSession
    self.sidebar = sidebar
    settingsIsCurrent = page.section == .settings
    self.files = files.addresses
    func link(
      _ title: String, _ href: String, _ section: Page.Section, _ key: String, _ icon: String, _ count: Int? = nil
    ) -> Link {
      Link(
        title: title, href: href, key: key, icon: icon, isCurrent: page.section == section,
        count: count.flatMap { $0 > 0 ? Words.number($0) : nil })
    }
    var alarms = link("Alarms", "/alarms", .alarms, "alarms", "bell", sidebar?.alarms)
    alarms.isHot = true
    links = [
      link("Overview", "/", .overview, "overview", "home"), alarms,
      link("Checkers", "/checkers", .checkers, "checkers", "check", sidebar?.checkers),
      link("Datasets", "/datasets", .datasets, "datasets", "data", sidebar?.datasets),
      link("Data sources", "/data-sources", .dataSources, "sources", "db", sidebar?.dataSources),
      link("Runs", "/runs", .runs, "runs", "runs"), link("Actions", "/actions", .actions, "actions", "bolt"),
    ]
    tabs = [
      links[0], links[1], link("Checkers", "/checkers", .checkers, "", "check"),
      link("Data", "/datasets", .datasets, "", "data"), link("More", "/more", .more, "", "menu"),
    ]
  }
}

/// Counts and namespaces beside every page.
struct Sidebar: Sendable {
  var alarms: Int
  var checkers: Int
  var datasets: Int
  var dataSources: Int
  var namespaces: [Namespace]
  var hasMoreNamespaces: Bool

  struct Namespace: Sendable {
    var name: String
    var href: String
    var icon: StateIcon
  }

  /// More namespaces than these stand on a page of their own.
  static let shownNamespaces = 12

  init(service: CheckerService) async throws {
    let summaries = try await service.store.namespaces(at: service.now())
    func count(_ states: [DisplayState]) -> Int {
      summaries.reduce(0) { sum, summary in sum + states.reduce(0) { $0 + (summary.counts[$1] ?? 0) } }
    }
    alarms = summaries.openAlarms
    checkers = count(DisplayState.allCases)
    datasets = try await service.store.datasets().count
    dataSources = try await service.store.dataSources().count
    let worstFirst = summaries.map { ($0, DisplayState.worst($0.counts)) }
      .sorted { ($0.1.rank, $0.0.name) < ($1.1.rank, $1.0.name) }
    namespaces = worstFirst.prefix(Self.shownNamespaces).map { summary, state in
      Namespace(name: summary.name, href: Link.namespace(summary.name), icon: StateIcon(state))
    }
    hasMoreNamespaces = summaries.count > Self.shownNamespaces
  }
}

extension DisplayState {
  /// 0 needs attention most; muted counts last.
  var rank: Int {
    switch self {
    case .red: 0
    case .erroring: 1
    case .stale: 2
    case .recovering: 3
    case .pending: 4
    case .unknown: 5
    case .green: 6
    case .muted: 7
    }
  }

  /// What a namespace shows.
  static func worst(_ counts: [DisplayState: Int]) -> DisplayState {
    counts.filter { $0.value > 0 }.keys.min { $0.rank < $1.rank } ?? .unknown
  }
}
