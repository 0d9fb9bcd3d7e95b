import Foundation
import HTTPTypes
import Hummingbird
import Synchronization

/// Turns errors into a page, a fragment, or problem JSON under `/api`.
struct ErrorPages: RouterMiddleware {
  typealias Context = WebContext
  let site: Site
  /// Nobody is known yet: show nothing of what the service holds.
  let isBare: Bool
  let methods: KnownMethods

  func handle(
    _ request: Request, context: WebContext, next: (Request, WebContext) async throws -> Response
  ) async throws -> Response {
    do {
      return try await next(request, context)
    } catch let error as CancellationError {
      throw error
    } catch {
      var problem = WebProblem(any: error)
      if problem.status == .notFound, case let allowed = methods.allowed(for: request.uri.path), !allowed.isEmpty,
        !allowed.contains(request.method == .head ? "GET" : request.method.rawValue)
      {
        problem = WebProblem(
          .methodNotAllowed, "Method not allowed",
          "This address takes \(allowed.sorted().joined(separator: ", ")), not \(request.method.rawValue).")
        problem.headers[.allow] = allowed.sorted().joined(separator: ", ")
      }
      if problem.status == .internalServerError {
        site.events.report("\(request.method) \(request.uri.path): \(error)")
      }
      if context.visit.isAPI { return problem.json(instance: request.uri.path) }
      return try await page(for: problem, request, context)
    }
  }

  private func page(for problem: WebProblem, _ request: Request, _ context: WebContext) async throws -> Response {
    let model = ErrorModel(
      heading: problem.status == .notFound ? "This page does not exist" : problem.title,
      detail: problem.detail.isEmpty && problem.status == .notFound
        ? "What was here may have been renamed or deleted." : problem.detail)
    var page = Page(problem.title, section: .none, template: "error", model: model, status: problem.status)
    page.isBare = isBare
    var response: Response
    do {
      response = try await site.respond(page, request, context)
    } catch {
      // The sidebar cannot be read: the page goes without it.
      page.isBare = true
      response = try await site.respond(page, request, context)
    }
    for (name, value) in problem.headers { response.headers[name] = value }
    return response
  }
}

struct ErrorModel: Sendable {
  var heading: String
  var detail: String
}

/// Which methods each path takes, for 405 and `Allow`.
final class KnownMethods: Sendable {
  private struct Known: Sendable {
    var parts: [Part]
    var method: String
  }

  private enum Part: Sendable {
    case literal(String)
    case any
    case rest
  }

  private let known = Mutex<[Known]>([])

  func learn(from router: Router<WebContext>) {
    let found = router.routes.map { route in
      Known(
        parts: route.path.description.split(separator: "/").map { part in
          if part == "**" { return .rest }
          return part.contains(where: { ":{*".contains($0) }) ? .any : .literal(String(part))
        }, method: route.method.rawValue)
    }
    known.withLock { $0 = found }
  }

  func allowed(for path: String) -> Set<String> {
    let parts = path.split(separator: "/")
    return known.withLock { known in
      Set(known.filter { Self.fits($0.parts, parts) }.map(\.method))
    }
  }

  private static func fits(_ pattern: [Part], _ parts: [Substring]) -> Bool {
    for (index, part) in pattern.enumerated() {
      if case .rest = part { return true }
      guard index < parts.count else { return false }
      if case .literal(let text) = part, text != parts[index] { return false }
    }
    return pattern.count == parts.count
  }
}
