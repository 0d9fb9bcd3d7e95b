import Foundation
import FoundationNetworking

/// A browser without a screen: keeps cookies, sends forms with their token, follows no redirect.
final class Site: Sendable {
  struct Page: Sendable {
    var status: Int
    var headers: [String: String]
    var body: String
  }

  let address: String
  private let session: URLSession

  init(address: String) {
    self.address = address
    let configuration = URLSessionConfiguration.ephemeral
    configuration.timeoutIntervalForRequest = 60
    session = URLSession(configuration: configuration, delegate: NoRedirects(), delegateQueue: nil)
  }

  deinit { session.invalidateAndCancel() }

  func get(_ path: String) async throws -> Page { try await send(path, "GET", nil) }

  /// Sends a form with the token that `/checkers` or the sign-in page holds.
  func post(_ path: String, _ fields: [String: String] = [:], formAt page: String = "/") async throws -> Page {
    let form = try await get(page).body
    guard let token = form.firstMatch(of: /name="csrf" value="([^"]+)"/) else {
      throw ProgramError("no form at \(page): \(form.prefix(300))")
    }
    var parts = URLComponents()
    parts.queryItems = fields.merging(["csrf": String(token.1)]) { $1 }.map { URLQueryItem(name: $0, value: $1) }
    return try await send(path, "POST", parts.percentEncodedQuery ?? "")
  }

  /// Opens a connection and leaves it open, as a browser does for live pages.
  func listen(_ path: String) -> URLSessionDataTask? {
    guard let url = URL(string: address + path) else { return nil }
    let task = session.dataTask(with: url)
    task.resume()
    return task
  }

  /// Of the API, without a body.
  func call(_ method: String, _ path: String) async throws -> Page { try await send("/api/v1" + path, method, nil) }

  /// Of the API, with a JSON object of texts.
  func call(_ method: String, _ path: String, _ fields: [String: String]) async throws -> Page {
    let json = String(decoding: try JSONEncoder().encode(fields), as: UTF8.self)
    return try await send("/api/v1" + path, method, json, type: "application/json")
  }

  private func send(
    _ path: String, _ method: String, _ form: String?, type: String = "application/x-www-form-urlencoded"
  ) async throws -> Page {
    guard let url = URL(string: address + path) else { throw ProgramError("no address: \(path)") }
    var request = URLRequest(url: url)
    request.httpMethod = method
    if let form {
      request.setValue(type, forHTTPHeaderField: "Content-Type")
      request.httpBody = Data(form.utf8)
    }
    let (data, response) = try await session.data(for: request)
    guard let response = response as? HTTPURLResponse else { throw ProgramError("no HTTP: \(path)") }
    let headers = response.allHeaderFields.map { ("\($0.key)".lowercased(), "\($0.value)") }
    return Page(
      status: response.statusCode, headers: Dictionary(headers) { first, _ in first },
      body: String(decoding: data, as: UTF8.self))
  }

  /// HTML as a person reads it.
  static func text(of html: String) -> String {
    html.replacing(/<[^>]*>/, with: "").replacing("&lt;", with: "<").replacing("&gt;", with: ">")
      .replacing("&quot;", with: "\"").replacing("&#39;", with: "'").replacing("&amp;", with: "&")
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
