import Foundation
import HTTPTypes
import Hummingbird
import NIOCore

/// Reads posted forms, bounded in size, and refuses what another site may have sent.
struct FormReading: RouterMiddleware {
  typealias Context = WebContext

  /// Largest body, in bytes.
  static let largestBody = 1 << 20
  /// Largest body that may hold a module, in bytes.
  static let largestUpload = 12 << 20
  /// So much of a body that is too large is read before its sender is told, in bytes.
  private static let longestPassedOver = 256 << 20

  func handle(
    _ request: Request, context: WebContext, next: (Request, WebContext) async throws -> Response
  ) async throws -> Response {
    if [.get, .head, .options].contains(request.method) { return try await next(request, context) }
    // No form: a job's report, whose secret address is all the right it needs.
    if PingRoutes.isPing(request.uri.path) { return try await next(request, context) }
    try Self.checkOrigin(request)
    let limit = Self.limit(request)
    if let length = request.headers[.contentLength].flatMap(Int.init), length > limit {
      try await Self.passOver(request)
      throw WebProblem(
        .contentTooLarge, "Too large", "A request has at most \(limit >> 20) MiB; this one has \(length) bytes.")
    }
    var request = request
    var context = context
    let body = try await request.body.collect(upTo: limit)
    request.body = RequestBody(buffer: body)
    let type = (request.headers[.contentType] ?? "").prefix { $0 != ";" }.lowercased()
    if context.visit.isAPI {
      // JSON cannot be sent across sites without asking first, plain forms can.
      guard
        body.readableBytes == 0
          || ["application/json", "application/yaml", "text/yaml"].contains(type)
      else {
        throw WebProblem(
          .unsupportedMediaType, "Unsupported media type", "Send JSON with 'Content-Type: application/json'.")
      }
      return try await next(request, context)
    }
    if type == "application/x-www-form-urlencoded" { context.form = FormData(encoded: body.readableBytesView) }
    if type == "multipart/form-data" {
      let header = request.headers[.contentType] ?? ""
      guard let form = FormData(multipart: body.readableBytesView, contentType: header) else {
        throw WebProblem(.badRequest, "This form is not whole", "Send the form once more.")
      }
      context.form = form
    }
    let token = request.headers[.csrfToken] ?? context.form["csrf"]
    guard Secrets.areEqual(token, context.visit.csrf) else {
      throw WebProblem(
        .forbidden, "This form is out of date",
        "Go back, load the page again and send the form once more. Cookies must be allowed for this address.")
    }
    return try await next(request, context)
  }

  /// Who asks for the end of the connection sends all of its body before it looks at an answer, and nobody else reads it.
  private static func passOver(_ request: Request) async throws {
    guard request.headers[.connection]?.lowercased() == "close" else { return }
    var count = 0
    for try await buffer in request.body {
      count += buffer.readableBytes
      if count > longestPassedOver { return }
    }
  }

  /// What may hold a module, or a file with modules in it, may be larger than what people type.
  private static func limit(_ request: Request) -> Int {
    let isUpload = (request.headers[.contentType] ?? "").lowercased().hasPrefix("multipart/form-data")
    let paths = ["/api/v1/modules", "/api/v1/import", "/import"]
    return isUpload || paths.contains(request.uri.path) ? largestUpload : largestBody
  }

  /// Browsers say where a request comes from. Programs say nothing, and no browser sends their requests.
  private static func checkOrigin(_ request: Request) throws {
    let site = request.headers[.secFetchSite]
    let isForeignSite = site.map { $0 != "same-origin" && $0 != "none" } ?? false
    var isForeignOrigin = false
    if let origin = request.headers[.origin], site == nil {
      let authority = origin.split(separator: "//", maxSplits: 1).last.map(String.init)
      isForeignOrigin = authority?.lowercased() != request.head.authority?.lowercased()
    }
    if isForeignSite || isForeignOrigin {
      throw WebProblem(.forbidden, "Sent by another site", "Forms are taken from the pages of this service only.")
    }
  }
}
