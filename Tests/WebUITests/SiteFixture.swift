import Checking
import DataSources
import Domain
import Foundation
import Persistence
import TestSupport
import WebUI

#if canImport(FoundationNetworking)
  import FoundationNetworking
#endif

/// A running server on a free port, over a real store and a SQLite database with three users.
final class SiteFixture: Sendable {
  let folder: TemporaryFolder
  let store: SQLiteStore
  let service: CheckerService
  let access: AccessControl
  let events: Broadcaster
  let port: Int
  private let running: Task<Void, any Error>

  /// `accessClock` is what sessions and the wait after wrong passwords go by, `clock` what everything else does.
  init(
    password: String? = nil, channels: any ChannelMaking = NoChannels(),
    accessClock: @escaping @Sendable () -> Date = { Date() }, clock: @escaping @Sendable () -> Date = { Date() }
  ) async throws {
    folder = try TemporaryFolder()
    store = try SQLiteStore(folder: folder.path)
    let events = Broadcaster()
    self.events = events
    let access = try await AccessControl(store: store, now: accessClock)
    self.access = access
    service = CheckerService(
      store: store, engines: EnginePool(opener: QueryEngineOpener(environment: [:], vendorFolders: [])),
      channels: channels, now: clock, wake: {}, announce: { events.send($0) },
      links: { access.links.links(for: $0, row: $1) })
    if let password { try await access.setPassword(password) }
    let server = try WebServer(
      service: service, access: access, settings: WebServerSettings(port: 0, vendorFolder: ""), events: events)
    let (ports, feed) = AsyncThrowingStream<Int, any Error>.makeStream()
    running = Task {
      do { try await server.run { feed.yield($0) } } catch {
        feed.finish(throwing: error)
        throw error
      }
    }
    var found: Int?
    for try await port in ports {
      found = port
      break
    }
    guard let found else { throw FixtureProblem(text: "the server ended before it listened") }
    port = found
  }

  func stop() async {
    running.cancel()
    _ = await running.result
  }

  /// A data source `shop`, a dataset `shop/users` of three users (one without email), and `checkers` on it.
  func addShop(_ checkers: [Checker] = [.users]) async throws {
    try await service.save(DataSource(name: "shop", driver: .sqlite, uri: try shopDatabase()), replacing: nil)
    try await service.save(
      Dataset(
        id: QualifiedName(namespace: "shop", name: "users"), dataSource: "shop",
        sql:
          "SELECT 1 AS id, 'ana' AS name, 'a@x' AS email UNION ALL SELECT 2, 'bob', NULL UNION ALL SELECT 3, '<b>', 'c@x'"
      ),
      replacing: nil)
    for checker in checkers {
      _ = try await service.save(checker, replacing: nil, expectedVersion: nil, author: "ana")
    }
  }

  /// An empty file is an empty SQLite database.
  private func shopDatabase() throws -> String {
    let path = folder.path + "/shop.db"
    try Data().write(to: URL(fileURLWithPath: path))
    return path
  }
}

struct FixtureProblem: Error { var text: String }

struct NoChannels: ChannelMaking {
  var kinds: [ChannelKind] { [] }
  func make(_ action: Action) throws(ChannelSettingsError) -> any Channel {
    throw ChannelSettingsError(key: "channel", message: "there are no channels here")
  }
}

extension Checker {
  /// Red: one user has no email.
  static let users = Checker(
    id: QualifiedName(namespace: "shop", name: "emails"), description: "We can write to everybody.",
    severity: .critical, runbook: "Ask **sign-up**. <script>alert(1)</script> [bad](javascript:alert(1))", owner: "Ana",
    tags: ["people"],
    body: .rules([
      Rule(
        check: "missing", dataset: "users", message: "Users without email",
        parameters: ["column": .scalar(.text("email"))])
    ]))

  /// Green.
  static let rows = Checker(
    id: QualifiedName(namespace: "shop", name: "rows"), description: "There are users.",
    body: .rules([Rule(check: "row_count", dataset: "users", threshold: .greaterThan(ExactDecimal(0)))]))
}

/// A browser without scripts: keeps cookies, does not follow redirects.
actor Visitor {
  struct Answer: Sendable {
    var status: Int
    var body: String
    var headers: [String: String]
    func header(_ name: String) -> String? { headers[name.lowercased()] }
  }

  private let port: Int
  private var cookies: [String: String] = [:]
  private let session: URLSession

  init(_ site: SiteFixture) {
    port = site.port
    let configuration = URLSessionConfiguration.ephemeral
    configuration.httpShouldSetCookies = false
    configuration.httpCookieAcceptPolicy = .never
    session = URLSession(configuration: configuration, delegate: NoRedirects(), delegateQueue: nil)
  }

  func get(_ path: String, headers: [String: String] = [:]) async throws -> Answer {
    try await send("GET", path, headers, nil)
  }

  /// Posts with the form token of the page at `page`.
  func post(_ path: String, _ fields: [(String, String)] = [], from page: String) async throws -> Answer {
    let form = try await get(page)
    guard let range = form.body.firstRange(of: /name="csrf" value="([^"]*)"/),
      let token = form.body[range].firstMatch(of: /value="([^"]*)"/)?.1
    else { throw FixtureProblem(text: "no form on \(page): \(form.status)") }
    return try await post(path, fields: [("csrf", String(token))] + fields)
  }

  func post(_ path: String, fields: [(String, String)], headers: [String: String] = [:]) async throws -> Answer {
    let text = fields.map { "\(Link.part($0.0))=\(Link.part($0.1))" }.joined(separator: "&")
    let type = ["Content-Type": "application/x-www-form-urlencoded"]
    return try await send("POST", path, type.merging(headers) { $1 }, Data(text.utf8))
  }

  func send(_ method: String, _ path: String, _ headers: [String: String], _ body: Data?) async throws -> Answer {
    guard let url = URL(string: "http://127.0.0.1:\(port)\(path)") else { throw FixtureProblem(text: path) }
    var request = URLRequest(url: url)
    request.httpMethod = method
    request.httpBody = body
    for (name, value) in headers { request.setValue(value, forHTTPHeaderField: name) }
    if !cookies.isEmpty {
      request.setValue(cookies.map { "\($0)=\($1)" }.joined(separator: "; "), forHTTPHeaderField: "Cookie")
    }
    let (data, response) = try await session.data(for: request)
    guard let response = response as? HTTPURLResponse else { throw FixtureProblem(text: "no HTTP") }
    var headers: [String: String] = [:]
    for (name, value) in response.allHeaderFields { headers["\(name)".lowercased()] = "\(value)" }
    let received = headers["set-cookie"].map { ["Set-Cookie": $0] } ?? [:]
    keep(HTTPCookie.cookies(withResponseHeaderFields: received, for: url))
    return Answer(status: response.statusCode, body: String(decoding: data, as: UTF8.self), headers: headers)
  }

  private func keep(_ received: [HTTPCookie]) {
    for cookie in received {
      cookies[cookie.name] = cookie.value.isEmpty ? nil : cookie.value
    }
  }
}

private final class NoRedirects: NSObject, URLSessionTaskDelegate {
  func urlSession(
    _ session: URLSession, task: URLSessionTask, willPerformHTTPRedirection response: HTTPURLResponse,
    newRequest request: URLRequest, completionHandler: @escaping @Sendable (URLRequest?) -> Void
  ) {
    completionHandler(nil)
  }
}
