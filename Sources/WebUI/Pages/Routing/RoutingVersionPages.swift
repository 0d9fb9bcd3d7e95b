import CheckFiles
import Checking
import Domain
import Foundation
import Hummingbird

/// `/routing/versions`: what the routing tree was, and back to an older one.
struct RoutingVersionPages: RouteGroup {
  let site: Site

  private static let address = "/routing/versions"

  func add(to router: Router<WebContext>) {
    router.get("/routing/versions") { request, context in try await show(request, context) }
    router.post("/routing/versions/:version/restore") { _, context in
      guard let version = Int(try context.name("version")) else { throw WebProblem.notFound("A version is a number.") }
      _ = try await site.service.restoreRouting(version: version, author: context.author)
      return Response.redirect(Self.address, notice: "The routing is as in version \(version).")
    }
  }

  private func show(_ request: Request, _ context: WebContext) async throws -> Response {
    let versions = try await site.service.routingVersions()
    guard let newest = versions.first else {
      throw WebProblem.notFound("The routing has no versions: nobody has saved one yet.")
    }
    let wanted = request.query("version")
    guard let shown = wanted.isEmpty ? newest : versions.first(where: { "\($0.version)" == wanted }) else {
      throw WebProblem.notFound("The routing has no version \(wanted).")
    }
    let page = Page(
      "Versions of the routing", section: .actions,
      crumbs: [.init("Actions", "/actions"), .init("Routing", "/routing")], template: "versions",
      model: model(versions, newest: newest, shown: shown))
    return try await site.respond(page, request, context)
  }

  private func model(
    _ versions: [RoutingVersion], newest: RoutingVersion, shown: RoutingVersion
  ) -> VersionPages.Model {
    let now = site.service.now()
    let before = versions.first { $0.version < shown.version }
    let difference = LineDifference(
      from: before.map { RoutingText.write($0.tree) } ?? "", to: RoutingText.write(shown.tree))
    return VersionPages.Model(
      name: "The routing", export: nil,
      heading: before.map { "Version \(shown.version) against \($0.version)" } ?? "Version \(shown.version)",
      note: before == nil ? "The first one" : Words.count(difference.changes, "line") + " changed",
      lines: before == nil
        ? difference.lines.map { LineDifference.Line(css: "", text: $0.text) } : difference.lines,
      restore: shown.version == newest.version
        ? nil : .init(number: shown.version, action: "\(Self.address)/\(shown.version)/restore"),
      versions: versions.map { version in
        VersionPages.Model.Entry(
          number: version.version, href: "\(Self.address)?version=\(version.version)",
          author: version.author.isEmpty ? "not known" : version.author,
          note: version.tree.routes.isEmpty ? "no routes" : Words.count(version.tree.count, "route"),
          when: version.savedAt.map { .ago($0, now: now) }, isCurrent: version.version == shown.version)
      })
  }
}

extension RoutingTree {
  /// All routes in it, at whatever depth.
  fileprivate var count: Int {
    func count(_ routes: [Route]) -> Int { routes.reduce(0) { $0 + 1 + count($1.routes) } }
    return count(routes)
  }
}
