package import Checking
import Foundation
import HTTPTypes
package import Hummingbird
import NIOCore

/// What every page needs.
package struct Site: Sendable {
  package let service: CheckerService
  package let access: AccessControl
  package let events: Broadcaster
  package let templates: Templates
  package let files: StaticFiles
  let pings = PingThrottle()
  let previews = RunningPreviews()

  /// The page in its layout; the inside alone when htmx asks for it.
  package func respond(_ page: Page, _ request: Request, _ context: WebContext) async throws -> Response {
    let content = try templates.render(page.template, PageScope(model: page.model, csrf: context.visit.csrf))
    if context.visit.isHTMX, !page.alwaysWhole { return .html(content, status: page.status) }
    let sidebar = context.visit.user == nil || page.isBare ? nil : try await Sidebar(service: service)
    // What was kept is answered with another page.
    let layout = Layout(
      page: page, content: content, sidebar: sidebar, visit: context.visit, files: files,
      isUnsaved: request.method == .post)
    let html = try templates.render(
      sidebar == nil ? "layout-bare" : "layout", PageScope(model: layout, csrf: context.visit.csrf))
    return .html(html, status: page.status)
  }

  /// Where people and programs reach the service: as somebody has said, else as this request did.
  func address(_ request: Request) -> String {
    let scheme = request.headers[.forwardedProto] == "https" ? "https" : "http"
    return access.address.base ?? "\(scheme)://\(request.head.authority ?? "127.0.0.1")"
  }

  /// One template without a layout, for htmx.
  package func fragment(
    _ template: String, _ model: any Sendable, _ context: WebContext, status: HTTPResponse.Status = .ok
  ) throws -> Response {
    .html(try templates.render(template, PageScope(model: model, csrf: context.visit.csrf)), status: status)
  }
}

extension Response {
  package static func html(_ text: String, status: HTTPResponse.Status = .ok) -> Response {
    Response(
      status: status, headers: [.contentType: "text/html; charset=utf-8", .cacheControl: "no-store"],
      body: ResponseBody(byteBuffer: ByteBuffer(string: text)))
  }

  package static func text(_ text: String, type: String, status: HTTPResponse.Status = .ok) -> Response {
    Response(
      status: status, headers: [.contentType: type, .cacheControl: "no-store"],
      body: ResponseBody(byteBuffer: ByteBuffer(string: text)))
  }

  /// To another page after a form was taken. `notice` is shown there once.
  package static func redirect(_ path: String, notice: String? = nil) -> Response {
    var response = Response(status: .seeOther, headers: [.location: path])
    if let notice {
      let text = notice.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? ""
      response.setCookie(Cookie(name: "notice", value: text, maxAge: 60, path: "/", httpOnly: true, sameSite: .lax))
    }
    return response
  }

  /// A file to be saved under `name`.
  package static func download(_ text: String, type: String, name: String) -> Response {
    var response = Response.text(text, type: type)
    let safe = name.map { $0.isASCII && ($0.isLetter || $0.isNumber || "-_.".contains($0)) ? $0 : "-" }
    response.headers[.contentDisposition] = "attachment; filename=\"\(String(safe))\""
    return response
  }
}
