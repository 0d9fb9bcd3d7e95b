import Checking
import Domain
import Foundation
import Hummingbird

/// `/checkers`: every checker in one list, worst first, by pages.
struct CheckerListPages: RouteGroup {
  let site: Site

  static let pageSize = 50

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
    // The counts, tags and owners; the rows come from the whole list, which the overview's limits would cut.
    var filter = query.filter(at: now)
    filter.attentionLimit = 0
    filter.perNamespaceLimit = 0
    let overview = try await store.overview(filter)
    let all = try await store.checkers()
    let found = all.filter { query.lets($0, through: now) }
    let worstFirst = found.enumerated().sorted {
      ($0.element.displayState(at: now).rank, $0.offset) < ($1.element.displayState(at: now).rank, $1.offset)
    }.map(\.element)
    let pages = max(1, (found.count + Self.pageSize - 1) / Self.pageSize)
    let number = min(pages, max(1, Int(request.query("page")) ?? 1))
    let first = (number - 1) * Self.pageSize
    let shown = Array(worstFirst.dropFirst(first).prefix(Self.pageSize))
    let path = "/checkers"
    return Model(
      address: query.address(path, page: number),
      toolbar: FilterToolbar(
        overview, namespaces: Array(Set(all.map(\.checker.id.namespace))).sorted(), query: query, path: path),
      rows: try await site.rows(shown, range: query.range, showsNamespace: true),
      hasRows: !shown.isEmpty, isNothingThere: all.isEmpty, isNothingFound: shown.isEmpty && !all.isEmpty,
      note: "\(Words.number(first + shown.count)) of \(Words.number(found.count))",
      previous: number > 1 ? query.address(path, page: number - 1) : nil,
      following: number < pages ? query.address(path, page: number + 1) : nil)
  }
}

extension OverviewQuery {
  func lets(_ stored: StoredChecker, through now: Date) -> Bool {
    let checker = stored.checker
    if let state, stored.displayState(at: now) != state { return false }
    if !namespace.isEmpty, checker.id.namespace != namespace { return false }
    if !tag.isEmpty, !checker.tags.contains(tag) { return false }
    if !owner.isEmpty, checker.owner != owner { return false }
    if text.isEmpty { return true }
    let words = [checker.id.description, checker.description, stored.lastRun?.summary ?? ""]
    return words.contains { $0.localizedCaseInsensitiveContains(text) }
  }
}
