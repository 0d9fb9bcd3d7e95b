import Checking
import Domain
import Foundation
import Hummingbird

/// `/checkers`: every checker in one list, worst first, by pages.
struct CheckerListPages: RouteGroup {
  let site: Site

  static let pageSize = 50
  private static let lastPage = 1_000_000

  func add(to router: Router<WebContext>) {
    router.get("/checkers") { request, context in
      let page = Page(
        "Checkers", section: .checkers, template: "checkers", model: try await model(request), isLive: true)
      return try await site.respond(page, request, context)
    }
    router.get("/checkers/rows") { request, context in
      guard context.visit.isHTMX else { return Response.redirect("/checkers") }
      let model = try await model(request)
      var response = try site.fragment("checkers-rows", model, context)
      response.headers[.hxPushURL] = model.address
      return response
    }
  }

  struct Model: Sendable {
    var address: String
    var new: String
    var newHeartbeat: String
    var toolbar: FilterToolbar
    var rows: [CheckerRow]
    var hasRows: Bool
    var isNothingThere: Bool
    var isNothingFound: Bool
    var note: String
    var previous: String?
    var following: String?
  }

  private func model(_ request: Request) async throws -> Model {
    let query = OverviewQuery(request)
    let store = site.service.store
    let now = site.service.now()
    let filter = query.filter(at: now)
    let facets = try await store.facets(at: now)
    let namespaces = try await store.namespaces(at: now).map(\.name)
    let asked = min(Self.lastPage, max(1, Int(request.query("page")) ?? 1))
    var (shown, total) = try await store.checkersWorstFirst(
      filter, offset: (asked - 1) * Self.pageSize, limit: Self.pageSize)
    let pages = max(1, (total + Self.pageSize - 1) / Self.pageSize)
    let number = min(pages, asked)
    let first = (number - 1) * Self.pageSize
    // Fewer pages than the address says: the last one.
    if number < asked {
      (shown, total) = try await store.checkersWorstFirst(filter, offset: first, limit: Self.pageSize)
    }
    let isNothingThere = namespaces.isEmpty
    let path = "/checkers"
    return Model(
      address: query.address(path, page: number),
      new: Link.query("/checkers/new", [("ns", query.namespace)]),
      newHeartbeat: Link.query("/heartbeats/new", [("ns", query.namespace)]),
      toolbar: FilterToolbar(
        facets, namespaces: namespaces, query: query, path: path),
      rows: try await site.rows(shown, range: query.range, showsNamespace: true),
      hasRows: !shown.isEmpty, isNothingThere: isNothingThere, isNothingFound: shown.isEmpty && !isNothingThere,
      note: "\(Words.number(first + shown.count)) of \(Words.number(total))",
      previous: number > 1 ? query.address(path, page: number - 1) : nil,
      following: number < pages ? query.address(path, page: number + 1) : nil)
  }
}
