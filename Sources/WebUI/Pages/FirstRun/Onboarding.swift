import Checking
import Domain

/// Three steps to the first alarm, with what is there already. Template: `onboarding`.
struct Onboarding: Sendable {
  var source: Step
  var dataset: Step
  var checker: Step
  var sql: String

  struct Step: Sendable {
    var css: String
    var title: String
    var text: String
    var href: String
    var button: String
    var isDone: Bool
    var isNext: Bool
    /// Not done, and not possible yet.
    var isLater: Bool
  }

  init(service: CheckerService) async throws {
    let sources = try await service.store.dataSources()
    let datasets = try await service.store.datasets()
    self.init(sources: sources, datasets: datasets)
  }

  init(sources: [DataSource], datasets: [Dataset]) {
    source =
      if let first = sources.first {
        Step(
          isDone: true, isNext: false, title: "\(first.name) is connected",
          text: "\(first.driver.title), opened read-only. Nothing leaves this server.", href: "/data-sources/new",
          button: "Connect another")
      } else {
        Step(
          isDone: false, isNext: true, title: "Which data is it about?",
          text: "PostgreSQL, SQLite, DuckDB with its CSV and Parquet files, or any ADBC driver. It is only read.",
          href: "/data-sources/new", button: "Connect a database")
      }
    sql = datasets.first?.sql ?? "SELECT username\nFROM users\nWHERE email IS NULL"
    dataset =
      if let first = datasets.first {
        Step(
          isDone: true, isNext: false, title: "\(first.id.name) is saved", text: "Rules can be about its rows.",
          href: Link.dataset(first.id), button: "Open it")
      } else {
        Step(
          isDone: false, isNext: !sources.isEmpty, title: "Ask for rows that should not exist",
          text: "Start with something that has gone wrong before.", href: "/datasets/new", button: "Write a query")
      }
    let target = datasets.first.map { Link.query("/checkers/new", [("dataset", $0.id.description)]) }
    checker = Step(
      isDone: false, isNext: !datasets.isEmpty, title: "Say what must be true",
      text: "Fewer than 42 rows, say. Green or red shows before you save.", href: target ?? "/checkers/new",
      button: "Add a rule")
  }
}

extension Onboarding.Step {
  init(isDone: Bool, isNext: Bool, title: String, text: String, href: String, button: String) {
    self.init(
      css: isDone ? "done" : isNext ? "next" : "", title: title, text: text, href: href, button: button,
      isDone: isDone, isNext: isNext, isLater: !isDone && !isNext)
  }
}
