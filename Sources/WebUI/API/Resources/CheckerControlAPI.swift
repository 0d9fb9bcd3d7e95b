import CheckFiles
import Checking
import Domain
import Foundation
import HTTPTypes

/// What one does with a checker that is there: run, mute, disable.
enum CheckerControlAPI: APIResource {
  private static let path = "/checkers/{namespace}/{name}"

  static let endpoints: [Endpoint] = [
    Endpoint(
      .post, path + "/run", "runChecker", "checkers", "Run a checker now, and wait for what it comes to",
      content: .json(Schema.ref("Run")), problems: [.conflict]
    ) { call in
      .json(JSONValue(try await call.service.runNow(call.id, trigger: .api)))
    },
    Endpoint(
      .post, path + "/mute", "muteChecker", "checkers", "Withhold the deliveries of a checker's alarm",
      body: .json("MuteRequest"), content: .json(Schema.ref("Checker"))
    ) { call in
      let fields = try call.fields(["reason", "until", "for"])
      let reason = fields.requiredText("reason")
      let end = fields.end(after: call.now)
      try call.finish(fields)
      try await call.service.mute(call.id, reason: reason ?? "", until: end, author: call.author)
      return try await changed(call)
    },
    Endpoint(
      .post, path + "/unmute", "unmuteChecker", "checkers", "Deliver the alarm's events again",
      content: .json(Schema.ref("Checker"))
    ) { call in
      try await call.service.unmute(call.id, author: call.author)
      return try await changed(call)
    },
    Endpoint(
      .post, path + "/enable", "enableChecker", "checkers", "Run on schedule again",
      content: .json(Schema.ref("Checker"))
    ) { call in
      try await call.service.setEnabled(call.id, true)
      return try await changed(call)
    },
    Endpoint(
      .post, path + "/disable", "disableChecker", "checkers", "Run no more on schedule; the history stays",
      content: .json(Schema.ref("Checker"))
    ) { call in
      try await call.service.setEnabled(call.id, false)
      return try await changed(call)
    },
    Endpoint(
      .get, path + "/ping", "getPing", "checkers", "Where the job of a heartbeat reports; the path is a secret",
      content: .json(Schema.ref("Ping"))
    ) { call in
      ping(try await call.service.pingToken(of: call.id), call)
    },
    Endpoint(
      .post, path + "/ping/renew", "renewPing", "checkers",
      "Give a heartbeat another address; the old one answers no more",
      content: .json(Schema.ref("Ping"))
    ) { call in
      ping(try await call.service.renewPingToken(of: call.id), call)
    },
  ]

  static func changed(_ call: APICall) async throws -> APIAnswer {
    .json(JSONValue(try await CheckersAPI.stored(call.id, call), at: call.now))
  }

  private static func ping(_ token: String, _ call: APICall) -> APIAnswer {
    let path = "/ping/\(token)"
    return .json(["path": .string(path), "url": .optional(call.site.access.address.base.map { $0 + path })])
  }

  static let schemas: [(name: String, schema: JSONValue)] = [
    (
      "Ping",
      Schema.object([
        Schema.required("path", Schema.text("Below the service's address: `/ping/...`")),
        Schema.required("url", Schema.orNull(Schema.text("The whole address, where the service knows its own"))),
      ])
    ),
    (
      "MuteRequest",
      Schema.object([
        Schema.required("reason", ["type": "string", "minLength": 1, "description": "Shown to others"]),
        Schema.optional("until", Schema.time("The end; without one, until somebody takes the mute off")),
        Schema.optional("for", AttentionAPI.length),
      ])
    ),
    (
      "RestoreRequest",
      Schema.object([Schema.required("version", Schema.integer("The version to restore", in: 1...Int(Int32.max)))])
    ),
  ]
}
