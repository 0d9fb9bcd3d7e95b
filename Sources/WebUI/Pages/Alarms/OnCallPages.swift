import Checking
import Domain
import Foundation
import Hummingbird

/// `/on-call`: what is open, for a phone: what it is, since when, and what to do with one tap.
struct OnCallPages: RouteGroup {
  let site: Site

  static let path = "/on-call"

  func add(to router: Router<WebContext>) {
    router.get(RouterPath(Self.path)) { request, context in
      let page = Page(
        "On call", section: .alarms, crumbs: [.init("Alarms", "/alarms")], template: "on-call",
        model: try await model(),
        isLive: true)
      return try await site.respond(page, request, context)
    }
  }

  struct Model: Sendable {
    var sub: String
    var isQuiet: Bool
    var outages: [OutageBanner]
    var waiting: [Row]
    var lookedAfter: [Row]
    var hasLookedAfter: Bool
  }

  struct Row: Sendable {
    var css: String
    var icon: StateIcon
    var word: String
    var name: String
    /// Of an alarm of one row.
    var row: String?
    var namespace: String
    var href: String
    var summary: String
    var since: TimeText
    var severity: SeverityMark
    var attention: Attention
    var withheld: String?
    var hasRunbook: Bool
  }

  private func model() async throws -> Model {
    let now = site.service.now()
    let overview = try await site.service.store.overview(
      OverviewFilter(attentionLimit: AlarmPages.mostAlarms, perNamespaceLimit: 0, at: now))
    let muted = try await mutedAlarms(at: now)
    let withheld = try await site.service.withholding(overview.attention + muted)
    let alarms = try await OpenAlarm.all(of: overview.attention + muted, site.service.store, at: now)
    let rows = alarms.map { Row($0, withheld: withheld[$0.stored.checker.id], now: now) }
    let waiting = rows.filter { $0.attention.acknowledged == nil && $0.withheld == nil }
    let lookedAfter = rows.filter { $0.attention.acknowledged != nil || $0.withheld != nil }
    let outages = try await OutageBanner.all(site.service)
    let mutedCount = lookedAfter.count { $0.attention.isMuted }
    let tally = Tally(
      waiting: waiting.count, lookedAfter: lookedAfter.count - mutedCount, muted: mutedCount,
      outages: outages.map(\.subject))
    return Model(
      sub: tally.sentence, isQuiet: waiting.isEmpty && outages.isEmpty, outages: outages, waiting: waiting,
      lookedAfter: lookedAfter, hasLookedAfter: !lookedAfter.isEmpty)
  }

  /// How much of what the page shows.
  struct Tally: Sendable {
    /// Alarms that nobody looks after. With `lookedAfter`, as many as the navigation says are open.
    var waiting: Int
    /// Alarms that somebody acknowledged, or of which nobody is told.
    var lookedAfter: Int
    var muted: Int
    /// What is no alarm, and does not work.
    var outages: [Outage.Subject]

    /// `1 alarm that nobody looks after, 2 looked after or silent, 1 muted. 1 action cannot deliver.`
    var sentence: String {
      var alarms =
        waiting > 0
        ? ["\(Words.count(waiting, "alarm")) that nobody looks after"]
        : [outages.isEmpty ? "Nothing waits for you" : "No alarm waits for you"]
      if lookedAfter > 0 {
        alarms.append("\(Words.number(lookedAfter)) looked after or silent")
      }
      if muted > 0 { alarms.append("\(Words.number(muted)) muted") }
      let sources = outages.count { if case .dataSource = $0 { true } else { false } }
      let actions = outages.count - sources
      let others = [
        sources > 0 ? "\(Words.count(sources, "data source")) cannot be reached" : nil,
        actions > 0 ? "\(Words.count(actions, "action")) cannot deliver" : nil,
      ].compactMap { $0 }
      return [alarms, others].filter { !$0.isEmpty }.map { $0.joined(separator: ", ") + "." }.joined(separator: " ")
    }
  }
}

extension OnCallPages {
  /// Those whose checkers somebody muted, and that are open.
  private func mutedAlarms(at now: Date) async throws -> [StoredChecker] {
    var filter = OverviewFilter(attentionLimit: 0, perNamespaceLimit: AlarmPages.mostAlarms, at: now)
    filter.state = .muted
    return try await site.service.store.overview(filter).groups.flatMap(\.checkers).filter(\.isOpen)
  }
}

extension OnCallPages.Row {
  init(_ open: OpenAlarm, withheld: String?, now: Date) {
    let stored = open.stored
    row = open.row?.text
    let checker = stored.checker
    let shape = StateIcon.Shape(stored.alarm.state)
    css = shape == .red ? "red" : shape == .err ? "err" : ""
    icon = StateIcon(shape, isHidden: true, isLarge: true)
    word = stored.alarm.isWarning ? "\(stored.alarm.state.word), a warning" : stored.alarm.state.word
    name = checker.id.name
    namespace = checker.id.namespace
    href = Link.checker(checker.id)
    summary = stored.alarm.state == .recovering ? checker.recoveringSentence : open.found ?? stored.finding
    since = TimeText(Words.lasting(since: stored.alarm.since, now: now), stored.alarm.since)
    severity = SeverityMark(AlarmSubject(checker: checker, alarm: stored.alarm).severity)
    attention = Attention(stored, row: open.row, back: OnCallPages.path, now: now)
    self.withheld = withheld
    hasRunbook = !checker.runbook.isEmpty
  }
}
