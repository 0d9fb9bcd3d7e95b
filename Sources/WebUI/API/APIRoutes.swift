import CheckFiles
import Checking
import Domain
import Foundation
import HTTPTypes
import Hummingbird
import NIOCore

/// Serves the endpoints of `API`, and the document that describes them.
struct APIRoutes: RouteGroup {
  let site: Site

  /// Where the document is.
  static let document = API.root + "/openapi.json"

  func add(to router: Router<WebContext>) {
    for endpoint in API.endpoints { add(endpoint, at: endpoint.path, to: router) }
    for (endpoint, path) in Self.hidden { add(endpoint, at: path, to: router) }
    let text = String(decoding: OpenAPIDocument.json(API.endpoints).encoded, as: UTF8.self)
    router.get(RouterPath(Self.document)) { _, _ in Response.text(text, type: "application/json") }
  }

  private func add(_ endpoint: Endpoint, at path: String, to router: Router<WebContext>) {
    router.on(RouterPath(API.root + path), method: endpoint.method) { request, context in
      try await Self.answer(endpoint, site, request, context)
    }
  }

  /// A thing may be called like a fixed part of an address: the data source `test`, the checker `a.yaml`. The fixed
  /// address wins in the router, so it also has to take the methods of the general one.
  static let hidden: [(Endpoint, path: String)] = {
    var found: [(Endpoint, path: String)] = []
    let paths = Set(API.endpoints.map(\.path)).sorted()
    for endpoint in API.endpoints {
      for path in paths where path != endpoint.path && covers(endpoint.path, path) {
        let isTaken = API.endpoints.contains { $0.path == path && $0.method == endpoint.method }
        if !isTaken { found.append((endpoint, path)) }
      }
    }
    return found
  }()

  private static func covers(_ general: String, _ special: String) -> Bool {
    let (general, special) = (general.split(separator: "/"), special.split(separator: "/"))
    return general.count == special.count
      && zip(general, special).allSatisfy { $0 == $1 || $0.hasPrefix("{") && $0.hasSuffix("}") }
  }

  private static func answer(
    _ endpoint: Endpoint, _ site: Site, _ request: Request, _ context: WebContext
  ) async throws -> Response {
    do {
      try checkAccepted(endpoint, request)
      let call = try await call(endpoint, site, request, context)
      let answer = try await endpoint.handler(call)
      return response(answer, endpoint)
    } catch ServiceError.query(let problem) {
      throw WebProblem(problem)
    }
  }

  private static func response(_ answer: APIAnswer, _ endpoint: Endpoint) -> Response {
    let status = answer.status ?? endpoint.status
    var response =
      switch answer.content {
      case .none: Response(status: .noContent)
      case .json(let value):
        Response(
          status: status, headers: [.contentType: "application/json", .cacheControl: "no-store"],
          body: ResponseBody(byteBuffer: ByteBuffer(bytes: value.encoded)))
      case .yaml(let text): Response.text(text, type: "application/yaml", status: status)
      }
    for header in answer.headers { response.headers[header.name] = header.value }
    return response
  }

  private static func call(
    _ endpoint: Endpoint, _ site: Site, _ request: Request, _ context: WebContext
  ) async throws -> APICall {
    let path = try pathParameters(endpoint, request.uri.path)
    let query = FormData(encoded: (request.uri.query ?? "").utf8)
    try checkKnown(query, endpoint)
    var json = JSONValue.null
    var text = ""
    switch endpoint.body {
    case .none: break
    case .json: json = try await self.json(request)
    case .yaml: text = try await yaml(request)
    }
    return APICall(
      site: site, context: context, path: path, query: query, json: json, text: text, ifMatch: request.headers[.ifMatch]
    )
  }

  private static func pathParameters(_ endpoint: Endpoint, _ path: String) throws -> [String: String] {
    let template = (API.root + endpoint.path).split(separator: "/")
    var values: [String: String] = [:]
    for (part, raw) in zip(template, path.split(separator: "/")) {
      guard part.hasPrefix("{"), let end = part.firstIndex(of: "}") else { continue }
      let suffix = part[part.index(after: end)...]
      guard let value = String(raw.dropLast(suffix.count)).removingPercentEncoding, !value.isEmpty else {
        throw WebProblem.notFound("There is nothing at this address.")
      }
      values[String(part[part.index(after: part.startIndex)..<end])] = value
    }
    return values
  }

  private static func checkKnown(_ query: FormData, _ endpoint: Endpoint) throws {
    let known = endpoint.query.map(\.name)
    let problems = query.fields.filter { !known.contains($0.name) }.map { field in
      let nearest = Spelling.nearest(to: field.name, among: known)
      let all = known.isEmpty ? "this address takes none" : "there are \(known.joined(separator: ", "))"
      return FieldProblem(
        field: field.name, message: "there is no such parameter; " + (nearest.map { "did you mean '\($0)'?" } ?? all))
    }
    if !problems.isEmpty { throw WebProblem.fields(problems) }
  }

  // MARK: Content

  private static func mediaType(_ request: Request) -> String {
    (request.headers[.contentType] ?? "").prefix { $0 != ";" }.lowercased().trimmingCharacters(in: .whitespaces)
  }

  private static func bytes(_ request: Request) async throws -> [UInt8] {
    // The middleware has collected it already, and knows what may be large.
    Array(try await request.body.collect(upTo: FormReading.largestUpload).readableBytesView)
  }

  private static func json(_ request: Request) async throws -> JSONValue {
    let bytes = try await bytes(request)
    guard bytes.isEmpty || mediaType(request) == "application/json" else {
      throw WebProblem(
        .unsupportedMediaType, "Unsupported media type",
        "This address takes JSON. Send it with 'Content-Type: application/json'.")
    }
    do {
      return try JSONParser.parse(bytes)
    } catch {
      throw WebProblem(.badRequest, "This is not JSON", error.description)
    }
  }

  private static func yaml(_ request: Request) async throws -> String {
    let bytes = try await bytes(request)
    guard bytes.isEmpty || ["application/yaml", "text/yaml"].contains(mediaType(request)) else {
      throw WebProblem(
        .unsupportedMediaType, "Unsupported media type",
        "This address takes a check file. Send it with 'Content-Type: application/yaml'.")
    }
    guard let text = String(validating: bytes, as: UTF8.self) else {
      throw WebProblem(.badRequest, "This is not a check file", "The text is not UTF-8.")
    }
    return text
  }

  /// 406 when the answer would be of a kind that the client refuses.
  private static func checkAccepted(_ endpoint: Endpoint, _ request: Request) throws {
    let offered: [String]
    switch endpoint.content {
    case .none: return
    case .json: offered = ["application/json"]
    case .yaml: offered = ["application/yaml"]
    }
    guard let accept = request.headers[.accept], !MediaRange.accepts(accept, offered) else { return }
    throw WebProblem(
      .notAcceptable, "Not acceptable",
      "The answer is \(offered.joined(separator: " or ")); 'Accept: \(accept)' does not take that.")
  }
}

/// The header `Accept`. Format: RFC 9110, section 12.5.1.
enum MediaRange {
  static func accepts(_ header: String, _ offered: [String]) -> Bool {
    let ranges = header.split(separator: ",").map(range).filter { !$0.type.isEmpty }
    if ranges.isEmpty { return true }
    return offered.contains { type in
      // The most exact range decides.
      let group = type.prefix { $0 != "/" } + "/*"
      let best = [type, String(group), "*/*"].lazy.compactMap { name in ranges.first { $0.type == name } }.first
      return best.map { !$0.isRefused } ?? false
    }
  }

  private static func range(_ text: Substring) -> (type: String, isRefused: Bool) {
    let parts = text.lowercased().split(separator: ";").map { $0.trimmingCharacters(in: .whitespaces) }
    let weight = parts.dropFirst().first { $0.hasPrefix("q=") }.flatMap { Double($0.dropFirst(2)) }
    return (parts.first ?? "", weight == 0)
  }
}

extension WebProblem {
  /// A query of a user's that did not work; with the place in the query when the database told it.
  fileprivate init(_ error: QueryError) {
    let hint = error.hint.map { " \($0)" } ?? ""
    self.init(
      .unprocessableContent, "The query failed", error.message + hint,
      fields: [FieldProblem(field: "sql", message: error.message)])
    position = error.position
    code = error.code
  }
}
