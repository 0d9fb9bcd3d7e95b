/// A name that a template may use.
struct TemplateVariable: Hashable, Sendable {
  enum Kind: Hashable, Sendable {
    case text
    /// True or false, for `{{#name}}` and `{{^name}}`.
    case flag
    /// Texts, shown by `{{#name}}{{.}}{{/name}}`.
    case texts
    /// `{{#name}}` once for each, with these names within.
    case list([TemplateVariable])
    /// `{{name.part}}`
    case group([TemplateVariable])
  }

  var name: String
  var help: String
  var kind: Kind

  init(_ name: String, _ help: String, _ kind: Kind = .text) {
    self.name = name
    self.help = help
    self.kind = kind
  }

  var children: [TemplateVariable] {
    switch kind {
    case .list(let children), .group(let children): children
    case .text, .flag, .texts: []
    }
  }

  /// Everything there is, whichever the channel.
  static let all: [TemplateVariable] =
    state + checker + findings + group + [
      TemplateVariable("runbook", "the runbook, as written"),
      TemplateVariable("runbook_text", "the runbook without the marks of Markdown"),
      TemplateVariable("runbook_html", "the runbook as HTML: `{{{runbook_html}}}`"),
      TemplateVariable("run_id", "the run that brought it about"),
      TemplateVariable("event_id", "the same whenever the event comes again"),
      TemplateVariable("version", "the checker's version"),
      TemplateVariable(
        "links", "addresses of the service's pages, where the service knows its own",
        .group([
          TemplateVariable("checker", "of the checker, or what else it is about"),
          TemplateVariable("opens", "what that is: `checker`, `data source`, `action`, `silence`"),
          TemplateVariable("run", "of the run"),
          TemplateVariable("runbook", "of the runbook"),
          TemplateVariable(
            "acknowledge", "signed, works without signing in: acknowledges the alarm; only while it fires"),
          TemplateVariable("snooze", "signed as well: one hour of silence"),
        ])),
      TemplateVariable("json", "the data of the event as JSON, see actions.md"),
    ]

  private static let group: [TemplateVariable] = [
    TemplateVariable("group", "what the alarms of one message share: `namespace=shop`; nothing for one alone"),
    TemplateVariable("others", "how many more alarms the message tells of; nothing for one alone"),
    TemplateVariable(
      "alarms", "all alarms of a message that tells of several, the worst first, at most 50",
      .list([
        TemplateVariable("icon", "🔴, 🟠, 🟣, 🟢, 🔵"), TemplateVariable("heading", "`Red`, `Resolved` ..."),
        TemplateVariable("checker", "`namespace/name`"), TemplateVariable("message", "what is wrong, in one line"),
        TemplateVariable("severity", "`info`, `warning` or `critical`"),
      ])),
  ]

  private static let state: [TemplateVariable] = [
    TemplateVariable("state", "`red`, `error`, `resolved`; `finished` for a run, `test` for a test"),
    TemplateVariable(
      "heading", "the same for people: `Red`, `Warning`, `Error`, `Resolved`; `Still red` on a reminder"),
    TemplateVariable("icon", "🔴, 🟠 for a warning, 🟣 for an error, 🟢, ⚪"),
    TemplateVariable("is_red", "the data is not as it must be", .flag),
    TemplateVariable("is_warning", "red because of warnings only", .flag),
    TemplateVariable("is_error", "the check could not be made", .flag),
    TemplateVariable("is_firing", "red or error", .flag),
    TemplateVariable("is_resolved", "all is well again", .flag),
    TemplateVariable("is_acknowledged", "somebody takes care of it", .flag),
    TemplateVariable("is_reminder", "told before, and still so", .flag),
    TemplateVariable("is_run", "a run ended", .flag),
    TemplateVariable("is_test", "somebody pressed *Send a test*", .flag),
    TemplateVariable("previous", "the state before: `green`, `red`, `error`, `unknown`"),
    TemplateVariable("since", "when the state began, `2026-03-02 12:00 UTC`"),
    TemplateVariable("previous_since", "when the state before began"),
    TemplateVariable("duration", "how long the trouble lasted; on a reminder, how long it is like this: `2 h 5 min`"),
    TemplateVariable("time", "when the event came about"),
  ]

  private static let checker: [TemplateVariable] = [
    TemplateVariable("checker", "`namespace/name`"),
    TemplateVariable("row", "of an alarm of one row, which one: `country=PT`; else nothing"),
    TemplateVariable(
      "row_values", "the same, value by value",
      .list([
        TemplateVariable("column", "the column's name"), TemplateVariable("cell", "the value, as text"),
      ])),
    TemplateVariable("namespace", "the checker's namespace"),
    TemplateVariable("name", "the checker's name within it"),
    TemplateVariable("description", "what must hold"),
    TemplateVariable("severity", "`info`, `warning` or `critical`"),
    TemplateVariable("owner", "who answers for it"),
    TemplateVariable("tags", "the checker's tags", .texts),
    TemplateVariable("tag_list", "the same in one text, with commas"),
  ]

  private static let findings: [TemplateVariable] = [
    TemplateVariable("message", "what is wrong, in one line"),
    TemplateVariable("messages", "one for each rule that does not hold", .texts),
    TemplateVariable("observed", "what the first rule that does not hold found: `57 rows`"),
    TemplateVariable("value", "the same as a bare number: `57`"),
    TemplateVariable("unit", "its unit: `rows`, `%`"),
    TemplateVariable("expected", "what should have been: `less than 42 rows`"),
    TemplateVariable("dataset", "its dataset"),
    TemplateVariable("check", "its kind: `row_count`"),
    TemplateVariable(
      "assertions", "every rule, at most 50",
      .list([
        TemplateVariable("assertion", "the rule's name or sentence"),
        TemplateVariable("outcome", "`passed`, `warned`, `failed`, `errored`"),
        TemplateVariable("is_passed", "it holds", .flag),
        TemplateVariable("message", "what is wrong with it"), TemplateVariable("observed", "what it found"),
        TemplateVariable("expected", "what should have been"), TemplateVariable("dataset", "its dataset"),
      ])),
    TemplateVariable("row_count", "how many rows fail in all"),
    TemplateVariable("has_rows", "there are failing rows to show: `include_rows` is on", .flag),
    TemplateVariable("columns", "the names of their columns", .texts),
    TemplateVariable(
      "rows", "failing rows, at most 10",
      .list([
        TemplateVariable("row", "the whole row: `id=1, name=Ana`"),
        TemplateVariable(
          "cells", "its values, at most 20",
          .list([TemplateVariable("column", "the column's name"), TemplateVariable("cell", "the value")])),
      ])),
    TemplateVariable("more_rows", "how many more rows fail than are shown; nothing when all are"),
  ]
}
