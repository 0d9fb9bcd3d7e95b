import CheckFiles
import Checking
import Domain
import HTTPTypes

/// The alarms of a checker's rows.
enum RowAlarmsAPI: APIResource {
  /// The values that tell a row apart.
  static let row = Schema.map(
    Schema.orNull(Schema.text()), "The row that it is about: a text, or null for NULL, for each column of `per_row`")

  static let endpoints: [Endpoint] = [
    Endpoint(
      .get, "/checkers/{namespace}/{name}/rows", "listRowAlarms", "alarms",
      "The alarms of a checker's rows that are open, or of whose end somebody is still to hear; the worst first",
      content: .json(Schema.object([Schema.required("items", Schema.list(Schema.ref("RowAlarm")))])),
      problems: [.notFound]
    ) { call in
      let rows = try await call.store.rowAlarms(of: call.id)
      let checker = try await call.store.checker(call.id)?.checker
      return .json(
        [
          "items": .array(rows.map { ["row": JSONValue($0.key), "alarm": JSONValue($0.alarm, of: checker)] })
        ])
    }
  ]

  static let schemas: [(name: String, schema: JSONValue)] = [
    (
      "RowAlarm",
      Schema.object([Schema.required("row", row), Schema.required("alarm", Schema.ref("Alarm"))])
    ),
    (
      "RowsSummary",
      Schema.object([
        Schema.required("open", Schema.integer("How many rows have an alarm that is not green")),
        Schema.required("unattended", Schema.integer("How many of them nobody looks after")),
        Schema.required("state", Schema.choice(Alarm.State.allCases.map(\.rawValue), "The worst among them")),
        Schema.required("since", Schema.time()), Schema.required("is_warning", Schema.boolean()),
      ])
    ),
  ]
}

extension RowKey {
  static let problem = WebProblem.field(
    "row", "must be an object with a text, or null for NULL, for each column of 'per_row': {\"country\": \"PT\"}")

  /// `nil` where a request names none.
  init?(json: JSONValue?) throws {
    guard let json, json != .null else { return nil }
    guard case .object(let members) = json, !members.isEmpty else { throw Self.problem }
    self.init(
      try members.map { member in
        switch member.value {
        case .string(let text): Field(member.key, text)
        case .null: Field(member.key, nil)
        default: throw Self.problem
        }
      })
  }
}

extension JSONValue {
  init(_ row: RowKey) {
    self = .object(row.fields.map { Member($0.column, .optional($0.value)) })
  }

  init(_ rows: RowsSummary) {
    self = [
      "open": .integer(rows.open), "unattended": .integer(rows.unattended), "state": .string(rows.state.rawValue),
      "since": .time(rows.since), "is_warning": .boolean(rows.isWarning),
    ]
  }
}
