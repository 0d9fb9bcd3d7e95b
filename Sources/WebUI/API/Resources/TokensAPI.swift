import CheckFiles
import Checking
import HTTPTypes

/// `/settings/tokens`.
enum TokensAPI: APIResource {
  static let endpoints: [Endpoint] = [
    Endpoint(
      .get, "/settings/tokens", "listTokens", "settings",
      "Every API token, the newest first; not the tokens themselves",
      query: QueryParameter.paging, content: .json(Schema.page(Schema.ref("Token")))
    ) { call in
      let tokens = try await call.site.access.tokens()
      return try await APIPage.newest(call, json: json, read: { _ in tokens }).answer
    },
    Endpoint(
      .post, "/settings/tokens", "createToken", "settings", "Make a token; it is answered once and not kept",
      body: .json("TokenRequest"), status: .created, content: .json(Schema.ref("NewToken"))
    ) { call in
      let fields = try call.fields(["name"])
      let name = fields.requiredText("name") ?? ""
      if !(1...100).contains(name.count) { fields.problem("name", "must have 1 to 100 characters") }
      try call.finish(fields)
      let text = try await call.site.access.addToken(named: name)
      guard let token = try await call.site.access.token(text) else {
        throw WebProblem(.conflict, "Conflict", "The token was revoked at once.")
      }
      call.site.events.report("token '\(token.name)' made by \(call.author)")
      return .created(json(token).setting("token", .string(text)), at: ["settings", "tokens", token.id])
    },
    Endpoint(
      .delete, "/settings/tokens/{id}", "revokeToken", "settings", "Revoke a token", status: .noContent, content: .none
    ) { call in
      let id = call.name("id")
      guard let token = try await call.site.access.tokens().first(where: { $0.id == id }) else {
        throw WebProblem.notFound("There is no token '\(id)'.")
      }
      try await call.site.access.deleteToken(id)
      call.site.events.report("token '\(token.name)' revoked by \(call.author)")
      return .nothing
    },
  ]

  private static func json(_ token: APIToken) -> JSONValue {
    ["id": .string(token.id), "name": .string(token.name), "created_at": .time(token.createdAt)]
  }

  private static let members = [
    Schema.required("id", Schema.text()), Schema.required("name", Schema.text()),
    Schema.required("created_at", Schema.time()),
  ]

  static let schemas: [(name: String, schema: JSONValue)] = [
    ("Token", Schema.object(members)),
    ("NewToken", Schema.object(members + [Schema.required("token", Schema.text("Send it as `Bearer`"))])),
    (
      "TokenRequest",
      Schema.object([
        Schema.required("name", ["type": "string", "minLength": 1, "maxLength": 100, "description": "For whom it is"])
      ])
    ),
  ]
}
