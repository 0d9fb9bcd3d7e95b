import CheckFiles
import Checking
import Domain
import HTTPTypes

/// `/alarms`.
enum AlarmsAPI: APIResource {
  static let endpoints: [Endpoint] = [
    Endpoint(
      .get, "/alarms", "listAlarms", "alarms",
      "The alarms that need attention now: red and erroring ones, the worst first; or those in one state",
      query: [
        QueryParameter(
          "state", "Those in this state instead.", Schema.choice(DisplayState.allCases.map(\.rawValue))),
        QueryParameter("namespace", "Only those of this namespace."),
      ] + QueryParameter.paging,
      content: .json(
        Schema.object([
          Schema.required("items", Schema.list(Schema.ref("AlarmSummary"))), Schema.next,
          Schema.required("total", Schema.integer("How many there are on all pages")),
        ]))
    ) { call in
      let alarms = try await OpenAlarm.all(of: try await checkers(call), call.store, at: call.now)
      let page = try await APIPage.newest(call, json: { summary($0, call) }) { Array(alarms.prefix($0)) }
      return .json([
        "items": .array(page.items), "next": .optional(page.next), "total": .integer(alarms.count),
      ])
    },
    Endpoint(
      .get, "/alarms/history", "listTransitions", "alarms", "Every change of an alarm's state, the newest first",
      query: [QueryParameter("checker", "Only those of this checker: `namespace/name`.")] + QueryParameter.paging,
      content: .json(Schema.page(Schema.ref("Transition"))), problems: [.notFound]
    ) { call in
      let checker = try call.qualifiedName("checker")
      let page = try await APIPage.newest(call, json: { JSONValue($0) }) { count in
        try await call.store.transitions(of: checker, limit: count)
      }
      return page.answer
    },
  ]

  /// Whose alarms are asked for, the worst first.
  private static func checkers(_ call: APICall) async throws -> [StoredChecker] {
    let state = try call.choice("state", DisplayState.self)
    let filter = OverviewFilter(
      state: state, namespace: call.value("namespace"), attentionLimit: .max, perNamespaceLimit: 0, at: call.now)
    if state == nil { return try await call.store.overview(filter).attention }
    return try await call.store.checkersWorstFirst(filter, offset: 0, limit: .max).checkers
  }

  private static func summary(_ open: OpenAlarm, _ call: APICall) -> JSONValue {
    let stored = open.stored
    return [
      "checker": .string(stored.checker.id.description),
      "state": .string(stored.displayState(at: call.now).rawValue),
      "severity": .string(stored.checker.severity.rawValue), "owner": .string(stored.checker.owner),
      "alarm": JSONValue(stored.alarm, of: stored.checker), "mute": stored.mute.map { JSONValue($0) } ?? .null,
      "summary": .string(stored.finding),
      "row": open.row.map { JSONValue($0) } ?? .null,
    ]
  }

  static let schemas: [(name: String, schema: JSONValue)] = [
    (
      "AlarmSummary",
      Schema.object([
        Schema.required("checker", RunsAPI.checker),
        Schema.required("state", Schema.choice(DisplayState.allCases.map(\.rawValue))),
        Schema.required("severity", Schema.choice(Severity.allCases.map(\.rawValue))),
        Schema.required("owner", Schema.text()), Schema.required("alarm", Schema.ref("Alarm")),
        Schema.required("mute", Schema.orNull(Schema.ref("Mute"))),
        Schema.required("summary", Schema.orNull(Schema.text("What the last run came to"))),
        Schema.required("row", Schema.orNull(RowAlarmsAPI.row)),
      ])
    ),
    (
      "Transition",
      Schema.object([
        Schema.required("checker", RunsAPI.checker),
        Schema.required("sequence", Schema.integer("From 1, without gaps within one alarm")),
        Schema.required("from", Schema.choice(Alarm.State.allCases.map(\.rawValue))),
        Schema.required("to", Schema.choice(Alarm.State.allCases.map(\.rawValue))),
        Schema.required("is_warning", Schema.boolean()), Schema.required("was_warning", Schema.boolean()),
        Schema.required("at", Schema.time()),
        Schema.required("previous_since", Schema.time("When the state that ended had begun")),
        Schema.required("run", Schema.text()), Schema.required("summary", Schema.text()),
        Schema.required("row", Schema.orNull(RowAlarmsAPI.row)),
      ])
    ),
  ]
}
