import Checking
import Domain
import Foundation
import HTTPTypes
import Hummingbird
import NIOCore

/// `/ping/TOKEN`, `…/start`, `…/fail`, `…/EXIT-STATUS`: where jobs elsewhere report. The token is the right to do so.
struct PingRoutes: RouteGroup {
  let site: Site

  static func isPing(_ path: String) -> Bool { path.hasPrefix("/ping/") }

  /// Without the token, for logs.
  static func masked(_ path: String) -> String { isPing(path) ? "/ping/…" : path }

  /// More than this is not even read, in bytes.
  private static let patience = 10 << 20

  func add(to router: Router<WebContext>) {
    for method in [HTTPRequest.Method.get, .post, .put] {
      router.on("/ping/:token", method: method) { request, context in
        try await take(.succeeded, request, context)
      }
      router.on("/ping/:token/:what", method: method) { request, context in
        guard let ping = Self.ping(try context.name("what")) else {
          return Self.answer(
            "Not found: after the address comes start, fail, or an exit status from 0 to 255", .notFound)
        }
        return try await take(ping, request, context)
      }
    }
  }

  private static func ping(_ word: String) -> Ping? {
    switch word {
    case "start": .started
    case "fail": .failed
    default: Int(word).flatMap { (0...255).contains($0) ? .ended(status: $0) : nil }
    }
  }

  private func take(_ ping: Ping, _ request: Request, _ context: WebContext) async throws -> Response {
    let token = try context.name("token").lowercased()
    guard await site.pings.admits(token, at: site.service.now()) else {
      var answer = Self.answer("Too many pings", .tooManyRequests)
      answer.headers[.retryAfter] = "60"
      return answer
    }
    let log = try await Self.text(request)
    do {
      // A job that has done its work is not to fail because its heartbeat is disabled: the answer's text tells.
      let isTaken = try await site.service.take(ping, token: token, log: log)
      return Self.answer(isTaken ? "OK" : "Not recorded: this heartbeat is disabled", .ok)
    } catch ServiceError.notFound {
      return Self.answer("Not found", .notFound)
    }
  }

  /// The beginning of what came with the ping.
  private static func text(_ request: Request) async throws -> String {
    var bytes: [UInt8] = []
    var count = 0
    for try await buffer in request.body {
      bytes += buffer.readableBytesView.prefix(Ping.longestLog - bytes.count)
      count += buffer.readableBytes
      if count > patience { break }
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  private static func answer(_ text: String, _ status: HTTPResponse.Status) -> Response {
    var response = Response.text(text + "\n", type: "text/plain; charset=utf-8", status: status)
    response.headers[.cacheControl] = "no-store"
    return response
  }
}

/// Lets through one ping a second for each token, and thirty at once.
actor PingThrottle {
  private var spent: [String: (count: Double, at: Date)] = [:]

  private static let burst: Double = 30
  /// Tokens that nobody waits for must not fill the memory.
  private static let most = 10_000

  func admits(_ token: String, at time: Date) -> Bool {
    if spent.count >= Self.most { spent = spent.filter { time.timeIntervalSince($0.value.at) < Self.burst } }
    if spent.count >= Self.most { spent = [:] }
    let known = spent[token]
    let rested = known.map { max(0, $0.count - max(0, time.timeIntervalSince($0.at))) } ?? 0
    guard rested + 1 <= Self.burst else { return false }
    spent[token] = (rested + 1, time)
    return true
  }
}
