import Domain

/// What a script can call, for the panel beside the editor.
enum CodeReference {
  struct Entry: Sendable {
    var call: String
    var help: String
  }

  static func entries(for language: ScriptLanguage) -> [Entry] {
    switch language {
    case .python: python
    case .javascript: javascript
    }
  }

  private static let python = [
    Entry(
      call: "datasets[\"name\"]",
      help: "The rows of a dataset, read once per run: len(), iteration, row.email and row[0]. NULL is None."),
    Entry(call: "ok(message), fail(message)", help: "State that something holds, or does not."),
    Entry(
      call: "CheckerCase()",
      help: "assertEmpty, assertLessThan, assertGreaterThan, assertEqual, assertTrue, assertBetween, assertUnique, "
        + "assertNoNulls, assertColumn, assertFresh ..., each with a message at its end."),
    Entry(
      call: "count(\"name\", where=None), metric(\"name\", \"avg(amount)\", where=None)",
      help: "Measured in the database: no row is copied."),
    Entry(call: "business_day(country=None)", help: "From the library business_calendar, which you can replace."),
    Entry(call: "previous(n), param(name), now()", help: "Earlier runs, parameters, and the run's frozen clock."),
    Entry(call: "print(...), log(...)", help: "Into the run's log."),
    Entry(call: "import helpers", help: "A library of this namespace, or Python's own standard library."),
  ]

  private static let javascript = [
    Entry(
      call: "datasets[\"name\"], datasets.name",
      help: "The rows of a dataset, read once per run: length, iteration, row.email. NULL is null."),
    Entry(call: "ok(message), fail(message)", help: "State that something holds, or does not."),
    Entry(
      call: "new CheckerCase()",
      help: "assertEmpty, assertLessThan, assertGreaterThan, assertEqual, assertTrue, assertBetween, assertUnique, "
        + "assertNoNulls, assertColumn, assertFresh ..., each with a message at its end."),
    Entry(
      call: "count(\"name\", where), metric(\"name\", \"avg(amount)\", where)",
      help: "Measured in the database: no row is copied."),
    Entry(call: "businessDay()", help: "From the library business_calendar, which you can replace."),
    Entry(call: "previous(n), param(name), now()", help: "Earlier runs, parameters, and the run's frozen clock."),
    Entry(call: "console.log(...), log(...)", help: "Into the run's log."),
    Entry(call: "import {x} from \"helpers\"", help: "A library of this namespace."),
  ]
}
