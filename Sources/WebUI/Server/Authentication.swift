import Foundation
import HTTPTypes
import Hummingbird

/// Finds out who asks, and sends those whom it does not know to the sign-in page.
struct Authentication: RouterMiddleware {
  typealias Context = WebContext
  let access: AccessControl

  static let cookie = "session"
  private static let health = API.root + ServiceAPI.path

  /// Open to everybody.
  private static func isOpen(_ path: String) -> Bool {
    if path == health { return true }
    return path == "/login" || path == SignedLinks.path || path.hasPrefix("/static/") || PingRoutes.isPing(path)
  }

  func handle(
    _ request: Request, context: WebContext, next: (Request, WebContext) async throws -> Response
  ) async throws -> Response {
    var context = context
    // A probe hears that the store does not work from the endpoint itself.
    let isProbe = request.uri.path == Self.health
    if let user = isProbe ? try? await user(of: request) : try await user(of: request) {
      context.visit.user = user
      context.visit.hasSession = request.cookies[Self.cookie] != nil
      return try await next(request, context)
    }
    if Self.isOpen(request.uri.path) { return try await next(request, context) }
    if context.visit.isAPI {
      var problem = WebProblem(
        .unauthorized, "Sign-in needed", "Send an API token as 'Authorization: Bearer TOKEN', or sign in at /login.")
      problem.headers[.wwwAuthenticate] = "Bearer"
      throw problem
    }
    let isPage = request.method == .get && !context.visit.isHTMX
    return .redirect(Link.query("/login", [("next", isPage ? request.uri.description : "")]))
  }

  private func user(of request: Request) async throws -> Visit.User? {
    if let header = request.headers[.authorization] {
      let parts = header.split(separator: " ", maxSplits: 1)
      if parts.count == 2, parts[0].lowercased() == "bearer" {
        return try await access.token(String(parts[1])).map { Visit.User(name: "token \($0.name)") }
      }
    }
    if try await !access.hasPassword() { return Visit.User(name: "administrator") }
    guard let cookie = request.cookies[Self.cookie]?.value, try await access.isSession(cookie) else { return nil }
    return Visit.User(name: "administrator")
  }
}
