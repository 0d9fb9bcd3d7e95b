import CheckFiles
import Checking
import Domain
import HTTPTypes

/// `/runs`.
enum RunsAPI: APIResource {
  static let endpoints: [Endpoint] = [
    Endpoint(
      .get, "/runs", "listRuns", "runs", "Runs, the newest first",
      query: [
        QueryParameter("checker", "Only those of this checker: `namespace/name`."),
        QueryParameter("namespace", "Only those of this namespace's checkers."),
        QueryParameter("outcome", "Only those that came to this.", Shared.outcome),
      ] + QueryParameter.paging, content: .json(Schema.page(Schema.ref("RunSummary"))), problems: [.notFound]
    ) { call in
      let filter = RunFilter(
        checker: try call.qualifiedName("checker"), namespace: call.value("namespace"),
        outcome: try call.choice("outcome", Outcome.self))
      let limit = try call.limit()
      let found = try await call.store.runs(filter, limit: limit + 1, before: try call.cursor())
      let page = found.prefix(limit)
      let next = found.count > limit ? page.last.map { Cursor.text($0.id) } : nil
      return APIPage(items: page.map { JSONValue($0) }, next: next).answer
    },
    Endpoint(
      .get, "/runs/{id}", "getRun", "runs", "One run with its assertions and failing rows",
      content: .json(Schema.ref("Run"))
    ) { call in
      guard let run = try await call.store.run(call.name("id")) else {
        throw WebProblem.notFound("There is no run '\(call.name("id"))'; old runs are dropped after a while.")
      }
      return .json(JSONValue(run))
    },
    Endpoint(
      .post, "/runs/{id}/replay", "replayRun", "runs",
      "Run it again as it was, on the data of today: the same version, moment and randomness; nothing is saved or sent",
      content: .json(Schema.ref("Replay")), problems: [.conflict]
    ) { call in
      .json(JSONValue(try await call.service.replay(call.name("id"))))
    },
  ]

  static let schemas: [(name: String, schema: JSONValue)] = [
    (
      "RunSummary",
      Schema.object([
        Schema.required("id", Schema.text("Sorts by time")), Schema.required("checker", checker),
        Schema.required("trigger", Schema.choice(Run.Trigger.keys)), Schema.required("started_at", Schema.time()),
        Schema.required("milliseconds", Schema.number()), Schema.required("outcome", Shared.outcome),
        Schema.required("summary", Schema.text("One line: what is wrong, or how much is right")),
        Schema.required("assertion_count", Schema.integer()), Schema.required("failed_count", Schema.integer()),
      ])
    ),
    (
      "Run",
      Schema.object(
        [
          Schema.required("id", Schema.text("Sorts by time")), Schema.required("checker", checker),
          Schema.required("version", Schema.integer("Of the checker")),
          Schema.required("trigger", Schema.choice(Run.Trigger.keys)),
          Schema.required("scheduled_for", Schema.orNull(Schema.time())),
          Schema.required("started_at", Schema.time()), Schema.required("finished_at", Schema.time()),
          Schema.required("milliseconds", Schema.number()), Schema.required("outcome", Shared.outcome),
          Schema.required("reason", Schema.orNull(Schema.text("Why nothing could be concluded"))),
          Schema.required("summary", Schema.text()), Schema.required("log", Schema.text("What the checker wrote")),
          Schema.required("assertions", Schema.list(Schema.ref("Assertion"))),
        ] + CodeAPI.outcomeMembers)
    ),
    (
      "Replay",
      Schema.object([
        Schema.required("run", Schema.text("The id of the run")),
        Schema.required("same_verdicts", ["type": "boolean"]),
        Schema.required("same_fuel", Schema.orNull(["type": "boolean"])),
        Schema.required("now", Schema.ref("CheckerPreview")),
      ])
    ),
    (
      "Assertion",
      Schema.object([
        Schema.required("name", Schema.text()), Schema.required("check", Schema.text()),
        Schema.required("dataset", Schema.text()), Schema.required("outcome", Shared.outcome),
        Schema.required("message", Schema.text()),
        Schema.required(
          "observed",
          Schema.described(["type": ["number", "string", "boolean", "null"]], "The value that was measured")),
        Schema.required("unit", Schema.orNull(Schema.text())), Schema.required("expected", Schema.text("In words")),
        Schema.required("sample", Schema.orNull(Schema.ref("Sample"))),
        Schema.required("line", Schema.orNull(Schema.integer("Of the script that states it"))),
      ])
    ),
    (
      "Sample",
      Schema.object(
        [
          Schema.required("columns", Schema.texts()),
          Schema.required("rows", Schema.list(Schema.list([:]), "A value per column")),
          Schema.required("total", Schema.integer("How many rows there were in all")),
        ], "Some of the rows that made a rule fail")
    ),
  ]

  static let checker = Schema.text("`namespace/name`")
}
