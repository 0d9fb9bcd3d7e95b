import Checking
import Domain
import Foundation
import Hummingbird

/// `/runs` and `/runs/{id}`.
struct RunPages: RouteGroup {
  let site: Site

  static let pageSize = 50

  func add(to router: Router<WebContext>) {
    router.get("/runs") { request, context in
      let page = Page("Runs", section: .runs, template: "runs", model: try await list(request), isLive: true)
      return try await site.respond(page, request, context)
    }
    router.get("/runs/:id") { request, context in
      let run = try await run(context)
      let checker = run.checker
      let page = Page(
        "Run of \(checker.name)", section: .runs,
        crumbs: [
          Page.Crumb("Runs", "/runs"), Page.Crumb(checker.namespace, Link.namespace(checker.namespace)),
          Page.Crumb(checker.name, Link.checker(checker)),
        ], template: "run", model: try await model(run))
      return try await site.respond(page, request, context)
    }
    router.post("/runs/:id/replay") { request, context in
      let replay = try await site.service.replay(try context.name("id"))
      let run = replay.run
      let page = Page(
        "Replay of \(run.checker.name)", section: .runs,
        crumbs: [Page.Crumb("Runs", "/runs"), Page.Crumb("Run of \(run.checker.name)", Link.run(run.id))],
        template: "replay", model: ReplayModel(replay))
      return try await site.respond(page, request, context)
    }
    router.get("/runs/:id/rows/:file") { _, context in
      let run = try await run(context)
      let file = try context.name("file")
      guard file.hasSuffix(".csv"), let index = Int(file.dropLast(4)), run.assertions.indices.contains(index),
        let sample = run.assertions[index].sample
      else { throw WebProblem.notFound("This run kept no such rows.") }
      return Response.download(
        CSV.text(columns: sample.columns, rows: sample.rows), type: "text/csv; charset=utf-8",
        name: "\(run.checker.name)-\(index + 1).csv")
    }
  }

  private func run(_ context: WebContext) async throws -> Run {
    guard let run = try await site.service.store.run(try context.name("id")) else {
      throw WebProblem.notFound("There is no such run. Old runs are removed after their time.")
    }
    return run
  }

  // MARK: List

  struct ListModel: Sendable {
    var choices: [Choice]
    var rows: [Row]
    var hasRows: Bool
    var scope: String?
    var older: String?
    var newest: String?

    struct Choice: Sendable {
      var text: String
      var href: String
      var isCurrent: Bool
    }

    struct Row: Sendable {
      var icon: StateIcon
      var css: String
      var name: String
      var namespace: String
      var href: String
      var result: String
      var summary: String?
      var took: String
      var trigger: String
      var when: TimeText
    }
  }

  private func list(_ request: Request) async throws -> ListModel {
    let namespace = request.query("ns")
    let checker = request.query("checker")
    let outcome = Outcome(rawValue: request.query("outcome"))
    let before = request.query("before")
    var filter = RunFilter(outcome: outcome)
    if !checker.isEmpty {
      filter.checker = QualifiedName(namespace: namespace, name: checker)
    } else if !namespace.isEmpty {
      filter.namespace = namespace
    }
    let found = try await site.service.store.runs(
      filter, limit: Self.pageSize + 1, before: before.isEmpty ? nil : before)
    let shown = found.prefix(Self.pageSize)
    func address(_ outcome: Outcome?, before: String = "") -> String {
      Link.query(
        "/runs",
        [("ns", namespace), ("checker", checker), ("outcome", outcome?.rawValue ?? ""), ("before", before)])
    }
    let kinds: [(String, Outcome?)] = [
      ("All", nil), ("Red", .failed), ("Warning", .warned), ("Erroring", .errored), ("Green", .passed),
    ]
    let now = site.service.now()
    return ListModel(
      choices: kinds.map { .init(text: $0.0, href: address($0.1), isCurrent: $0.1 == outcome) },
      rows: shown.map { ListModel.Row($0, now: now) }, hasRows: !shown.isEmpty,
      scope: checker.isEmpty ? (namespace.isEmpty ? nil : namespace) : "\(namespace)/\(checker)",
      older: found.count > Self.pageSize ? shown.last.map { address(outcome, before: $0.id) } : nil,
      newest: before.isEmpty ? nil : address(outcome))
  }

  // MARK: One run

  struct Model: Sendable {
    var icon: StateIcon
    var name: String
    var sub: String
    var older: String?
    var newer: String?
    var checkerHref: String
    var replayHref: String
    var reason: String?
    var tally: [Tally]
    var assertions: [AssertionRow]
    var hasAssertions: Bool
    var samples: [SampleTable]
    var log: String?
    /// Of the script or module that came to no verdict.
    var traceback: String?
    var details: [Detail]
    var versionHref: String
    var version: Int

    struct Tally: Sendable {
      var icon: StateIcon
      var text: String
    }

    struct Detail: Sendable {
      var term: String
      var text: String
    }
  }

  private func model(_ run: Run) async throws -> Model {
    let store = site.service.store
    let stored = try await store.checker(run.checker)
    let filter = RunFilter(checker: run.checker)
    let older = try await store.runs(filter, limit: 1, before: run.id).first?.id
    // The newer neighbour stands last among those that are newer; the list knows the newest first only.
    let latest = try await store.runs(filter, limit: 500, before: nil)
    let place = latest.firstIndex { $0.id == run.id }
    let newer = place.flatMap { $0 > 0 ? latest[$0 - 1].id : nil }
    let groups = Dictionary(grouping: run.assertions, by: \.outcome)
    return Model(
      icon: StateIcon(run.outcome), name: run.checker.name,
      sub: "\(Words.full(run.startedAt)), \(run.trigger.words), took \(Words.duration(run.milliseconds))",
      older: older.map(Link.run), newer: newer.map(Link.run), checkerHref: Link.checker(run.checker),
      replayHref: Link.run(run.id) + "/replay",
      reason: run.reason,
      tally: [Outcome.errored, .failed, .warned, .passed].compactMap { outcome in
        groups[outcome].map { .init(icon: StateIcon(outcome, isHidden: true), text: "\($0.count) \(outcome.short)") }
      },
      assertions: run.assertions.map { AssertionRow($0, namespace: run.checker.namespace, history: []) },
      hasAssertions: !run.assertions.isEmpty,
      samples: SampleTable.all(of: run, rules: stored?.checker.body.rules ?? []),
      log: run.log.isEmpty ? nil : run.log, traceback: run.trouble?.traceback,
      details: details(of: run), versionHref: "\(Link.checker(run.checker))/versions?version=\(run.version)",
      version: run.version)
  }

  private func details(of run: Run) -> [Model.Detail] {
    var details = [
      Model.Detail(term: "Outcome", text: run.outcome.word),
      Model.Detail(term: "Started", text: "\(run.trigger.words.capitalizedFirst)"),
      Model.Detail(term: "Finished", text: Words.full(run.finishedAt)),
    ]
    if let due = run.scheduledFor {
      let late = run.startedAt.timeIntervalSince(due)
      details.append(
        Model.Detail(term: "Was due", text: Words.full(due) + (late > 60 ? ", started \(Words.span(late)) late" : "")))
    }
    if let cost = run.cost {
      details.append(Model.Detail(term: "Cost", text: cost.words))
    }
    details.append(Model.Detail(term: "Id", text: run.id))
    return details
  }
}

extension RunPages.ListModel.Row {
  init(_ run: RunSummary, now: Date) {
    icon = StateIcon(run.outcome)
    css = run.outcome == .passed ? "" : run.outcome == .errored ? "t-err" : "t-red"
    name = run.checker.name
    namespace = run.checker.namespace
    href = Link.run(run.id)
    result = run.result
    summary = run.outcome == .passed ? nil : run.summary
    took = Words.duration(run.milliseconds)
    trigger = run.trigger.words
    when = .ago(run.startedAt, now: now)
  }
}

extension Outcome {
  /// `3 ok`, `1 failed`.
  var short: String {
    switch self {
    case .passed: "ok"
    case .warned: "warned"
    case .failed: "failed"
    case .errored: "could not run"
    }
  }
}
