import Foundation
import HTTPTypes
import Hummingbird

/// `/login` and `/logout`.
struct SignInPages: RouteGroup {
  let site: Site

  struct Model: Sendable {
    var next: String
    var problem: String?
  }

  func add(to router: Router<WebContext>) {
    router.get("/login") { request, context in
      if context.visit.user != nil { return Response.redirect("/") }
      return try await page(Model(next: Self.safe(request.query("next")), problem: nil), .ok, request, context)
    }
    router.post("/login") { request, context in try await signIn(request, context) }
    router.post("/logout") { request, _ in
      if let cookie = request.cookies[Authentication.cookie]?.value { try await site.access.closeSession(cookie) }
      var response = Response.redirect("/login")
      response.setCookie(
        Cookie(name: Authentication.cookie, value: "", maxAge: 0, path: "/", httpOnly: true, sameSite: .lax))
      return response
    }
  }

  private func signIn(_ request: Request, _ context: WebContext) async throws -> Response {
    let next = Self.safe(context.form["next"])
    let throttle = site.access.throttle
    let wait = await throttle.wait(context.remoteAddress, at: site.access.now())
    if wait > 0 {
      let model = Model(next: next, problem: "Too many wrong tries. Wait \(Int(wait.rounded(.up))) s and try again.")
      var response = try await page(model, .tooManyRequests, request, context)
      response.headers[.retryAfter] = "\(Int(wait.rounded(.up)))"
      return response
    }
    guard try await site.access.isPassword(context.form["password"]) else {
      await throttle.failed(context.remoteAddress, at: site.access.now())
      site.events.report("sign-in from \(context.remoteAddress): wrong password")
      return try await page(
        Model(next: next, problem: "This is not the password."), .unprocessableContent, request, context)
    }
    await throttle.succeeded(context.remoteAddress)
    site.events.report("sign-in from \(context.remoteAddress)")
    var response = Response.redirect(next)
    response.setCookie(
      Cookie(
        name: Authentication.cookie, value: try await site.access.openSession(),
        maxAge: Int(AccessControl.sessionSeconds), path: "/", secure: request.headers[.forwardedProto] == "https",
        httpOnly: true, sameSite: .lax))
    return response
  }

  private func page(
    _ model: Model, _ status: HTTPResponse.Status, _ request: Request, _ context: WebContext
  ) async throws -> Response {
    var page = Page("Sign in", section: .none, template: "sign-in", model: model, status: status)
    page.isBare = true
    page.alwaysWhole = true
    return try await site.respond(page, request, context)
  }

  /// A path on this server, whatever the address says.
  static func safe(_ next: String) -> String {
    guard next.hasPrefix("/"), !next.hasPrefix("//"), !next.contains("\\"), !next.contains(where: \.isNewline) else {
      return "/"
    }
    return next
  }
}
