import CheckFiles
import Checking
import Domain
import HTTPTypes
import Rules

/// `/rule-kinds` and `/channel-kinds`: what rules and actions can be made of.
enum KindsAPI: APIResource {
  static let endpoints: [Endpoint] = [
    Endpoint(
      .get, "/rule-kinds", "listRuleKinds", "kinds", "Every kind of rule, with what it takes and means",
      content: .json(Schema.object([Schema.required("items", Schema.list(Schema.ref("RuleKind")))]))
    ) { _ in
      .json(["items": .array(RuleCatalogue.kinds.map(json))])
    },
    Endpoint(
      .get, "/channel-kinds", "listChannelKinds", "kinds", "Every kind of channel, with its settings",
      content: .json(Schema.object([Schema.required("items", Schema.list(Schema.ref("ChannelKind")))]))
    ) { call in
      .json(["items": .array(call.service.channels.kinds.map(json))])
    },
  ]

  private static func json(_ kind: any RuleKind) -> JSONValue {
    [
      "check": .string(kind.key), "title": .string(kind.title), "help": .string(kind.help),
      "parameters": .array(kind.parameters.map(json)), "takes_percent": .boolean(kind.takesPercent),
      "default_threshold": kind.defaultThreshold.map { .object([JSONValue.Member($0)]) } ?? .null,
      "default_on_empty": .string(kind.defaultOnEmpty.rawValue),
    ]
  }

  private static func json(_ parameter: RuleParameter) -> JSONValue {
    let (kind, choices): (String, [String]) =
      switch parameter.kind {
      case .column: ("column", [])
      case .columns: ("columns", [])
      case .values: ("values", [])
      case .scalar: ("scalar", [])
      case .text: ("text", [])
      case .pattern: ("pattern", [])
      case .sql: ("sql", [])
      case .boolean: ("boolean", [])
      case .choice(let choices): ("choice", choices)
      }
    return [
      "key": .string(parameter.key), "label": .string(parameter.label), "help": .string(parameter.help),
      "kind": .string(kind), "choices": .strings(choices), "is_required": .boolean(parameter.isRequired),
      "aliases": .strings(parameter.aliases),
    ]
  }

  private static func json(_ kind: ChannelKind) -> JSONValue {
    [
      "key": .string(kind.key), "title": .string(kind.title), "settings": .array(kind.settings.map(json)),
    ]
  }

  private static func json(_ setting: ChannelSetting) -> JSONValue {
    let (kind, choices): (String, [String]) =
      switch setting.kind {
      case .text: ("text", [])
      case .secret: ("secret", [])
      case .url: ("url", [])
      case .boolean: ("boolean", [])
      case .choice(let choices): ("choice", choices)
      case .number: ("number", [])
      case .lines: ("lines", [])
      }
    return [
      "key": .string(setting.key), "label": .string(setting.label), "help": .string(setting.help),
      "kind": .string(kind), "choices": .strings(choices), "is_required": .boolean(setting.isRequired),
      "default": .string(setting.defaultValue),
    ]
  }

  private static func field(_ kinds: [String], _ last: Schema.Member) -> JSONValue {
    Schema.object([
      Schema.required("key", Schema.text()), Schema.required("label", Schema.text()),
      Schema.required("help", Schema.text()), Schema.required("kind", Schema.choice(kinds)),
      Schema.required("choices", Schema.texts("For the kind `choice`")),
      Schema.required("is_required", Schema.boolean()), last,
    ])
  }

  static let schemas: [(name: String, schema: JSONValue)] = [
    (
      "RuleKind",
      Schema.object([
        Schema.required("check", Schema.text()), Schema.required("title", Schema.text()),
        Schema.required("help", Schema.text("The exact semantics, NULL and empty data included")),
        Schema.required(
          "parameters",
          Schema.list(
            field(
              ["column", "columns", "values", "scalar", "text", "pattern", "sql", "boolean", "choice"],
              Schema.required("aliases", Schema.texts("Other names"))))),
        Schema.required("takes_percent", Schema.boolean()),
        Schema.required(
          "default_threshold",
          Schema.orNull(
            Schema.object(
              Threshold.keys.map { Schema.optional($0, ["type": ["number", "array"]]) }, "null: one must be given"))),
        Schema.required("default_on_empty", Schema.choice(OnEmpty.allCases.map(\.rawValue))),
      ])
    ),
    (
      "ChannelKind",
      Schema.object([
        Schema.required("key", Schema.text()), Schema.required("title", Schema.text()),
        Schema.required(
          "settings",
          Schema.list(
            field(
              ["text", "lines", "number", "secret", "url", "boolean", "choice"],
              Schema.required("default", Schema.text())))),
      ])
    ),
  ]
}
