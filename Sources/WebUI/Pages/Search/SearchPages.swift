import Checking
import Domain
import Foundation
import Hummingbird

/// `/search?q=`: the hits of the palette; a page of its own without scripts.
struct SearchPages: RouteGroup {
  let site: Site

  static let mostHits = 8

  func add(to router: Router<WebContext>) {
    router.get("/search") { request, context in
      var model = try await model(request.query("q").trimmingCharacters(in: .whitespaces))
      model.isPalette = context.visit.isHTMX
      if context.visit.isHTMX { return try site.fragment("search-hits", model, context) }
      let page = Page("Search", section: .none, template: "search", model: model)
      return try await site.respond(page, request, context)
    }
  }

  struct Model: Sendable {
    var text: String
    var groups: [Group]
    var isNothing: Bool
    /// The hits are the options of a field, not links on a page.
    var isPalette = false

    struct Group: Sendable {
      var heading: String
      var hits: [Hit]
    }

    struct Hit: Sendable {
      var stateIcon: StateIcon?
      var lineIcon: String?
      var title: String
      var note: String
      var href: String
      var isFirst = false
      var number = 0
    }
  }

  private func model(_ text: String) async throws -> Model {
    let now = site.service.now()
    let filter = OverviewFilter(
      text: text, attentionLimit: Self.mostHits, perNamespaceLimit: text.isEmpty ? 0 : Self.mostHits, at: now)
    let overview = try await site.service.store.overview(filter)
    func hit(_ stored: StoredChecker) -> Model.Hit {
      Model.Hit(
        stateIcon: StateIcon(stored.displayState(at: now)), title: stored.checker.id.name,
        note: stored.checker.id.namespace, href: Link.checker(stored.checker.id))
    }
    var groups = [
      Model.Group(heading: "Needs attention", hits: overview.attention.map(hit)),
      Model.Group(
        heading: "Checkers", hits: overview.groups.flatMap(\.checkers).prefix(Self.mostHits).map(hit)),
    ]
    if !text.isEmpty { groups += try await others(text) }
    groups.append(
      Model.Group(
        heading: "Commands",
        hits: Self.commands.filter { text.isEmpty || $0.title.localizedCaseInsensitiveContains(text) }))
    groups.removeAll { $0.hits.isEmpty }
    if !groups.isEmpty { groups[0].hits[0].isFirst = true }
    var number = 0
    for group in groups.indices {
      for hit in groups[group].hits.indices {
        number += 1
        groups[group].hits[hit].number = number
      }
    }
    return Model(text: text, groups: groups, isNothing: groups.isEmpty)
  }

  private func others(_ text: String) async throws -> [Model.Group] {
    let store = site.service.store
    let datasets = try await store.datasets().map(\.id).filter { "\($0)".localizedCaseInsensitiveContains(text) }
    let sources = try await store.dataSources().map(\.name).filter { $0.localizedCaseInsensitiveContains(text) }
    let actions = try await store.actions().map(\.name).filter { $0.localizedCaseInsensitiveContains(text) }
    var groups = [
      Model.Group(
        heading: "Datasets",
        hits: datasets.prefix(Self.mostHits).map {
          .init(lineIcon: "data", title: $0.name, note: $0.namespace, href: Link.dataset($0))
        }),
      Model.Group(
        heading: "Data sources and actions",
        hits: sources.prefix(Self.mostHits).map {
          .init(lineIcon: "db", title: $0, note: "data source", href: Link.dataSource($0))
        }
          + actions.prefix(Self.mostHits).map {
            .init(lineIcon: "bolt", title: $0, note: "action", href: Link.action($0))
          }),
    ]
    if let run = try await store.run(text) {
      groups.append(
        Model.Group(
          heading: "Runs",
          hits: [
            .init(
              stateIcon: StateIcon(run.outcome), title: run.checker.name, note: Words.moment(run.startedAt),
              href: Link.run(run.id))
          ]))
    }
    return groups
  }

  private static let commands: [Model.Hit] = [
    .init(lineIcon: "plus", title: "New checker", note: "n", href: "/checkers/new"),
    .init(lineIcon: "data", title: "New dataset", note: "", href: "/datasets/new"),
    .init(lineIcon: "db", title: "New data source", note: "", href: "/data-sources/new"),
    .init(lineIcon: "bolt", title: "New action", note: "", href: "/actions/new"),
    .init(lineIcon: "bell", title: "Open alarms", note: "", href: "/alarms"),
    .init(lineIcon: "gear", title: "Settings", note: "", href: "/settings"),
    .init(lineIcon: "key", title: "Create an API token", note: "", href: "/settings#tokens"),
  ]
}
