import Checking
import Domain
import Foundation
import Hummingbird

/// `/alarms?view=open|muted|history&by=namespace|data_source|owner|severity`.
struct AlarmPages: RouteGroup {
  let site: Site

  static let mostAlarms = 200
  static let mostChanges = 200

  func add(to router: Router<WebContext>) {
    router.get("/alarms") { request, context in
      let page = Page(
        "Alarms", section: .alarms, template: "alarms", model: try await model(request), isLive: true)
      return try await site.respond(page, request, context)
    }
  }

  struct Model: Sendable {
    var sub: String
    var outages: [OutageBanner]
    var ending: [SilenceListModel.Ending]
    var views: [RunPages.ListModel.Choice]
    var groupings: [RunPages.ListModel.Choice]
    var groups: [Group]
    var hasCards: Bool
    var changes: [Change]
    var hasChanges: Bool
    var isHistory: Bool
    var isQuiet: Bool
    var quietTitle: String
    var quietText: String

    struct Group: Sendable {
      /// `nil` when all stand together.
      var title: String?
      var count: String
      var cards: [Card]
    }

    struct Card: Sendable {
      var css: String
      var textCSS: String
      var icon: StateIcon
      var name: String
      /// Of an alarm of one row.
      var row: String?
      var namespace: String
      var href: String
      var summary: String
      var lasting: String
      var since: String
      var severity: SeverityMark
      var isWarning: Bool
      var owner: String?
      var hasRunbook: Bool
      /// Where the job of a heartbeat reports: nothing runs it from here.
      var pingHref: String?
      var isMuted: Bool
      var attention: Attention
      /// Why nobody is told now.
      var withheld: String?
    }

    struct Change: Sendable {
      var icon: StateIcon
      var name: String
      var row: String?
      var namespace: String
      var href: String
      var text: String
      var when: TimeText
    }
  }

  private func model(_ request: Request) async throws -> Model {
    let view = ["muted", "history"].first { $0 == request.query("view") } ?? "open"
    let now = site.service.now()
    let store = site.service.store
    var filter = OverviewFilter(attentionLimit: Self.mostAlarms, perNamespaceLimit: 0, at: now)
    if view == "muted" {
      filter.state = .muted
      filter.perNamespaceLimit = Self.mostAlarms
    }
    let overview = try await store.overview(filter)
    let shown = view == "history" ? [] : view == "muted" ? overview.groups.flatMap(\.checkers) : overview.attention
    let by = AlarmGrouping(rawValue: request.query("by"))
    let changes = try await store.transitions(of: nil, limit: view == "history" ? Self.mostChanges : 10)
    let count = { (state: DisplayState) in overview.counts[state] ?? 0 }
    return Model(
      sub: Self.sub(try await store.namespaces(at: now), muted: count(.muted)),
      outages: try await OutageBanner.all(site.service),
      ending: SilenceListModel.Ending.all(try await site.service.silences(), now: now),
      views: [("Open", "open", ""), ("Muted", "muted", "muted"), ("History", "history", "history")].map {
        .init(
          text: $0.0, href: Link.query("/alarms", [("view", $0.2), ("by", by?.rawValue ?? "")]), isCurrent: $0.1 == view
        )
      }, groupings: AlarmGrouping.choices(view: view == "open" ? "" : view, chosen: by),
      groups: try await groups(shown, by: by, request), hasCards: !shown.isEmpty,
      changes: changes.filter { !$0.isOfRowsAlone }.map { Model.Change($0, now: now) }, hasChanges: !changes.isEmpty,
      isHistory: view == "history",
      isQuiet: shown.isEmpty && view != "history",
      quietTitle: view == "muted" ? "Nothing is muted" : "Nothing is red",
      quietText: view == "muted"
        ? "A muted checker keeps running and sends nothing."
        : "\(Words.count(count(.green), "checker")) \(count(.green) == 1 ? "is" : "are") green.")
  }
}

extension AlarmPages {
  /// `7 alarms are open at 4 checkers, 1 checker is muted.`
  private static func sub(_ summaries: [NamespaceSummary], muted: Int) -> String {
    let (alarms, checkers) = (summaries.openAlarms, summaries.openCheckers)
    let place = alarms == checkers ? "" : " at \(Words.count(checkers, "checker"))"
    let open = "\(Words.count(alarms, "alarm")) \(alarms == 1 ? "is" : "are") open\(place)"
    return "\(open), \(Words.count(muted, "checker")) \(muted == 1 ? "is" : "are") muted."
  }

  private func groups(
    _ checkers: [StoredChecker], by grouping: AlarmGrouping?, _ request: Request
  ) async throws -> [Model.Group] {
    let withheld = try await site.service.withholding(checkers)
    let now = site.service.now()
    let shown = try await OpenAlarm.all(of: checkers, site.service.store, at: now)
    func cards(_ alarms: [OpenAlarm]) -> [Model.Card] {
      alarms.map {
        Model.Card($0, back: request.uri.description, withheld: withheld[$0.stored.checker.id], now: now)
      }
    }
    guard let grouping else { return [Model.Group(title: nil, count: "", cards: cards(shown))] }
    let sources = grouping == .dataSource ? try await site.service.dataSources(of: checkers) : [:]
    return grouping.groups(shown, sources: sources).map { title, members in
      Model.Group(title: title, count: Words.count(members.count, "alarm"), cards: cards(members))
    }
  }
}

/// What alarms are put together by.
enum AlarmGrouping: String, CaseIterable {
  case namespace
  case dataSource = "data_source"
  case owner, severity, checker

  var title: String {
    switch self {
    case .namespace: "Namespace"
    case .dataSource: "Data source"
    case .owner: "Owner"
    case .severity: "Severity"
    case .checker: "Checker"
    }
  }

  static func choices(view: String, chosen: AlarmGrouping?) -> [RunPages.ListModel.Choice] {
    let all: [AlarmGrouping?] = [nil] + allCases
    return all.map { grouping in
      .init(
        text: grouping?.title ?? "Worst first",
        href: Link.query("/alarms", [("view", view), ("by", grouping?.rawValue ?? "")]), isCurrent: grouping == chosen)
    }
  }

  /// In the order in which the first of each group stands, so that the worst group is the first.
  func groups(
    _ alarms: [OpenAlarm], sources: [QualifiedName: [String]]
  ) -> [(title: String, members: [OpenAlarm])] {
    var found: [(title: String, members: [OpenAlarm])] = []
    for alarm in alarms {
      let title = title(of: alarm.stored, sources: sources)
      if let index = found.firstIndex(where: { $0.title == title }) {
        found[index].members.append(alarm)
      } else {
        found.append((title, [alarm]))
      }
    }
    return found
  }

  private func title(of stored: StoredChecker, sources: [QualifiedName: [String]]) -> String {
    let checker = stored.checker
    switch self {
    case .namespace: return checker.id.namespace
    case .owner: return checker.owner.isEmpty ? "Nobody's" : checker.owner
    case .checker: return "\(checker.id)"
    case .severity: return SeverityMark(checker.severity).word
    case .dataSource:
      let names = sources[checker.id] ?? []
      return names.isEmpty ? "No data source" : names.joined(separator: ", ")
    }
  }
}

extension AlarmPages.Model.Card {
  init(_ open: OpenAlarm, back: String, withheld: String?, now: Date) {
    let stored = open.stored
    let checker = stored.checker
    row = open.row?.text
    attention = Attention(stored, row: open.row, back: back, now: now)
    let shape = StateIcon.Shape(stored.alarm.state)
    isMuted = stored.displayState(at: now) == .muted
    css = isMuted ? "" : shape.rawValue
    textCSS = shape == .red ? "t-red" : shape == .err ? "t-err" : ""
    icon = StateIcon(isMuted ? .mute : shape)
    name = checker.id.name
    namespace = checker.id.namespace
    href = Link.checker(checker.id)
    let result = stored.alarm.state == .recovering ? checker.recoveringSentence : open.found ?? stored.finding
    let found = stored.alarm.state == .error ? "Could not run: \(result)" : result
    self.withheld = isMuted ? nil : withheld
    if isMuted, let mute = stored.mute {
      let end = mute.endsAt.map { "until \(Words.moment($0)) UTC" } ?? "until somebody unmutes it"
      summary =
        "Muted \(end)" + (mute.reason.isEmpty ? "" : ": \(mute.reason)") + ". \(stored.alarm.state.word): \(found)"
    } else {
      summary = found
    }
    lasting = Words.span(now.timeIntervalSince(stored.alarm.since))
    since = "since \(Words.moment(stored.alarm.since)) UTC"
    severity = SeverityMark(AlarmSubject(checker: checker, alarm: stored.alarm).severity)
    isWarning = stored.alarm.isWarning
    owner = checker.owner.isEmpty ? nil : checker.owner
    hasRunbook = !checker.runbook.isEmpty
    pingHref = checker.body.isPushed ? HeartbeatCheckerPages.href(checker.id) : nil
  }
}

extension Alarm.State {
  var word: String {
    switch self {
    case .unknown: "Never run"
    case .green: "Green"
    case .pending: "Pending"
    case .red: "Red"
    case .recovering: "Recovering"
    case .error: "Erroring"
    case .stale: "Stale"
    }
  }
}

extension AlarmPages.Model.Change {
  init(_ recorded: RecordedTransition, now: Date) {
    let transition = recorded.transition
    icon = StateIcon(StateIcon.Shape(transition.to))
    name = recorded.checker.name
    namespace = recorded.checker.namespace
    href = transition.runID.isEmpty ? Link.checker(recorded.checker) : Link.run(transition.runID)
    row = recorded.row?.text
    switch transition.to {
    case .green where transition.from == .unknown: text = "Green from its first run"
    case .green: text = "Turned green after \(transition.timeBefore)"
    default: text = "\(transition.words): \(recorded.summary)"
    }
    when = .ago(transition.at, now: now)
  }
}
