import Foundation
import HTTPTypes
import Hummingbird

/// One line per request: method, path without its query (which may hold what a user typed), status, time.
struct RequestLog: RouterMiddleware {
  typealias Context = WebContext
  let log: @Sendable (String) -> Void

  func handle(
    _ request: Request, context: WebContext, next: (Request, WebContext) async throws -> Response
  ) async throws -> Response {
    let clock = ContinuousClock()
    let start = clock.now
    let response = try await next(request, context)
    let milliseconds = (clock.now - start) / .milliseconds(1)
    log(
      "\(request.method.rawValue) \(PingRoutes.masked(request.uri.path)) \(response.status.code) \(Words.duration(milliseconds))"
    )
    return response
  }
}

/// What browsers are told to refuse, on every answer.
struct SecurityHeaders: RouterMiddleware {
  typealias Context = WebContext

  static let policy = [
    "default-src 'none'", "script-src 'self'", "style-src 'self'", "font-src 'self'", "img-src 'self' data:",
    "connect-src 'self'", "form-action 'self'", "frame-ancestors 'none'", "base-uri 'none'",
  ].joined(separator: "; ")

  func handle(
    _ request: Request, context: WebContext, next: (Request, WebContext) async throws -> Response
  ) async throws -> Response {
    var response = try await next(request, context)
    response.headers[.contentSecurityPolicy] = Self.policy
    response.headers[.xContentTypeOptions] = "nosniff"
    response.headers[.referrerPolicy] = "same-origin"
    response.headers[.crossOriginOpenerPolicy] = "same-origin"
    return response
  }
}

extension HTTPField.Name {
  static let referrerPolicy = unchecked("Referrer-Policy")
  static let crossOriginOpenerPolicy = unchecked("Cross-Origin-Opener-Policy")
  static let hxRequest = unchecked("HX-Request")
  static let csrfToken = unchecked("X-CSRF-Token")
  static let secFetchSite = unchecked("Sec-Fetch-Site")
  static let forwardedProto = unchecked("X-Forwarded-Proto")

  /// The names above are tokens, so none is refused.
  private static func unchecked(_ name: String) -> HTTPField.Name { HTTPField.Name(name) ?? .via }
}

/// Refuses a name in `Host` that is not ours: a page of another site can point its own name at 127.0.0.1 and would
/// otherwise read everything here (DNS rebinding).
struct HostCheck: RouterMiddleware {
  typealias Context = WebContext
  let settings: WebServerSettings
  /// Names that a proxy before us is reached by.
  let address: PublicAddress

  func handle(
    _ request: Request, context: WebContext, next: (Request, WebContext) async throws -> Response
  ) async throws -> Response {
    if settings.isLoopback {
      let host = Self.name(request.head.authority ?? "")
      guard ["localhost", "127.0.0.1", "[::1]", settings.host, address.host].contains(host) else {
        throw WebProblem(
          .misdirectedRequest, "Wrong address", "This service is at \(settings.host), not at '\(host)'.")
      }
    }
    return try await next(request, context)
  }

  /// Without the port.
  static func name(_ authority: String) -> String {
    let lower = authority.lowercased()
    if lower.hasPrefix("["), let end = lower.firstIndex(of: "]") { return String(lower[...end]) }
    return String(lower.prefix { $0 != ":" })
  }
}
