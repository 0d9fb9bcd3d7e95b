import Checking
import Domain
import Foundation
import Rules

struct CheckerModel: Sendable {
  var name: String
  var description: String?
  var href: String
  var icon: StateIcon
  /// Beside the icon of what is wrong.
  var muteIcon: StateIcon?
  var banner: Banner
  var attention: Attention
  /// The alarms of its rows.
  var rows: [RowLine]
  var hasRows: Bool
  var rowsNote: String
  /// Why nobody is told now.
  var withheld: String?
  var isEnabled: Bool
  /// Nobody can run it but the job that reports.
  var isPushed: Bool
  var bars: [Bar]
  var barsNote: String
  var hasRuns: Bool
  var axis: [TimeText]
  var times: RunTimes?
  var runsHref: String
  var assertionsNote: String
  var assertions: [AssertionRow]
  var samples: [SampleTable]
  var runbook: RunbookModel?
  var history: [HistoryEntry]
  var hasHistory: Bool
  var details: CheckerDetails
  /// What its author wrote, where that is code.
  var script: Source?

  struct Source: Sendable {
    /// As the page's highlighter names the language.
    var language: String
    var title: String
    var text: String

    init(_ script: Script) {
      language = script.language.rawValue
      title = script.language.title
      text = script.source
    }
  }

  struct Bar: Sendable {
    var css: String
    var href: String
    var title: String
    var isCurrent = false
  }

  struct RunTimes: Sendable {
    var spark: String?
    var text: String
  }

  init(
    _ stored: StoredChecker, runs: [RunSummary], last: Run?, observations: [String: [Double?]],
    history items: [HistoryItem], rows alarms: [RowAlarm] = [], withheld: String?, now: Date
  ) {
    let checker = stored.checker
    let state = stored.displayState(at: now)
    name = checker.id.name
    description = checker.description.isEmpty ? nil : checker.description
    href = Link.checker(checker.id)
    banner = Banner(stored, state: state, now: now)
    icon = StateIcon(banner.state)
    muteIcon = banner.state == state ? nil : StateIcon(state)
    attention = Attention(stored, now: now)
    rows = alarms.map { RowLine($0, of: stored, now: now) }
    hasRows = !rows.isEmpty
    rowsNote = "at most \(checker.alarm.maxAlarms) at a time"
    self.withheld = attention.isMuted ? nil : withheld.map { $0 + "." }
    isEnabled = checker.isEnabled
    isPushed = checker.body.isPushed
    if case .script(let written) = checker.body { script = Source(written) }
    let oldestFirst = Array(runs.reversed())
    bars = oldestFirst.map { Bar($0) }
    hasRuns = !runs.isEmpty
    barsNote = "\(Words.count(runs.count, "run")), \(Words.number(runs.count { $0.outcome == .passed })) green"
    axis = [oldestFirst.first, oldestFirst.last].compactMap { $0 }.map { .ago($0.startedAt, now: now) }
    times = RunTimes(oldestFirst)
    runsHref = Link.query("/runs", [("ns", checker.id.namespace), ("checker", checker.id.name)])
    assertionsNote =
      last.map { "\(Words.ago($0.startedAt, now: now)), \(Words.duration($0.milliseconds))" } ?? "No run yet"
    assertions = (last?.assertions ?? []).map {
      AssertionRow($0, namespace: checker.id.namespace, history: observations[$0.name] ?? [])
    }
    samples = last.map { SampleTable.all(of: $0, rules: checker.body.rules) } ?? []
    runbook = checker.runbook.isEmpty ? nil : RunbookModel(checker)
    history = HistoryList(items, checker: checker.id, limit: CheckerPages.shownHistory, now: now).lines
    hasHistory = !history.isEmpty
    details = CheckerDetails(stored, now: now)
  }
}

extension SampleTable {
  /// Of every assertion of a run that has failing rows.
  static func all(of run: Run, rules: [Rule]) -> [SampleTable] {
    let columns = Dictionary(
      rules.compactMap { rule -> (String, String)? in
        guard case .scalar(.text(let column))? = rule.parameters["column"] else { return nil }
        return (Verdict.name(of: rule), column)
      }, uniquingKeysWith: { first, _ in first })
    let withRows = run.assertions.enumerated().filter { !($0.element.sample?.rows.isEmpty ?? true) }
    return withRows.compactMap { index, assertion in
      SampleTable(
        assertion, index: index, run: run.id, namespace: run.checker.namespace, hit: columns[assertion.name],
        isOnlyOne: withRows.count == 1)
    }
  }
}

extension CheckerModel.Bar {
  init(_ run: RunSummary) {
    let shape = StateIcon.Shape(run.outcome)
    css = shape == .ok ? "" : shape.rawValue
    href = Link.run(run.id)
    title = "\(Words.moment(run.startedAt)) UTC: \(run.result)"
  }
}

extension CheckerModel.RunTimes {
  /// `nil` without runs.
  init?(_ runs: [RunSummary]) {
    let sorted = runs.map(\.milliseconds).sorted()
    guard let slowest = sorted.last else { return nil }
    spark = Sparkline.points(runs.map(\.milliseconds))
    text = "Run time \(Words.duration(sorted[sorted.count / 2])) median, \(Words.duration(slowest)) slowest"
  }
}

/// The card beside the runs.
struct CheckerDetails: Sendable {
  var severity: SeverityMark
  var owner: String?
  var schedule: String
  var next: TimeText?
  var writtenAs: String
  /// Where its job reports.
  var pingHref: String?
  var version: String
  var versionsHref: String
  var datasets: [Dataset]
  var tags: [String]
  var hasTags: Bool
  var actions: String
  var routingHref: String

  struct Dataset: Sendable {
    var text: String
    var href: String
  }

  init(_ stored: StoredChecker, now: Date) {
    let checker = stored.checker
    severity = SeverityMark(checker.severity)
    owner = checker.owner.isEmpty ? nil : checker.owner
    schedule = checker.schedule?.sentence ?? "None, runs by hand"
    next = stored.nextRunAt.map { .due($0, now: now) }
    writtenAs = checker.body.words
    if checker.body.isPushed { pingHref = HeartbeatCheckerPages.href(checker.id) }
    version = "\(stored.version)"
    versionsHref = Link.checker(checker.id) + "/versions"
    var seen = Set<String>()
    datasets = checker.body.datasetNames.filter { seen.insert($0).inserted }.map {
      Dataset(text: $0, href: Link.dataset(QualifiedName($0, defaultNamespace: checker.id.namespace)))
    }
    tags = checker.tags
    hasTags = !checker.tags.isEmpty
    routingHref = Link.query("/routing", [("checker", "\(checker.id)")])
    actions = checker.actions.isEmpty ? "As the routing says" : checker.actions.joined(separator: ", ")
  }
}
