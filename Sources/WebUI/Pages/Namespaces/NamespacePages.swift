import Checking
import Domain
import Foundation
import Hummingbird

/// `/namespaces` and `/namespaces/{namespace}`.
struct NamespacePages: RouteGroup {
  let site: Site

  static let mostCheckers = 500

  func add(to router: Router<WebContext>) {
    router.get("/namespaces") { request, context in
      let page = Page(
        "Namespaces", section: .more, template: "namespaces", model: try await Self.list(site), isLive: true)
      return try await site.respond(page, request, context)
    }
    router.get("/namespaces/:ns") { request, context in
      let name = try context.name("ns")
      if name.hasSuffix(".yaml") { return try await export(String(name.dropLast(".yaml".count))) }
      let page = Page(
        name, section: .none, crumbs: [Page.Crumb("Namespaces", "/namespaces")], template: "namespace",
        model: try await model(name), isLive: true)
      return try await site.respond(page, request, context)
    }
    router.post("/namespaces/:ns/mute") { _, context in try await muteAll(context) }
  }

  struct ListModel: Sendable {
    var namespaces: [Entry]
    var hasNamespaces: Bool

    struct Entry: Sendable {
      var name: String
      var href: String
      var icon: StateIcon
      var tally: [OverviewModel.Tally]
    }
  }

  static func list(_ site: Site) async throws -> ListModel {
    let summaries = try await site.service.store.namespaces(at: site.service.now())
    return ListModel(
      namespaces: summaries.map {
        .init(
          name: $0.name, href: Link.namespace($0.name), icon: StateIcon(DisplayState.worst($0.counts)),
          tally: OverviewModel.tally($0.counts))
      }, hasNamespaces: !summaries.isEmpty)
  }

  struct Model: Sendable {
    var name: String
    var href: String
    var newHref: String
    var icon: StateIcon
    var tally: [OverviewModel.Tally]
    var bars: [Bar]
    var note: String
    var rows: [CheckerRow]
    var more: String?

    struct Bar: Sendable {
      var css: String
      var title: String
    }
  }

  private func model(_ name: String) async throws -> Model {
    let now = site.service.now()
    let filter = OverviewFilter(
      namespace: name, attentionLimit: Self.mostCheckers, perNamespaceLimit: Self.mostCheckers, at: now)
    let overview = try await site.service.store.overview(filter)
    let checkers = overview.attention + overview.groups.flatMap(\.checkers)
    guard !checkers.isEmpty else {
      throw WebProblem.notFound(
        "There is no checker in a namespace '\(name)'. A namespace is there while something is in it.")
    }
    var counts: [DisplayState: Int] = [:]
    for checker in checkers { counts[checker.displayState(at: now), default: 0] += 1 }
    let month = try await site.service.store.timelines(of: checkers.map(\.checker.id), range: .month, until: now)
    let worst = (0..<TimelineRange.month.slots).map { slot in
      month.values.compactMap { $0.indices.contains(slot) ? $0[slot] : nil }.max()
    }
    let known = worst.compactMap { $0 }
    let green = known.isEmpty ? nil : Double(known.count { $0 == .passed }) / Double(known.count)
    let hidden = overview.attentionTotal + overview.groups.reduce(0) { $0 + $1.total } - checkers.count
    return Model(
      name: name, href: Link.namespace(name), newHref: Link.query("/checkers/new", [("ns", name)]),
      icon: StateIcon(DisplayState.worst(counts)), tally: OverviewModel.tally(counts),
      bars: worst.enumerated().map { index, outcome in bar(outcome, slot: index, now: now) },
      note: green.map { "\(Int(($0 * 100).rounded()))% of the time all green" } ?? "No runs yet",
      rows: try await site.rows(checkers, range: .day, showsNamespace: false),
      more: hidden > 0 ? Link.query("/checkers", [("ns", name)]) : nil)
  }

  private func bar(_ outcome: Outcome?, slot: Int, now: Date) -> Model.Bar {
    let range = TimelineRange.month
    let start = now.addingTimeInterval(-Double((range.slots - slot) * range.slotSeconds))
    let shape = StateIcon.Shape(outcome)
    return Model.Bar(
      css: shape == .ok ? "" : shape.rawValue,
      title: "\(Words.moment(start)) UTC: \(outcome?.word.lowercased() ?? "no runs")")
  }

  private func muteAll(_ context: WebContext) async throws -> Response {
    let name = try context.name("ns")
    guard let length = PauseLength.snoozes.first(where: { $0.key == context.form["for"] }),
      let end = length.end(site.service.now())
    else { throw WebProblem(.unprocessableContent, "Not muted", "Choose how long the mute lasts.") }
    let members = try await site.service.store.checkers(in: name).map(\.checker.id)
    for id in members {
      try await site.service.mute(id, reason: context.form.trimmed("reason"), until: end, author: context.author)
    }
    return Response.redirect(
      Link.namespace(name), notice: "Muted \(Words.count(members.count, "checker")) until \(Words.moment(end)) UTC.")
  }

  private func export(_ name: String) async throws -> Response {
    let text = try await site.service.export(.namespace(name)).text
    return Response.download(text, type: "application/yaml", name: "\(name).yaml")
  }
}
