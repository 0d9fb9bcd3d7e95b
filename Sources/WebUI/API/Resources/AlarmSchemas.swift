import CheckFiles
import Domain

/// How alarms and what steers them are described.
enum AlarmSchemas {
  /// The keys are those of check files; docs/alarms.md tells what they mean.
  static let policy = Schema.object(
    [
      Schema.optional("for", time("How long the data must be wrong before the alarm turns red")),
      Schema.optional(
        "for_runs", Schema.integer("Failing runs in a row before it turns red", in: AlarmPolicy.runCounts)),
      Schema.optional("keep_firing_for", time("How long the data must be well before a red alarm turns green")),
      Schema.optional(
        "recover_after", Schema.integer("Passing runs in a row before it turns green", in: AlarmPolicy.runCounts)),
      Schema.optional("on_error", reaction("What a run does that could not be made")),
      Schema.optional("error_grace", time("How long runs may be impossible before on_error counts")),
      Schema.optional("on_empty", reaction("What a run does that found nothing to measure")),
      Schema.optional("empty_grace", time("How long there may be nothing to measure before on_empty counts")),
      Schema.optional("stale_after", time("How long after a run was due the alarm goes stale; or never")),
      Schema.optional("missed_after", time("How long after a run was due it counts as a failure; or never")),
      Schema.optional("repeat_every", time("How often people are reminded of an open alarm; or never")),
      Schema.optional("per_row", Schema.texts("Columns that tell rows apart: each row that fails has its own alarm")),
      Schema.optional(
        "max_alarms", Schema.integer("How many alarms rows may have at a time", in: AlarmPolicy.rowAlarmCounts)),
    ], "When the alarm rings; what is missing has its default")

  static let acknowledgement = Schema.object([
    Schema.required("author", Schema.text()), Schema.required("comment", Schema.text()),
    Schema.required("at", Schema.time()),
    Schema.required("expires_at", Schema.orNull(Schema.time("null: until the alarm is resolved"))),
  ])

  private static func time(_ help: String) -> JSONValue { Schema.text(help + ". Such as 90s, 10m, 1h 30m") }

  private static func reaction(_ help: String) -> JSONValue {
    Schema.choice(AlarmPolicy.Reaction.allCases.map(\.rawValue), help)
  }
}
