import CheckFiles
import Checking
import Domain
import HTTPTypes

/// `/actions`.
enum ActionsAPI: APIResource {
  static let endpoints: [Endpoint] = [
    Endpoint(
      .get, "/actions", "listActions", "actions", "Every action, by name", query: QueryParameter.paging,
      content: .json(Schema.page(Schema.ref("Action")))
    ) { call in
      let actions = try await call.store.actions()
      let outages = try await call.store.outages()
      return try APIPage.of(actions, call, key: \.name) { json($0, call, outages) }.answer
    },
    Endpoint(
      .post, "/actions", "createAction", "actions", "Add an action", body: .json("Action"), status: .created,
      content: .json(Schema.ref("Action")), problems: [.conflict], isVersioned: true
    ) { call in
      let action = try read(call, nil)
      try await call.service.save(action, replacing: nil)
      return .created(json(action, call, []), at: ["actions", action.name]).tagged(fingerprint(action, call))
    },
    Endpoint(
      .get, "/actions/{name}", "getAction", "actions", "One action", content: .json(Schema.ref("Action")),
      isVersioned: true
    ) { call in
      let action = try await stored(call)
      return .json(json(action, call, try await call.store.outages())).tagged(fingerprint(action, call))
    },
    Endpoint(
      .put, "/actions/{name}", "replaceAction", "actions", "Replace an action; another name renames it",
      body: .json("Action"), content: .json(Schema.ref("Action")), problems: [.conflict],
      isVersioned: true
    ) { call in
      let old = try await stored(call)
      try call.requireMatch(fingerprint(old, call), of: "The action '\(old.name)'")
      let action = try read(call, old)
      try await call.service.save(action, replacing: old.name, expected: call.ifMatch == nil ? nil : old)
      return .json(json(action, call, [])).tagged(fingerprint(action, call))
    },
    Endpoint(
      .delete, "/actions/{name}", "deleteAction", "actions", "Delete an action that no checker names",
      status: .noContent, content: .none, problems: [.conflict]
    ) { call in
      try await call.service.deleteAction(call.name())
      return .nothing
    },
    Endpoint(
      .post, "/actions/{name}/test", "testAction", "actions", "Send a test event and wait for the receiver",
      content: tested, problems: [.badGateway, .unprocessableContent]
    ) { call in
      .json(["note": .optional(try await call.service.sendTest(try await stored(call)))])
    },
    Endpoint(
      .post, "/actions/test", "testUnsavedAction", "actions", "Send a test event with settings that need not be saved",
      body: .json("Action"), content: tested, problems: [.badGateway]
    ) { call in
      let known = try await call.json["name"]?.text.asyncFlatMap { try await call.store.action($0) }
      return .json(["note": .optional(try await call.service.sendTest(try read(call, known, name: "unsaved")))])
    },
    Endpoint(
      .post, "/actions/{name}/resend", "resendFailedDeliveries", "actions",
      "Put the deliveries of an action that failed back in line, those aside that newer news of their alarms overtook",
      content: .json(
        Schema.object([
          Schema.required("resent", Schema.integer("How many are sent again")),
          Schema.required("overtaken", Schema.integer("How many are left as they are")),
        ]))
    ) { call in
      let done = try await call.service.resendFailed(action: try await stored(call).name)
      return .json(["resent": .integer(done.resent), "overtaken": .integer(done.overtaken)])
    },
    Endpoint(
      .get, "/actions/{name}/deliveries", "listDeliveriesOfAction", "actions",
      "What was and is to be delivered, the newest first", query: QueryParameter.paging,
      content: .json(Schema.page(Schema.ref("Delivery")))
    ) { call in
      let action = try await stored(call).name
      return try await DeliveriesAPI.page(call, action: action, checker: nil)
    },
  ]

  /// What the receiver took may not be in the words that somebody wrote.
  private static let tested = Endpoint.Content.json(
    Schema.object([
      Schema.required(
        "note",
        Schema.orNull(
          Schema.text("Why a template failed, so that the default words were sent; null: the test is as it was written")
        ))
    ]))

  private static func stored(_ call: APICall) async throws -> Action {
    guard let action = try await call.store.action(call.name()) else {
      throw WebProblem.notFound("There is no action '\(call.name())'.")
    }
    return action
  }

  private static func fingerprint(_ action: Action, _ call: APICall) -> String {
    Fingerprint.of(action, call.service.channels.kinds)
  }

  private static func json(_ action: Action, _ call: APICall, _ outages: [Outage]) -> JSONValue {
    JSONValue(action, call.service.channels.kinds).setting("broken", outages.of(.action(action.name)))
  }

  private static func read(_ call: APICall, _ stored: Action?, name: String? = nil) throws -> Action {
    let action = try call.document { json throws(CheckFileError) in
      try JSONDocument.action(json.removing(["broken"]), name: stored?.name ?? name)
    }
    return try ActionSecrets(call.service.channels.kinds).restored(action, from: stored)
  }

  static let schemas: [(name: String, schema: JSONValue)] = [
    (
      "Action",
      Schema.object([
        Schema.required("name", Shared.name),
        Schema.required("channel", Schema.text("A key of `/channel-kinds`").setting("minLength", 1)),
        Schema.optional(
          "settings",
          Schema.map(["type": ["string", "boolean", "number"]], "What the channel takes; answered as texts")),
        Schema.optional(
          "notices",
          Schema.list(
            Schema.choice(AlarmTransition.Notice.allCases.map(\.rawValue)), "What it delivers; all by default")),
        Schema.optional("default", Schema.boolean("Takes the alarms of every checker that names no action")),
        Schema.optional("enabled", Schema.boolean()),
        Schema.optional(
          "group_by",
          Schema.list(
            Schema.text(), "What alarms share that are told of in one message: namespace, data_source, owner, tag:NAME")
        ),
        Schema.optional("group_wait", Schema.text("How long the first alarm waits for others: `30s`")),
        Schema.optional("group_interval", Schema.text("The pause between two messages of a group: `5m`")),
        OutageJSON.schema("broken", "It cannot deliver any more; only answered"),
        Schema.optional("fallback", Schema.text("The action that tells when this one cannot deliver any more")),
      ])
    )
  ]
}

extension Optional {
  fileprivate func asyncFlatMap<Value>(_ body: (Wrapped) async throws -> Value?) async rethrows -> Value? {
    guard let self else { return nil }
    return try await body(self)
  }
}
