import CheckFiles
import Checking
import Domain
import Foundation
import Hummingbird

/// `/checkers/{namespace}/{name}/versions`: what changed, and back to an older one.
struct VersionPages: RouteGroup {
  let site: Site

  func add(to router: Router<WebContext>) {
    router.get("/checkers/:ns/:name/versions") { request, context in try await show(request, context) }
    router.post("/checkers/:ns/:name/versions/:version/restore") { _, context in
      let id = try context.checkerID()
      guard let version = Int(try context.name("version")) else { throw WebProblem.notFound("A version is a number.") }
      let stored = try await site.service.restore(id, version: version, author: context.author)
      return Response.redirect(
        Link.checker(id) + "/versions", notice: "Version \(stored.version) is the same as version \(version).")
    }
  }

  struct Model: Sendable {
    var name: String
    /// Where the newest is to be had as a file; `nil` for nowhere.
    var export: String?
    var heading: String
    var note: String
    var lines: [LineDifference.Line]
    var restore: Restore?
    var versions: [Entry]

    struct Restore: Sendable {
      var number: Int
      var action: String
    }

    struct Entry: Sendable {
      var number: Int
      var href: String
      var author: String
      var note: String
      var when: TimeText?
      var isCurrent: Bool
    }
  }

  private func show(_ request: Request, _ context: WebContext) async throws -> Response {
    let id = try context.checkerID()
    let versions = try await site.service.store.versions(of: id).sorted { $0.version > $1.version }
    guard let newest = versions.first else { throw WebProblem.notFound("There is no checker \(id).") }
    let wanted = request.query("version")
    guard let shown = wanted.isEmpty ? newest : versions.first(where: { "\($0.version)" == wanted }) else {
      throw WebProblem.notFound("Checker \(id) has no version \(wanted).")
    }
    let page = Page(
      "Versions of \(id.name)", section: .checkers,
      crumbs: CheckerPages.crumbs(id) + [Page.Crumb(id.name, Link.checker(id))], template: "versions",
      model: model(id, versions, newest: newest, shown: shown))
    return try await site.respond(page, request, context)
  }

  private func model(
    _ id: QualifiedName, _ versions: [CheckerVersion], newest: CheckerVersion, shown: CheckerVersion
  ) -> Model {
    let now = site.service.now()
    let href = Link.checker(id)
    let before = versions.first { $0.version < shown.version }
    let difference = LineDifference(from: before.map(Self.text) ?? "", to: Self.text(shown))
    return Model(
      name: id.name, export: "\(href).yaml",
      heading: before.map { "Version \(shown.version) against \($0.version)" } ?? "Version \(shown.version)",
      note: before == nil ? "The first one" : Words.count(difference.changes, "line") + " changed",
      lines: before == nil
        ? difference.lines.map { LineDifference.Line(css: "", text: $0.text) } : difference.lines,
      restore: shown.version == newest.version
        ? nil : Model.Restore(number: shown.version, action: "\(href)/versions/\(shown.version)/restore"),
      versions: versions.map { version in
        Model.Entry(
          number: version.version, href: "\(href)/versions?version=\(version.version)", author: version.author,
          note: version.checker.body.words, when: .ago(version.savedAt, now: now),
          isCurrent: version.version == shown.version)
      })
  }

  private static func text(_ version: CheckerVersion) -> String {
    CheckFileWriter.write(CheckFile(namespace: version.checker.id.namespace, checkers: [version.checker]))
  }
}
