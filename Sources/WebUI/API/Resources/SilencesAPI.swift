import CheckFiles
import Checking
import Domain
import Foundation
import HTTPTypes

/// `/silences`.
enum SilencesAPI: APIResource {
  static let endpoints: [Endpoint] = [
    Endpoint(
      .get, "/silences", "listSilences", "silences",
      "Silences that are active, upcoming, between their hours, or that ended within seven days, the next to end first",
      query: [
        QueryParameter("phase", "Only those in this phase.", Schema.choice(Silence.Phase.allCases.map(\.rawValue)))
      ], content: .json(Schema.object([Schema.required("items", Schema.list(Schema.ref("Silence")))]))
    ) { call in
      let phase = try call.choice("phase", Silence.Phase.self)
      let views = try await call.service.silences().filter { phase == nil || $0.phase == phase }
      return .json(["items": .array(views.map { JSONValue($0) })])
    },
    Endpoint(
      .post, "/silences", "createSilence", "silences", "Withhold the deliveries of every alarm that fits",
      body: .json("SilenceRequest"), status: .created, content: .json(Schema.ref("Silence"))
    ) { call in
      let saved = try await call.service.save(try silence(call))
      return .created(JSONValue(try await call.service.silence(saved.id)), at: ["silences", "\(saved.id)"])
    },
    Endpoint(
      .get, "/silences/{id}", "getSilence", "silences", "One silence, and what it hides now",
      content: .json(Schema.ref("Silence")), problems: [.notFound]
    ) { call in .json(JSONValue(try await call.service.silence(try id(call)))) },
    Endpoint(
      .put, "/silences/{id}", "replaceSilence", "silences", "Replace a silence",
      body: .json("SilenceRequest"), content: .json(Schema.ref("Silence")), problems: [.notFound]
    ) { call in
      var changed = try silence(call)
      changed.id = try await call.service.silence(try id(call)).silence.id
      let saved = try await call.service.save(changed)
      return .json(JSONValue(try await call.service.silence(saved.id)))
    },
    Endpoint(
      .delete, "/silences/{id}", "endSilence", "silences",
      "End a silence now; what is still open is told, and the silence stays in the list for seven days",
      status: .noContent, content: .none, problems: [.notFound]
    ) { call in
      try await call.service.endSilence(try id(call))
      return .nothing
    },
  ]

  private static func id(_ call: APICall) throws -> Int64 {
    guard let id = Int64(call.name("id")) else {
      throw WebProblem.notFound("There is no silence '\(call.name("id"))'.")
    }
    return id
  }

  private static func silence(_ call: APICall) throws -> Silence {
    let fields = try call.fields(
      ["matchers", "starts_at", "ends_at", "for", "hours", "comment"], answered: Self.answered)
    let matchers = fields.texts("matchers").compactMap { text -> AlarmMatcher? in
      do throws(AlarmMatcherError) { return try AlarmMatcher.parse(text) } catch {
        fields.problem("matchers", error.message)
        return nil
      }
    }
    let start = time("starts_at", fields) ?? call.now
    var end = time("ends_at", fields)
    if fields.has("for") {
      if end != nil { fields.problem("for", "say either until when or for how long") }
      end = fields.end(after: start)
    }
    let hours = fields.text("hours").flatMap { text -> QuietHours? in
      do throws(AlarmMatcherError) { return try QuietHours.parse(text) } catch {
        fields.problem("hours", error.message)
        return nil
      }
    }
    let comment = fields.text("comment") ?? ""
    try call.finish(fields)
    return Silence(
      matchers: matchers, startsAt: start, endsAt: end, hours: hours, author: call.author, comment: comment)
  }

  private static func time(_ key: String, _ fields: JSONFields) -> Date? {
    guard let text = fields.text(key) else { return nil }
    if let time = MomentText.read(text, isWhole: true) { return time }
    fields.problem(key, "must be a time in ISO 8601, as in 2026-03-02T12:00:00Z, not '\(text)'")
    return nil
  }

  /// Keys of answers that a request may send back; they are not read.
  private static let answered = ["id", "phase", "author", "matched", "open"]

  private static let written = [
    Schema.required(
      "matchers",
      Schema.texts("All must hold: `namespace=shop`, `checker=shop/orders-*`, `tag!=noisy`, `severity=info,warning`")
        .setting("minItems", 1).setting("maxItems", .integer(CheckerService.mostMatchers)))
  ]

  private static let hours = Schema.text("Only at these hours: `mon-fri 22:00-06:00 Europe/Lisbon`")

  static let schemas: [(name: String, schema: JSONValue)] = [
    (
      "SilenceRequest",
      Schema.object(
        written + [
          Schema.optional("starts_at", Schema.orNull(Schema.time("Now, when left out"))),
          Schema.optional("ends_at", Schema.orNull(Schema.time("null: until somebody ends it"))),
          Schema.optional("for", AttentionAPI.length), Schema.optional("hours", Schema.orNull(hours)),
          Schema.required("comment", Schema.text("Why").setting("minLength", 1)),
        ] + answered.map { Schema.optional($0, ["readOnly": true, "description": "Answered; not read in requests"]) })
    ),
    (
      "Silence",
      Schema.object(
        [Schema.required("id", Schema.integer())] + written + [
          Schema.required("starts_at", Schema.time()),
          Schema.required("ends_at", Schema.orNull(Schema.time())), Schema.required("hours", Schema.orNull(hours)),
          Schema.required("author", Schema.text()), Schema.required("comment", Schema.text()),
          Schema.required(
            "phase",
            Schema.choice(Silence.Phase.allCases.map(\.rawValue), "`waiting`: between two of its quiet hours")),
          Schema.required("matched", Schema.integer("How many checkers it fits")),
          Schema.required("open", Schema.list(RunsAPI.checker, "Those of them whose alarm is open")),
        ])
    ),
  ]
}

extension JSONValue {
  init(_ view: SilenceView) {
    let silence = view.silence
    self = [
      "id": .integer(silence.id), "matchers": .strings(silence.matchers.map(\.text)),
      "starts_at": .time(silence.startsAt), "ends_at": .time(silence.endsAt),
      "hours": .optional(silence.hours?.text), "author": .string(silence.author),
      "comment": .string(silence.comment), "phase": .string(view.phase.rawValue),
      "matched": .integer(view.matched), "open": .strings(view.open.map(\.description)),
    ]
  }
}
