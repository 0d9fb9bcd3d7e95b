import CheckFiles
import Checking
import HTTPTypes

/// `/settings/address`.
enum AddressAPI: APIResource {
  static let endpoints: [Endpoint] = [
    Endpoint(
      .get, "/settings/address", "getAddress", "settings", "Where people reach the service, as messages name it",
      content: .json(Schema.ref("Address"))
    ) { call in json(call) },
    Endpoint(
      .put, "/settings/address", "setAddress", "settings", "Say where people reach the service; null: no links",
      body: .json("Address"), content: .json(Schema.ref("Address"))
    ) { call in
      let fields = try call.fields(["public_url"])
      let text = fields.text("public_url") ?? ""
      if call.json["public_url"] == nil { fields.problem("public_url", "is needed; null takes the address away") }
      try call.finish(fields)
      try await call.site.access.address.set(text)
      return json(call)
    },
  ]

  private static func json(_ call: APICall) -> APIAnswer {
    .json(["public_url": .optional(call.site.access.address.base)])
  }

  static let schemas: [(name: String, schema: JSONValue)] = [
    (
      "Address",
      Schema.object([
        Schema.required("public_url", Schema.orNull(Schema.text("Such as https://checker.example.com")))
      ])
    )
  ]
}
