import CheckFiles
import Domain
import Rules

/// How checkers and their rules are described.
enum CheckerSchemas {
  static let all: [(name: String, schema: JSONValue)] =
    [
      ("CheckerRequest", Schema.object(definition(readOnly: true))),
      ("Checker", Schema.object(definition(readOnly: false))),
      ("CheckerDefinition", Schema.object(written(allRequired: true))),
      (
        "CheckerVersion",
        Schema.object([
          Schema.required("version", Schema.integer()), Schema.required("author", Schema.text()),
          Schema.required("saved_at", Schema.time()), Schema.required("checker", Schema.ref("CheckerDefinition")),
        ])
      ),
      (
        "Mute",
        Schema.object([
          Schema.required("reason", Schema.text()), Schema.required("author", Schema.text()),
          Schema.required("started_at", Schema.time()),
          Schema.required("ends_at", Schema.orNull(Schema.time("null: until somebody takes it off"))),
        ])
      ),
      (
        "Alarm",
        Schema.object([
          Schema.required("state", Schema.choice(Alarm.State.allCases.map(\.rawValue))),
          Schema.required("since", Schema.time()),
          Schema.required("is_warning", Schema.boolean("Red because of warnings only")),
          Schema.required("run", Schema.orNull(Schema.text("The run that brought the state about"))),
          Schema.required("sequence", Schema.integer("Counts transitions, from 0")),
          Schema.required("opened_at", Schema.orNull(Schema.time("When what is open now began"))),
          Schema.required(
            "recovery",
            Schema.orNull(
              Schema.text("While it is red or recovering, what it needs to be green beside one good run, in words"))),
          Schema.required("acknowledgement", Schema.orNull(Schema.ref("Acknowledgement"))),
        ])
      ),
      ("AlarmPolicy", AlarmSchemas.policy), ("RecoveryThreshold", recovery),
      ("Acknowledgement", AlarmSchemas.acknowledgement), ("Rule", rule),
    ] + RuleCatalogue.kinds.map { (name(of: $0), schema(of: $0)) }

  /// A checker: as a request may send it, or as an answer has it.
  private static func definition(readOnly: Bool) -> [Schema.Member] {
    let answered: [(String, JSONValue)] = [
      ("saved_at", Schema.time()),
      (
        "state",
        Schema.choice(DisplayState.allCases.map(\.rawValue), "How it is shown: its alarm's state, or muted")
      ),
      ("alarm", Schema.ref("Alarm")), ("rows", Schema.orNull(Schema.ref("RowsSummary"))),
      ("mute", Schema.orNull(Schema.ref("Mute"))),
      ("next_run_at", Schema.orNull(Schema.time())),
      ("run_delay", Schema.orNull(Schema.text("Why the next run is not when the schedule says"))),
      ("last_run", Schema.orNull(Schema.ref("RunSummary"))),
    ]
    let version = Schema.integer("In a request: the version that it was made from; 409 when there is a newer one")
    return written(allRequired: !readOnly)
      + [Schema.Member(name: "version", schema: version, isRequired: !readOnly)]
      + answered.map { name, schema in
        readOnly
          ? Schema.optional(name, ["readOnly": true, "description": "Answered; not read in requests"])
          : Schema.required(name, schema)
      }
  }

  private static func written(allRequired: Bool) -> [Schema.Member] {
    let members: [(String, JSONValue, Bool)] = [
      ("namespace", Shared.namespace, false), ("name", Shared.name, true),
      ("description", Schema.text("What must be true, in a person's words"), false),
      ("severity", Schema.choice(Severity.allCases.map(\.rawValue)), false),
      (
        "schedule",
        Schema.orNull(Schema.text("Five cron fields, `@hourly` and the like, or `every 15 minutes`; null: by hand")),
        false
      ),
      ("timezone", Schema.orNull(Schema.text("An IANA name, such as Europe/Lisbon")), false),
      ("owner", Schema.text(), false), ("tags", Schema.texts(), false),
      ("enabled", Schema.boolean("Runs on its schedule"), false),
      ("actions", Schema.texts("Names of actions; empty: the ones that take every checker"), false),
      ("runbook", Schema.text("Markdown for the person who is called"), false),
      ("alarm_policy", Schema.ref("AlarmPolicy"), false),
      (
        "data_source",
        Schema.orNull(
          Schema.text("The data source whose tables are meant where a name is no dataset's; kept unless set")),
        false
      ),
    ]
    let body: [(String, JSONValue)] = [
      ("rules", Schema.list(Schema.ref("Rule"), "This, or `script`, or `module`").setting("minItems", 1)),
      ("script", Schema.ref("Script")), ("module", Schema.ref("Module")),
      (
        "heartbeat",
        Schema.object(
          [
            Schema.optional("schedule", Schema.text("When a ping is expected, in place of the checker's `schedule`")),
            Schema.optional("every", Schema.text("How often one is expected: `1d`")),
            Schema.optional("timezone", Schema.text()),
            Schema.optional("grace", Schema.text("How late it may be; the same as `stale_after`")),
          ], "A job elsewhere reports how it went")
      ),
      ("datasets", Schema.texts("What a module asks for")), ("fixtures", Schema.list(Schema.ref("Fixture"))),
      (
        "limits",
        Schema.object(
          [
            Schema.optional("seconds", Schema.number("Of its own work; 5 unless set, 60 at most")),
            Schema.optional("memory_mib", Schema.integer("256 for a script, 64 for a module, unless set")),
            Schema.optional("data_mib", Schema.integer("Of all it reads together; 64 unless set")),
          ], "What a script or module may use up")
      ),
      (
        "parameters",
        [
          "type": "object", "additionalProperties": ["type": "string"],
          "description": "What a script or module reads with `param`",
        ]
      ),
    ]
    return members.map { Schema.Member(name: $0, schema: $1, isRequired: allRequired || $2) }
      + body.map { Schema.optional($0, $1) }
  }

  private static let rule: JSONValue = [
    "oneOf": .array(RuleCatalogue.kinds.map { Schema.ref(name(of: $0)) }),
    "discriminator": [
      "propertyName": "check",
      "mapping": .object(
        RuleCatalogue.kinds.map { JSONValue.Member($0.key, .string("#/components/schemas/\(name(of: $0))")) }),
    ],
  ]

  private static let recovery = Schema.object(
    Threshold.keys.map { Schema.optional($0, bound($0)) },
    "The one threshold that the value must meet before a red alarm counts as well again")

  /// `row_count` becomes `RowCountRule`.
  private static func name(of kind: any RuleKind) -> String {
    kind.key.split(separator: "_").map { $0.prefix(1).uppercased() + $0.dropFirst() }.joined() + "Rule"
  }

  private static func schema(of kind: any RuleKind) -> JSONValue {
    var members = [
      Schema.required("check", ["const": .string(kind.key), "type": "string"]),
      Schema.required(
        "dataset", Schema.text("The name of a dataset or table, bare or with its namespace").setting("minLength", 1)),
    ]
    for parameter in kind.parameters {
      // Each may stand under another name, so none can be required by itself.
      let isRequired = parameter.isRequired && parameter.aliases.isEmpty
      for key in [parameter.key] + parameter.aliases {
        members.append(Schema.Member(name: key, schema: schema(of: parameter), isRequired: isRequired))
      }
    }
    members += [
      Schema.optional("name", Schema.text("Shown in place of the rule's sentence")),
      Schema.optional("message", Schema.text("What to tell people when the rule does not hold")),
      Schema.optional("where", Schema.text("A SQL condition: only rows for which it is true count")),
    ]
    if kind.takesPercent {
      members.append(Schema.optional("percent", Schema.boolean("Measure a share of rows, 0 to 100")))
    }
    members += Threshold.keys.map { Schema.optional($0, bound($0)) }
    members.append(Schema.optional("recovery", Schema.ref("RecoveryThreshold")))
    members += [
      Schema.optional("level", Schema.choice(Level.allCases.map(\.rawValue))),
      Schema.optional("on_empty", Schema.choice(OnEmpty.allCases.map(\.rawValue))),
      Schema.optional("keys", Schema.texts("The columns that name a row to a person")),
      Schema.optional(
        "sample_size",
        Schema.integer("Failing rows to keep", in: Rule.sampleSizes, standard: Rule.defaultSampleSize)),
    ]
    return Schema.object(members, kind.help + " A rule has at most one threshold.")
  }

  private static func bound(_ key: String) -> JSONValue {
    guard key.hasSuffix("between") else { return Schema.number() }
    return Schema.list(Schema.number(), "Low and high").setting("minItems", 2).setting("maxItems", 2)
  }

  private static func schema(of parameter: RuleParameter) -> JSONValue {
    let scalar: JSONValue = ["type": ["string", "number", "boolean", "null"]]
    let plain: JSONValue =
      switch parameter.kind {
      case .column, .text, .pattern, .sql: ["type": "string", "minLength": 1]
      case .columns: ["anyOf": [["type": "string", "minLength": 1], Schema.texts().setting("minItems", 1)]]
      case .values: ["anyOf": [scalar, Schema.list(scalar).setting("minItems", 1)]]
      case .scalar: scalar
      case .boolean: Schema.boolean()
      case .choice(let choices): Schema.choice(choices)
      }
    return Schema.described(plain, parameter.help)
  }
}

extension CheckersAPI {
  static let schemas: [(name: String, schema: JSONValue)] =
    CheckerSchemas.all + [
      (
        "CheckerPreview",
        Schema.object(
          [
            Schema.required("outcome", Shared.outcome), Schema.required("reason", Schema.orNull(Schema.text())),
            Schema.required("milliseconds", Schema.number()),
            Schema.required("assertions", Schema.list(Schema.ref("Assertion"))),
            Schema.required("log", Schema.text("What code printed")),
          ] + CodeAPI.outcomeMembers)
      )
    ]
}

/// What several schemas hold.
enum Shared {
  static let name: JSONValue = [
    "type": "string", "minLength": 1, "maxLength": .integer(NameRule.maximumLength),
    "description": "Letters, digits, `-`, `_` and `.`",
  ]

  static let namespace: JSONValue = name.setting("default", "default")
  static let outcome = Schema.choice(Outcome.allCases.map(\.rawValue))
}
