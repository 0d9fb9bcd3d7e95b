import Checking
import Domain
import Foundation
import HTTPTypes
import Hummingbird

/// `/checkers/{namespace}/{name}/runbook/{number}`: runs a query of a runbook.
struct RunbookPages: RouteGroup {
  let site: Site

  func add(to router: Router<WebContext>) {
    router.post("/checkers/:ns/:name/runbook/:number") { _, context in
      let id = try context.checkerID()
      let cell = try await Self.cell(id, try context.name("number"), site.service)
      let result = try await result(cell, id, context)
      if context.visit.isHTMX { return try site.fragment("dataset-result", result, context) }
      return Response.redirect(Link.checker(id) + "#history", notice: "\(result.title). \(result.detail)")
    }
  }

  /// The query of that number, from 1.
  static func cell(_ id: QualifiedName, _ number: String, _ service: CheckerService) async throws -> RunbookCell {
    guard let stored = try await service.store.checker(id) else {
      throw WebProblem.notFound("There is no checker \(id). It may have been renamed or deleted.")
    }
    let cells = RunbookDocument(stored.checker.runbook).cells
    guard let number = Int(number), cells.indices.contains(number - 1) else {
      throw WebProblem.notFound("The runbook of \(id) has no such query. It may have been changed meanwhile.")
    }
    return cells[number - 1]
  }

  private func result(_ cell: RunbookCell, _ id: QualifiedName, _ context: WebContext) async throws -> DatasetResult {
    do {
      return DatasetResult(try await site.service.run(cell, of: id, author: context.author).preview)
    } catch {
      guard let reason = Self.reason(error) else { throw error }
      return DatasetResult(refused: reason)
    }
  }

  /// Why the query gave nothing; `nil` for what is not the query's fault.
  private static func reason(_ error: ServiceError) -> String? {
    switch error {
    case .invalid(let problems): problems.map { FormProblems.sentence($0.message) }.joined(separator: " ")
    case .query(let problem): FormProblems.sentence(problem.message)
    default: nil
    }
  }
}

/// The runbook on the page of a checker: text, and a button behind each query.
struct RunbookModel: Sendable {
  var parts: [Part]

  struct Part: Sendable {
    var html: String
    /// Where the button posts to.
    var run: String?
    var title: String
  }

  init(_ checker: Checker) {
    let document = RunbookDocument(checker.runbook)
    parts = document.parts.enumerated().map { index, html in
      let cell = document.cells.indices.contains(index) ? document.cells[index] : nil
      return Part(
        html: html, run: cell.map { _ in "\(Link.checker(checker.id))/runbook/\(index + 1)" },
        title: cell?.title ?? "")
    }
  }
}
