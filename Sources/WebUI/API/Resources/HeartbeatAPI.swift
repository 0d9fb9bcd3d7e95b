import CheckFiles
import Checking
import HTTPTypes

/// `/settings/heartbeat`.
enum HeartbeatAPI: APIResource {
  static let endpoints: [Endpoint] = [
    Endpoint(
      .get, "/settings/heartbeat", "getHeartbeat", "settings", "Who is told once a minute that the scheduler is alive",
      content: .json(Schema.ref("Heartbeat"))
    ) { call in
      .json(answer(try await call.service.heartbeatURL()))
    },
    Endpoint(
      .put, "/settings/heartbeat", "setHeartbeat", "settings", "Tell somebody else, or nobody",
      body: .json("HeartbeatRequest"), content: .json(Schema.ref("Heartbeat")), problems: [.unprocessableContent]
    ) { call in
      let fields = try call.fields(["url"])
      let url = fields.text("url") ?? ""
      try call.finish(fields)
      try await call.service.setHeartbeatURL(url)
      return .json(answer(try await call.service.heartbeatURL()))
    },
  ]

  /// Without what may be a secret.
  private static func answer(_ url: String?) -> JSONValue {
    ["is_set": .boolean(url != nil), "url": .optional(url.map { SecretText.masked(secret: $0) })]
  }

  static let schemas: [(name: String, schema: JSONValue)] = [
    (
      "Heartbeat",
      Schema.object([
        Schema.required("is_set", Schema.boolean()),
        Schema.required("url", Schema.orNull(Schema.text("Masked unless it is `${NAME}`"))),
      ])
    ),
    (
      "HeartbeatRequest",
      Schema.object([Schema.optional("url", Schema.text("http or https, or `${NAME}`; empty or left out: nobody"))])
    ),
  ]
}
