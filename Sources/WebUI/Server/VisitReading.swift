import Foundation
import HTTPTypes
import Hummingbird

/// Reads theme, notice and the form cookie; gives a browser without one its form cookie.
struct VisitReading: RouterMiddleware {
  typealias Context = WebContext
  let access: AccessControl

  static let formCookie = "form"

  func handle(
    _ request: Request, context: WebContext, next: (Request, WebContext) async throws -> Response
  ) async throws -> Response {
    var context = context
    let cookies = request.cookies
    let known = cookies[Self.formCookie]?.value
    let cookie = known ?? Secrets.token()
    context.visit = Visit(
      theme: cookies["theme"].flatMap { ["light", "dark"].contains($0.value) ? $0.value : nil },
      isHTMX: request.headers[.hxRequest] == "true", path: request.uri.path, csrf: access.formToken(for: cookie),
      notice: cookies["notice"]?.value.removingPercentEncoding)
    var response = try await next(request, context)
    guard response.headers[.contentType]?.hasPrefix("text/html") ?? false else { return response }
    let isSecure = request.headers[.forwardedProto] == "https"
    if known == nil {
      response.setCookie(
        Cookie(name: Self.formCookie, value: cookie, path: "/", secure: isSecure, httpOnly: true, sameSite: .lax))
    }
    if context.visit.notice != nil, !context.visit.isHTMX {
      response.setCookie(Cookie(name: "notice", value: "", maxAge: 0, path: "/", httpOnly: true, sameSite: .lax))
    }
    return response
  }
}
