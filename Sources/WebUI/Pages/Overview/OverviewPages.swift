import Checking
import Domain
import Foundation
import HTTPTypes
import Hummingbird

/// `/` and its rows as a fragment.
struct OverviewPages: RouteGroup {
  let site: Site

  func add(to router: Router<WebContext>) {
    router.get("/") { request, context in
      let model = try await model(request)
      if model.isEmpty { return try await Routes.firstRun(site, request, context) }
      let page = Page("Overview", section: .overview, template: "overview", model: model, isLive: true)
      return try await site.respond(page, request, context)
    }
    router.get("/overview/rows") { request, context in
      if context.visit.isHTMX { return try await fragment(request, context) }
      let query = request.uri.query.map { "?\($0)" } ?? ""
      return Response.redirect("/\(query)")
    }
  }

  /// The rows, with the address of the page that shows the same.
  private func fragment(_ request: Request, _ context: WebContext) async throws -> Response {
    let model = try await model(request)
    var response = try site.fragment("overview-rows", model, context)
    response.headers[.hxPushURL] = model.address
    return response
  }

  private func model(_ request: Request) async throws -> OverviewModel {
    let query = OverviewQuery(request)
    let now = site.service.now()
    let overview = try await site.service.store.overview(query.filter(at: now))
    let shown = overview.attention + overview.groups.flatMap(\.checkers)
    let timelines = try await site.service.store.timelines(
      of: shown.map(\.checker.id), range: query.range, until: now)
    let namespaces = try await site.service.store.namespaces(at: now).map(\.name)
    return OverviewModel(
      overview, namespaces: namespaces, query: query, timelines: timelines,
      outages: try await OutageBanner.all(site.service), now: now)
  }
}

extension HTTPField.Name {
  static let hxPushURL: HTTPField.Name = HTTPField.Name("HX-Push-Url") ?? .via
}

/// The filter in the address.
struct OverviewQuery: Sendable {
  var state: DisplayState?
  var namespace: String
  var tag: String
  var owner: String
  var text: String
  var range: TimelineRange

  init(_ request: Request) {
    state = Self.states.first { $0.value == request.query("state") }?.key
    namespace = request.query("ns")
    tag = request.query("tag")
    owner = request.query("owner")
    text = request.query("q").trimmingCharacters(in: .whitespaces)
    range = TimelineRange(rawValue: request.query("range")) ?? .day
  }

  /// As they stand in an address.
  static let states: KeyValuePairs<DisplayState, String> = [
    .red: "red", .erroring: "erroring", .stale: "stale", .recovering: "recovering", .pending: "pending",
    .green: "green", .muted: "muted", .unknown: "never",
  ]

  var isFiltered: Bool {
    state != nil || !namespace.isEmpty || !tag.isEmpty || !owner.isEmpty || !text.isEmpty
  }

  func filter(at time: Date) -> OverviewFilter {
    OverviewFilter(
      state: state, namespace: namespace.isEmpty ? nil : namespace, tag: tag.isEmpty ? nil : tag,
      owner: owner.isEmpty ? nil : owner, text: text, perNamespaceLimit: namespace.isEmpty ? 6 : 60, at: time)
  }

  /// The page with this filter, but in state `state` or over `range`.
  func address(
    _ path: String = "/", state: DisplayState?? = .none, range: TimelineRange? = nil, page: Int? = nil
  ) -> String {
    let state = state ?? self.state
    let range = range ?? self.range
    return Link.query(
      path,
      [
        ("state", Self.states.first { $0.key == state }?.value ?? ""), ("ns", namespace), ("tag", tag),
        ("owner", owner), ("q", text), ("range", range == .day ? "" : range.rawValue),
        ("page", page.map { $0 > 1 ? "\($0)" : "" } ?? ""),
      ])
  }
}
