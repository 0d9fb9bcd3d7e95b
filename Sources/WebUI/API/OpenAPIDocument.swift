import CheckFiles
import Checking
import HTTPTypes

/// The description of the API, made from the endpoints that the server registers. Format: OpenAPI 3.1.
enum OpenAPIDocument {
  static func json(_ endpoints: [Endpoint]) -> JSONValue {
    [
      "openapi": "3.1.0",
      "info": [
        "title": "Malleable Checker", "version": "1",
        "description": .string(introduction),
      ],
      "servers": [["url": "/", "description": "This service"]],
      "security": [["token": []], ["session": []]],
      "tags": .array(tags(endpoints).map { ["name": .string($0)] }),
      "paths": paths(endpoints),
      "components": [
        "securitySchemes": [
          "token": ["type": "http", "scheme": "bearer", "description": "An API token, made in the settings."],
          "session": ["type": "apiKey", "in": "cookie", "name": .string(Authentication.cookie)],
        ],
        "schemas": .object(
          ([("Problem", problem)] + API.resources.flatMap { $0.schemas }).map { JSONValue.Member($0.0, $0.1) }),
        "responses": .object(responses),
      ],
    ]
  }

  private static let introduction = """
    Everything that the pages do. Without an administrator password, a service on loopback asks for no token.

    Keys are those of check files. Unknown keys are refused. A member that is null says the same as no member. Secrets \
    are answered as `***`; a `***` that is sent back keeps the stored secret. Times are ISO 8601 in UTC. Errors are \
    problem details (RFC 9457).
    """

  private static func tags(_ endpoints: [Endpoint]) -> [String] {
    var tags: [String] = []
    for endpoint in endpoints where !tags.contains(endpoint.tag) { tags.append(endpoint.tag) }
    return tags
  }

  private static func paths(_ endpoints: [Endpoint]) -> JSONValue {
    var members: [JSONValue.Member] = []
    for endpoint in endpoints {
      let path = API.root + endpoint.path
      let method = endpoint.method.rawValue.lowercased()
      if let index = members.firstIndex(where: { $0.key == path }) {
        members[index].value = members[index].value.setting(method, operation(endpoint))
      } else {
        members.append(JSONValue.Member(path, .object([JSONValue.Member(method, operation(endpoint))])))
      }
    }
    members.append(
      JSONValue.Member(
        APIRoutes.document,
        [
          "get": [
            "operationId": "getOpenAPI", "tags": ["service"], "summary": "This document",
            "responses": ["200": success("OK", ["type": "object"]), "401": reference(.unauthorized)],
          ]
        ]))
    return .object(members)
  }

  private static func operation(_ endpoint: Endpoint) -> JSONValue {
    var operation: JSONValue = [
      "operationId": .string(endpoint.operation), "tags": [.string(endpoint.tag)], "summary": .string(endpoint.summary),
    ]
    let parameters = parameters(endpoint)
    if !parameters.isEmpty { operation = operation.setting("parameters", .array(parameters)) }
    switch endpoint.body {
    case .none: break
    case .json(let name):
      operation = operation.setting(
        "requestBody", ["required": true, "content": ["application/json": ["schema": Schema.ref(name)]]])
    case .yaml:
      let content: JSONValue = ["schema": checkFile]
      operation = operation.setting(
        "requestBody", ["required": true, "content": ["application/yaml": content, "text/yaml": content]])
    }
    var responses = [JSONValue.Member("\(endpoint.status.code)", success(endpoint))]
    responses += problems(endpoint).map { JSONValue.Member("\($0.code)", reference($0)) }
    return operation.setting("responses", .object(responses))
  }

  private static func parameters(_ endpoint: Endpoint) -> [JSONValue] {
    var parameters = endpoint.pathParameters.map { name -> JSONValue in
      ["name": .string(name), "in": "path", "required": true, "schema": Schema.text()]
    }
    parameters += endpoint.query.map { parameter in
      [
        "name": .string(parameter.name), "in": "query", "description": .string(parameter.description),
        "schema": parameter.schema,
      ]
    }
    if endpoint.isVersioned, endpoint.method == .put {
      parameters.append([
        "name": "If-Match", "in": "header", "schema": Schema.text(),
        "description": "The ETag of the version that this one replaces; 412 when there is a newer one.",
      ])
    }
    return parameters
  }

  private static let checkFile: JSONValue = ["type": "object", "description": "A check file"]

  private static func success(_ endpoint: Endpoint) -> JSONValue {
    switch endpoint.content {
    case .none: return ["description": "Done"]
    case .json(let schema):
      var response = success(endpoint.status == .created ? "Created" : "OK", schema)
      var headers: [JSONValue.Member] = []
      if endpoint.status == .created { headers.append(.init("Location", ["schema": Schema.text()])) }
      if endpoint.isVersioned { headers.append(.init("ETag", ["schema": Schema.text("The version, in quotes")])) }
      if !headers.isEmpty { response = response.setting("headers", .object(headers)) }
      return response
    case .yaml: return ["description": "OK", "content": ["application/yaml": ["schema": checkFile]]]
    }
  }

  private static func success(_ description: String, _ schema: JSONValue) -> JSONValue {
    ["description": .string(description), "content": ["application/json": ["schema": schema]]]
  }

  // MARK: Problems

  /// Every problem that a call of the endpoint may end with, in order.
  private static func problems(_ endpoint: Endpoint) -> [HTTPResponse.Status] {
    var found: [HTTPResponse.Status] = [.unauthorized, .misdirectedRequest, .internalServerError, .serviceUnavailable]
    found += endpoint.problems
    if endpoint.method != .get { found += [.forbidden, .contentTooLarge, .unsupportedMediaType] }
    if endpoint.body != .none { found += [.badRequest, .unprocessableContent] }
    // Parameters that an address does not know are refused.
    found.append(.unprocessableContent)
    if !endpoint.pathParameters.isEmpty { found.append(.notFound) }
    if endpoint.content != .none { found.append(.notAcceptable) }
    if endpoint.isVersioned, endpoint.method == .put { found.append(.preconditionFailed) }
    return Set(found).sorted { $0.code < $1.code }
  }

  /// Every problem that there is, and what it means.
  private static let meanings: [(HTTPResponse.Status, name: String, text: String)] = [
    (.badRequest, "BadRequest", "The request's text cannot be read"),
    (.unauthorized, "Unauthorized", "Sign in, or send a token"),
    (.forbidden, "Forbidden", "Sent by a page of another site"),
    (.notFound, "NotFound", "There is no such thing"),
    (.notAcceptable, "NotAcceptable", "The answer is not of a kind that 'Accept' takes"),
    (.conflict, "Conflict", "There is one of that name, it was changed meanwhile, it is in use, or it runs"),
    (.preconditionFailed, "PreconditionFailed", "There is a newer version than the one in 'If-Match'"),
    (.contentTooLarge, "ContentTooLarge", "A request has at most 1 MiB; an import or a module, 12 MiB"),
    (.unsupportedMediaType, "UnsupportedMediaType", "The request is not of a kind that is taken here"),
    (.misdirectedRequest, "MisdirectedRequest", "The name in 'Host' is not one of this service"),
    (.unprocessableContent, "UnprocessableContent", "What was sent cannot be used; `errors` says what to mend"),
    (.internalServerError, "InternalServerError", "A fault of the service; its log has the details"),
    (.badGateway, "BadGateway", "The receiver did not take it"),
    (.serviceUnavailable, "ServiceUnavailable", "The service's store does not work now"),
  ]

  private static let responses: [JSONValue.Member] = meanings.map { status, name, text in
    JSONValue.Member(
      name,
      [
        "description": .string(text),
        "content": ["application/problem+json": ["schema": Schema.ref("Problem")]],
      ])
  }

  private static func reference(_ status: HTTPResponse.Status) -> JSONValue {
    let name = meanings.first { $0.0 == status }?.name ?? "InternalServerError"
    return ["$ref": .string("#/components/responses/\(name)")]
  }

  private static let problem = Schema.object(
    [
      Schema.required("type", Schema.text("`about:blank`: the status says what it is")),
      Schema.required("title", Schema.text()), Schema.required("status", Schema.integer(in: 400...599)),
      Schema.required("detail", Schema.text("What, where, and how to mend it")),
      Schema.required("instance", Schema.text("The address that was asked for")),
      Schema.optional(
        "errors",
        Schema.list(
          Schema.object([
            Schema.required("field", Schema.text("A path: `name`, `rules[2].column`")),
            Schema.required("message", Schema.text()),
          ]), "What is wrong with each field")),
      Schema.optional("position", Schema.integer("Where in the SQL, in characters from 1")),
      Schema.optional("code", Schema.text("The database's own code")),
    ], "Problem details, as RFC 9457 has them")
}
