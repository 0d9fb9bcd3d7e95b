import CheckFiles
import Checking
import Domain
import Foundation
import HTTPTypes
import Hummingbird

/// `/import`, and the exports that it takes back.
struct FilePages: RouteGroup {
  let site: Site

  private static let type = "application/yaml; charset=utf-8"

  struct Model: Sendable {
    var text: String
    var problems: [Problem] = []
    var banner: FormBanner?
    var report: Report?
    var hasProblems = false

    init(text: String, problems: [Problem] = [], banner: FormBanner? = nil, report: Report? = nil) {
      self.text = text
      self.problems = problems
      self.banner = banner
      self.report = report
      hasProblems = !problems.isEmpty
    }
  }

  struct Problem: Sendable {
    var place: String
    var message: String
  }

  struct Report: Sendable {
    var title: String
    var added: String
    var changed: String
    var unchanged: String
    var lines: [String]
  }

  func add(to router: Router<WebContext>) {
    router.get("/import") { request, context in
      try await respond(Model(text: ""), request, context)
    }
    router.post("/import") { request, context in try await take(request, context) }
    router.get("/export.yaml") { _, _ in
      let text = try await site.service.export(.everything).text
      return Response.download(text, type: Self.type, name: "checks.yaml")
    }
    router.get("/namespaces/:ns/export.yaml") { _, context in
      let name = try context.name("ns")
      let text = try await site.service.export(.namespace(name)).text
      return Response.download(text, type: Self.type, name: "\(name).yaml")
    }
  }

  /// The text of the form; a chosen file is put there by the page's script.
  private func take(_ request: Request, _ context: WebContext) async throws -> Response {
    let text = context.form["text"]
    let declared: Declarations
    do {
      declared = Declarations(try CheckFileReader.readAll(text, file: "import"))
    } catch {
      let problems = error.problems.map { problem in
        Problem(
          place: "Line \(problem.line), column \(problem.column)",
          message: (problem.key.isEmpty ? "" : "\(problem.key): ") + problem.message)
      }
      let banner = FormBanner("Nothing was imported. \(Words.count(problems.count, "thing")) to mend in the file.")
      return try await respond(
        Model(text: text, problems: problems, banner: banner), status: .unprocessableContent, request, context)
    }
    do {
      let report = try await site.service.apply(declared, author: context.author)
      site.reportImport(report, by: context.author)
      return try await respond(Model(text: "", report: Self.report(report)), request, context)
    } catch ServiceError.invalid(let found) {
      let problems = found.map { Problem(place: $0.field, message: FormProblems.sentence($0.message)) }
      let banner = FormBanner("Nothing was imported. \(Words.count(problems.count, "thing")) to mend in the file.")
      return try await respond(
        Model(text: text, problems: problems, banner: banner), status: .unprocessableContent, request, context)
    }
  }

  private static func report(_ report: ImportReport) -> Report {
    let lines = report.added.map { "Added \($0)" } + report.changes.prefix(200).map { "Changed \($0.line)" }
    let title = lines.isEmpty ? "Everything was the same already" : "Imported"
    return Report(
      title: title, added: Words.number(report.added.count), changed: Words.number(report.changes.count),
      unchanged: Words.number(report.unchanged.count), lines: Array(lines.prefix(200)))
  }

  private func respond(
    _ model: Model, status: HTTPResponse.Status = .ok, _ request: Request, _ context: WebContext
  ) async throws -> Response {
    let page = Page(
      "Import", section: .checkers, crumbs: [.init("Checkers", "/checkers")], template: "import", model: model,
      status: status, hasEditor: true)
    return try await site.respond(page, request, context)
  }
}

extension Site {
  func reportImport(_ report: ImportReport, by author: String) {
    events.report("import by \(author): \(report.added.count) added, \(report.changes.count) changed")
  }
}
