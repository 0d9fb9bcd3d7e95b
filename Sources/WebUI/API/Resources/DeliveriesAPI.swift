import CheckFiles
import Checking
import Domain
import HTTPTypes

/// `/deliveries`.
enum DeliveriesAPI: APIResource {
  static let endpoints: [Endpoint] = [
    Endpoint(
      .get, "/deliveries", "listDeliveries", "deliveries", "What was and is to be delivered, the newest first",
      query: [
        QueryParameter("action", "Only those of this action."),
        QueryParameter("checker", "Only those of this checker: `namespace/name`."),
        QueryParameter("state", "Only those that are so: `failed`, `waiting` ..."),
      ] + QueryParameter.paging, content: .json(Schema.page(Schema.ref("Delivery"))), problems: [.notFound]
    ) { call in
      let state = try call.value("state").map { text in
        guard let state = Delivery.State(rawValue: text) else {
          throw WebProblem.field("state", "is one of waiting, sending, delivered, failed, withheld, grouped")
        }
        return state
      }
      return try await page(
        call, action: call.value("action"), checker: try call.qualifiedName("checker"), state: state)
    },
    Endpoint(
      .get, "/deliveries/{id}", "getDelivery", "deliveries", "One delivery", content: .json(Schema.ref("Delivery"))
    ) { call in
      .json(JSONValue(try await stored(call)))
    },
    Endpoint(
      .post, "/deliveries/{id}/resend", "resendDelivery", "deliveries",
      "Put a delivery that failed, or was withheld, back in line", content: .json(Schema.ref("Delivery")),
      problems: [.conflict]
    ) { call in
      let delivery = try await stored(call)
      try await call.service.resend(delivery.id)
      return .json(JSONValue(try await stored(call)))
    },
  ]

  static func page(
    _ call: APICall, action: String?, checker: QualifiedName?, state: Delivery.State? = nil
  ) async throws -> APIAnswer {
    let page = try await APIPage.newest(
      call, json: { JSONValue($0) },
      read: { count in try await call.store.deliveries(action: action, checker: checker, state: state, limit: count) })
    return page.answer
  }

  private static func stored(_ call: APICall) async throws -> Delivery {
    guard let id = Int64(call.name("id")), let delivery = try await call.store.delivery(id) else {
      throw WebProblem.notFound("There is no delivery '\(call.name("id"))'.")
    }
    return delivery
  }

  static let schemas: [(name: String, schema: JSONValue)] = [
    (
      "Delivery",
      Schema.object([
        Schema.required("id", Schema.integer()), Schema.required("action", Schema.text()),
        Schema.required("event", Schema.text("The event's id, the same for every delivery of it")),
        Schema.required("kind", Schema.choice(Event.Subject.keys, "What the event tells")),
        Schema.required("checker", RunsAPI.checker),
        Schema.required("row", Schema.orNull(RowAlarmsAPI.row)),
        Schema.required(
          "about",
          Schema.orNull(Schema.choice(["data_source", "action"], "What `checker` names when it is no checker"))),
        Schema.required("run", Schema.text()),
        Schema.required("state", Schema.choice(["waiting", "sending", "delivered", "failed", "withheld", "grouped"])),
        Schema.required("reason", Schema.text("Why it is sent or withheld")),
        Schema.required("attempts", Schema.integer()),
        Schema.required("last_error", Schema.orNull(Schema.text())), Schema.required("created_at", Schema.time()),
        Schema.required("next_attempt_at", Schema.orNull(Schema.time())),
        Schema.required("finished_at", Schema.orNull(Schema.time())),
      ])
    )
  ]
}
