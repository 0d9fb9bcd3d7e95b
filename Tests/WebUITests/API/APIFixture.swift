import Channels
import CheckFiles
import Checking
import DataSources
import Domain
import Foundation
import HTTPTypes
import Persistence
import TestSupport

@testable import WebUI

#if canImport(FoundationNetworking)
  import FoundationNetworking
#endif

/// The service on a free port, with a real store and a real SQLite database behind it, called as a client calls it.
final class APIFixture: Sendable {
  let folder: TemporaryFolder
  let service: CheckerService
  let access: AccessControl
  let server: WebServer
  /// The path of a database with a table `people`.
  let database: String
  private let running: Task<Void, any Error>
  private let address: String
  private let session = URLSession(configuration: .ephemeral)

  init() async throws {
    folder = try TemporaryFolder()
    database = folder.path + "/shop.db"
    try await Command.run(
      "/usr/bin/env", "python3", "-c",
      "import sqlite3,sys; c=sqlite3.connect(sys.argv[1]); c.executescript(sys.argv[2]); c.commit()", database,
      """
      CREATE TABLE people (id INTEGER, name TEXT, email TEXT, age INTEGER);
      INSERT INTO people VALUES (1, 'ana', 'ana@x.org', 31), (2, 'ben', NULL, 17), (3, 'cid', NULL, NULL);
      """)
    let store = try SQLiteStore(folder: folder.path + "/store")
    service = CheckerService(
      store: store, engines: EnginePool(opener: QueryEngineOpener(environment: [:], vendorFolders: [])),
      channels: ChannelCatalogue(environment: [:]), now: { Date() }, wake: {})
    access = try await AccessControl(store: store)
    server = try WebServer(service: service, access: access, settings: WebServerSettings(port: 0, vendorFolder: ""))
    let (ports, feed) = AsyncThrowingStream<Int, any Error>.makeStream()
    running = Task { [server] in
      do { try await server.run { feed.yield($0) } } catch {
        feed.finish(throwing: error)
        throw error
      }
    }
    var found = 0
    for try await port in ports {
      found = port
      break
    }
    address = "http://127.0.0.1:\(found)"
  }

  deinit { running.cancel() }

  struct Answer {
    var status: Int
    var headers: HTTPFields
    var text: String

    /// `null` when it is no JSON.
    var json: JSONValue { (try? JSONParser.parse(Array(text.utf8))) ?? .null }

    /// `errors`, as `field: message`.
    var errors: [String] {
      guard case .array(let errors) = json["errors"] else { return [] }
      return errors.map { "\($0["field"]?.text ?? ""): \($0["message"]?.text ?? "")" }
    }

    var items: [JSONValue] {
      guard case .array(let items) = json["items"] else { return [] }
      return items
    }
  }

  /// One request below `/api/v1`.
  func call(
    _ method: HTTPRequest.Method, _ path: String, _ body: String? = nil, type: String = "application/json",
    headers: [HTTPField.Name: String] = [:]
  ) async throws -> Answer {
    guard let url = URL(string: address + API.root + path) else { throw URLError(.badURL) }
    var request = URLRequest(url: url)
    request.httpMethod = method.rawValue
    request.httpBody = body.map { Data($0.utf8) }
    if body != nil { request.setValue(type, forHTTPHeaderField: "Content-Type") }
    for (name, value) in headers { request.setValue(value, forHTTPHeaderField: name.rawName) }
    let (data, response) = try await session.data(for: request)
    guard let response = response as? HTTPURLResponse else { throw URLError(.badServerResponse) }
    var fields: HTTPFields = [:]
    for (name, value) in response.allHeaderFields {
      if let name = HTTPField.Name("\(name)") { fields[name] = "\(value)" }
    }
    return Answer(status: response.statusCode, headers: fields, text: String(decoding: data, as: UTF8.self))
  }

  /// A data source `shop`, a dataset `shop/people`, a checker `shop/emails` that fails.
  func fill() async throws {
    _ = try await call(.post, "/data-sources", #"{"name": "shop", "driver": "sqlite", "uri": "\#(database)"}"#)
    _ = try await call(
      .post, "/datasets",
      #"{"namespace": "shop", "name": "people", "data_source": "shop", "sql": "SELECT * FROM people"}"#)
    _ = try await call(.post, "/checkers", Self.checker)
  }

  static let checker = """
    {"namespace": "shop", "name": "emails", "schedule": "*/5 * * * *", "severity": "critical", "tags": ["mail"],
     "owner": "sign-up", "rules": [{"check": "missing", "dataset": "people", "column": "email"}]}
    """
}
