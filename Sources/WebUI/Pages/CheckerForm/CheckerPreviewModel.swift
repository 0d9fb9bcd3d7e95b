import CheckFiles
import Checking
import Domain
import Foundation
import Rules

/// What the checker in the form would come to, beside it.
struct CheckerPreviewModel: Sendable {
  var css: String
  var icon: StateIcon?
  var title: String
  var detail: String
  var duration: String?
  var failures: [Failure]
  /// That there are more of them than are shown.
  var moreFailures: String?
  var yaml: String
  var statements: [Statement]
  var statementsTitle: String
  var hasStatements: Bool
  var pills: [RulePill]
  var savePill: RulePill
  var failCount: String?
  var nextRuns: NextRuns
  /// In place of the rules' verdict, for a script or module.
  var code: CodeResultModel?

  struct Failure: Sendable {
    var number: Int
    var name: String
    var message: String
    var css: String
    var icon: StateIcon
    var grid: DataGrid?
    var shown: String
  }

  struct Statement: Sendable {
    var sql: String
    var place: String
  }

  /// Failing rows that are shown for a rule, and rules that fail with their rows.
  private static let mostRows = 10
  private static let mostFailures = 5

  /// Before anything was run.
  init(waiting form: CheckerForm, at time: Date) {
    css = ""
    title = "Not run yet"
    detail = "Press Run to see what the rules find now."
    failures = []
    yaml = Self.yaml(form.checker().checker)
    statements = []
    statementsTitle = ""
    hasStatements = false
    pills = []
    savePill = RulePill(index: -1)
    nextRuns = NextRuns(form, at: time)
    if form.kind != .rules { code = CodeResultModel() }
  }

  /// What saving now would bring.
  static func savePill(_ evaluation: Evaluation) -> RulePill {
    var pill = RulePill(index: -1)
    pill.icon = StateIcon(evaluation.outcome, isHidden: true)
    switch evaluation.outcome {
    case .passed: (pill.css, pill.text) = ("ok", "Would be green")
    case .warned, .failed: (pill.css, pill.text) = ("red", "Would be red")
    case .errored: (pill.css, pill.text) = ("err", "Could not run")
    }
    return pill
  }

  /// - Parameter incomplete: by rule, why it was left out.
  init(
    _ form: CheckerForm, _ checker: Checker, preview: CheckerPreview?, complete: [Int], incomplete: [Int: String],
    statements: [Statement], at time: Date
  ) {
    let assertions = Array(zip(complete, preview?.evaluation.assertions ?? []))
    let outcome = Run.outcome(of: assertions.map(\.1))
    self.statements = statements
    hasStatements = !statements.isEmpty
    statementsTitle =
      statements.count == 1 ? "The SQL that runs: 1 query" : "The SQL that runs: \(statements.count) queries"
    yaml = Self.yaml(checker)
    nextRuns = NextRuns(form, at: time)
    pills =
      (assertions.map { RulePill(index: $0, $1) } + incomplete.map { RulePill.unfinished(index: $0, $1) })
      .sorted { $0.index < $1.index }
    let bad = assertions.filter { $0.1.outcome != .passed }
    failures = bad.prefix(Self.mostFailures).map { Self.failure($0, $1, checker) }
    let hidden = bad.dropFirst(Self.mostFailures).map { "\($0.0 + 1)" }
    if !hidden.isEmpty {
      moreFailures =
        "and \(hidden.count) more: \(hidden.count == 1 ? "rule" : "rules") \(hidden.joined(separator: ", "))"
    }
    savePill = RulePill(index: -1)
    duration = preview.map { Words.duration($0.milliseconds) }
    let left = incomplete.isEmpty ? "" : " \(Words.count(incomplete.count, "rule")) not complete."
    guard !assertions.isEmpty else {
      css = ""
      duration = nil
      title = form.rules.isEmpty ? "No rule yet" : "Not complete yet"
      detail = form.rules.isEmpty ? "Add a rule to see what it finds." : incomplete.min { $0.key < $1.key }?.value ?? ""
      return
    }
    icon = StateIcon(outcome, isHidden: true, isLarge: true)
    switch outcome {
    case .passed:
      css = "ok"
      title = "Would be green"
      detail = "\(Words.count(assertions.count, "rule")) \(assertions.count == 1 ? "holds" : "hold").\(left)"
    case .warned, .failed:
      css = "red"
      title = outcome == .warned ? "Would be red, a warning" : "Would be red"
      detail = assertions.map(\.1).tally("rule") + ".\(left)"
    case .errored:
      css = "err"
      let broken = bad.count { $0.1.outcome == .errored }
      title = "Could not run"
      detail = "\(Words.number(broken)) of \(Words.count(assertions.count, "rule")) could not be checked.\(left)"
    }
    savePill.css = css
    savePill.text = title
    savePill.icon = StateIcon(outcome, isHidden: true)
    failCount = bad.isEmpty ? nil : "\(bad.count) \(bad.count == 1 ? "does" : "do") not hold now"
  }

  private static func failure(_ index: Int, _ assertion: Assertion, _ checker: Checker) -> Failure {
    var hit: String?
    if checker.body.rules.indices.contains(index),
      case .scalar(.text(let column))? =
        checker.body.rules[index].parameters["column"]
    {
      hit = column
    }
    let sample = assertion.sample
    let grid = sample.flatMap { $0.rows.isEmpty ? nil : DataGrid($0, hit: hit, limit: mostRows) }
    let shown = sample.map {
      assertion.sampleWords(min(mostRows, $0.rows.count)) { Words.number($0) }
        + (assertion.check == "unique" ? "" : $0.total == 1 ? " failing row" : " failing rows")
    }
    return Failure(
      number: index + 1, name: assertion.name, message: FormProblems.sentence(assertion.news),
      css: assertion.outcome == .errored ? "err" : "red", icon: StateIcon(assertion.outcome), grid: grid,
      shown: shown ?? "")
  }

  fileprivate static func yaml(_ checker: Checker) -> String {
    CheckFileWriter.write(CheckFile(namespace: checker.id.namespace, checkers: [checker]))
  }
}

/// When the form's schedule would be due next.
struct NextRuns: Sendable {
  var text: String
  var isProblem: Bool
  /// Stands below the field of the time zone.
  var zoneProblem: String?
  /// Swapped in by htmx, away from the fragment.
  var isOutOfBand = false

  init(_ form: CheckerForm, at time: Date) {
    isProblem = false
    do {
      _ = try Schedule.zone(named: form.timeZone)
    } catch {
      text = "The next runs show once the time zone is known."
      zoneProblem = FormProblems.sentence(error.message)
      return
    }
    do {
      guard let schedule = try form.schedule() else {
        text = "Runs when somebody asks."
        return
      }
      let zone = try Schedule.zone(named: schedule.timeZone)
      var times: [String] = []
      var last = time
      while times.count < 3, let next = try schedule.next(after: last) {
        times.append(Words.date(next.addingTimeInterval(Double(zone.secondsFromGMT(for: next)))))
        last = next
      }
      text =
        times.isEmpty
        ? "Never due: no such day comes."
        : "\(FormProblems.sentence(schedule.sentence)) Next \(times.joined(separator: ", ")) (\(schedule.timeZone))."
    } catch {
      isProblem = true
      text = FormProblems.sentence(error.message)
    }
  }
}

/// The text that a checker written as code equals: it follows what is typed, though the code is not run meanwhile.
struct CheckerAsFile: Sendable {
  var yaml: String
  let code = true

  init(_ form: CheckerForm) { yaml = CheckerPreviewModel.yaml(form.checker().checker) }
}
