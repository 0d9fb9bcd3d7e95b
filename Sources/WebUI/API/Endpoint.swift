import CheckFiles
import Domain
import Foundation
import HTTPTypes
import Hummingbird

/// One method on one address of the API: what serves it, and what the OpenAPI document says about it.
struct Endpoint: Sendable {
  /// What a request carries.
  enum Body: Sendable, Hashable {
    case none
    /// The name of a schema.
    case json(String)
    /// A check file.
    case yaml
  }

  /// What an answer carries.
  enum Content: Sendable, Hashable {
    case none
    case json(JSONValue)
    case yaml
  }

  var method: HTTPRequest.Method
  /// Below `/api/v1`, as OpenAPI writes it: `/data-sources/{name}`.
  var path: String
  /// Unique in the document: `getDataSource`.
  var operation: String
  var tag: String
  var summary: String
  var query: [QueryParameter]
  var body: Body
  var status: HTTPResponse.Status
  var content: Content
  /// Beyond those that every call of its kind may end with.
  var problems: [HTTPResponse.Status]
  /// Takes `If-Match`, and answers with `ETag`.
  var isVersioned: Bool
  var handler: @Sendable (APICall) async throws -> APIAnswer

  init(
    _ method: HTTPRequest.Method, _ path: String, _ operation: String, _ tag: String, _ summary: String,
    query: [QueryParameter] = [], body: Body = .none, status: HTTPResponse.Status = .ok, content: Content,
    problems: [HTTPResponse.Status] = [], isVersioned: Bool = false,
    handler: @escaping @Sendable (APICall) async throws -> APIAnswer
  ) {
    self.method = method
    self.path = path
    self.operation = operation
    self.tag = tag
    self.summary = summary
    self.query = query
    self.body = body
    self.status = status
    self.content = content
    self.problems = problems
    self.isVersioned = isVersioned
    self.handler = handler
  }

  /// The names in braces, in order.
  var pathParameters: [String] {
    path.split(separator: "/").compactMap { part in
      guard part.hasPrefix("{"), let end = part.firstIndex(of: "}") else { return nil }
      return String(part[part.index(after: part.startIndex)..<end])
    }
  }
}

/// A parameter of the query string.
struct QueryParameter: Sendable, Hashable {
  var name: String
  var description: String
  var schema: JSONValue

  init(_ name: String, _ description: String, _ schema: JSONValue = Schema.text()) {
    self.name = name
    self.description = description
    self.schema = schema
  }

  static let limit = QueryParameter(
    "limit", "How many items to answer with, at most.", Schema.integer(in: Page.limits, standard: Page.standardLimit))
  static let cursor = QueryParameter("cursor", "The `next` of the answer before, to go on from there.")
  static let paging = [limit, cursor]

  typealias Page = APIPage
}

/// What a handler answers.
struct APIAnswer: Sendable {
  enum Content: Sendable {
    case none
    case json(JSONValue)
    case yaml(String)
  }

  var content: Content
  var headers: HTTPFields = [:]
  /// In place of the endpoint's own.
  var status: HTTPResponse.Status?

  static let nothing = APIAnswer(content: .none)

  static func json(_ value: JSONValue) -> APIAnswer { APIAnswer(content: .json(value)) }

  /// Something new, at `path` below `/api/v1`.
  static func created(_ value: JSONValue, at path: [String]) -> APIAnswer {
    APIAnswer(content: .json(value), headers: [.location: API.link(path)])
  }
}

/// Endpoints that belong together.
protocol APIResource: Sendable {
  static var endpoints: [Endpoint] { get }
  /// Names must be unique over all resources.
  static var schemas: [(name: String, schema: JSONValue)] { get }
}

enum API {
  static let root = "/api/v1"

  static let resources: [any APIResource.Type] = [
    OverviewAPI.self, CheckersAPI.self, CheckerControlAPI.self, AttentionAPI.self, RowAlarmsAPI.self, RunsAPI.self,
    AlarmsAPI.self,
    SilencesAPI.self, RoutingAPI.self,
    DatasetsAPI.self,
    DataSourcesAPI.self, ActionsAPI.self, DeliveriesAPI.self, CodeAPI.self, FilesAPI.self, KindsAPI.self,
    TokensAPI.self, AddressAPI.self, HeartbeatAPI.self,
    ServiceAPI.self,
  ]

  static let endpoints: [Endpoint] = resources.flatMap { $0.endpoints }

  /// An address, from the parts of its path.
  static func link(_ parts: [String]) -> String {
    root + parts.map { "/" + ($0.addingPercentEncoding(withAllowedCharacters: unreserved) ?? "") }.joined()
  }

  private static let unreserved = CharacterSet(
    charactersIn: "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")
}
