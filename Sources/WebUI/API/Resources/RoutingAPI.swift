import CheckFiles
import Checking
import Domain
import HTTPTypes

/// `/routing`.
enum RoutingAPI: APIResource {
  static let endpoints: [Endpoint] = [
    Endpoint(
      .get, "/routing", "getRouting", "routing", "The tree that decides which actions hear of which alarms",
      content: .json(Schema.ref("RoutingTree")), isVersioned: true
    ) { call in
      let newest = try await call.service.routingVersions().first
      return .json(RoutingText.json(newest?.tree ?? RoutingTree())).tagged("\(newest?.version ?? 0)")
    },
    Endpoint(
      .put, "/routing", "replaceRouting", "routing", "Replace the tree; one without routes takes it away",
      body: .json("RoutingTree"), content: .json(Schema.ref("RoutingTree")), problems: [.conflict], isVersioned: true
    ) { call in
      let tree = try call.document { json throws(CheckFileError) in try RoutingText.read(json) }
      if call.json["routes"] == nil { throw WebProblem.field("routes", "is needed; [] takes all routes away") }
      let old = try await version(call)
      try call.requireMatch("\(old)", of: "The routing")
      try await call.service.save(tree, expectedVersion: call.ifMatch == nil ? nil : old, author: call.author)
      return .json(RoutingText.json(tree)).tagged("\(try await version(call))")
    },
    Endpoint(
      .get, "/routing/versions", "listRoutingVersions", "routing",
      "Every version of the tree, the newest first; replace the tree with an old one to go back to it",
      query: QueryParameter.paging, content: .json(Schema.page(Schema.ref("RoutingVersion")))
    ) { call in
      let versions = try await call.service.routingVersions()
      return try await APIPage.newest(call, json: { JSONValue($0) }, read: { _ in versions }).answer
    },
    Endpoint(
      .get, "/routing/explain", "explainRouting", "routing",
      "Where the alarm of a checker would go now, and why: every route that was looked at",
      query: [QueryParameter("checker", "`namespace/name`")], content: .json(Schema.ref("RoutingExplanation")),
      problems: [.notFound]
    ) { call in
      guard let id = try call.qualifiedName("checker") else {
        throw WebProblem.field("checker", "say which checker: 'namespace/name'")
      }
      return .json(JSONValue(try await call.service.explainRouting(id)))
    },
  ]

  /// 0 where nobody saved one yet.
  private static func version(_ call: APICall) async throws -> Int {
    try await call.service.routingVersions().first?.version ?? 0
  }

  private static let grouping: [Schema.Member] = [
    Schema.optional(
      "group_by",
      Schema.orNull(
        Schema.texts(
          "Alarms that share these are told of in one message: \(RoutingTree.Grouping.keys.joined(separator: ", ")), "
            + "tag:NAME; null: each alone"))),
    Schema.optional("group_wait", Schema.orNull(Schema.text("How long the first of a group waits for others"))),
    Schema.optional(
      "group_interval", Schema.orNull(Schema.text("How long after a message the next one about the group comes"))),
  ]

  static let schemas: [(name: String, schema: JSONValue)] = [
    ("RoutingTree", Schema.object([Schema.required("routes", Schema.list(Schema.ref("Route")))])),
    (
      "RoutingVersion",
      Schema.object([
        Schema.required("version", Schema.integer("From 1")),
        Schema.required("author", Schema.text("Empty where it is not known")),
        Schema.required("saved_at", Schema.orNull(Schema.time())),
        Schema.required("tree", Schema.ref("RoutingTree")),
      ])
    ),
    (
      "Route",
      Schema.object(
        [
          Schema.optional("match", Schema.texts("All must hold: `namespace=shop`, `tag!=noisy`; none: every alarm")),
          Schema.optional("actions", Schema.texts("Names of actions; none: those of the branch it stands in")),
        ] + grouping + [
          Schema.optional("continue", Schema.boolean("Routes beside it are looked at too")),
          Schema.optional("routes", Schema.list(Schema.ref("Route"), "Looked at once this one fits")),
        ])
    ),
    (
      "RoutingExplanation",
      Schema.object([
        Schema.required("checker", RunsAPI.checker),
        Schema.required(
          "steps",
          Schema.list(
            Schema.object([
              Schema.required("path", Schema.text("The route's place in the tree: `2.1`")),
              Schema.required("match", Schema.texts()), Schema.required("taken", Schema.boolean()),
              Schema.required("reason", Schema.text()),
            ]), "None when the checker names its actions itself")),
        Schema.required(
          "destinations",
          Schema.list(
            Schema.object([
              Schema.required("action", Schema.text()), Schema.required("channel", Schema.text()),
              Schema.required("reason", Schema.text()),
              Schema.required(
                "notices", Schema.list(Schema.choice(AlarmTransition.Notice.allCases.map(\.rawValue)))),
              Schema.required("group", Schema.orNull(Schema.text("The group it is told of with"))),
            ]))),
        Schema.required("withheld", Schema.orNull(Schema.text("Why nobody is told now"))),
      ])
    ),
  ]
}

extension JSONValue {
  init(_ version: RoutingVersion) {
    self = [
      "version": .integer(version.version), "author": .string(version.author),
      "saved_at": version.savedAt.map { .time($0) } ?? .null, "tree": RoutingText.json(version.tree),
    ]
  }

  init(_ explanation: RoutingExplanation) {
    self = [
      "checker": .string(explanation.subject.checker.description),
      "steps": .array(
        explanation.steps.map {
          [
            "path": .string($0.path), "match": .strings($0.matchers.map(\.text)), "taken": .boolean($0.isTaken),
            "reason": .string($0.reason),
          ]
        }),
      "destinations": .array(
        explanation.destinations.map {
          [
            "action": .string($0.action), "channel": .string($0.channel), "reason": .string($0.reason),
            "notices": .strings($0.notices.map(\.rawValue).sorted()), "group": .optional($0.groupKey),
          ]
        }), "withheld": .optional(explanation.withheld),
    ]
  }
}
