import Checking
import Domain
import Foundation

/// The editor of a script: `checker-form-script`.
struct ScriptEditorModel: Sendable {
  var language: String
  var languages: [FormChoice]
  var source: String
  var problem: String?
  var errorLine: String?
  var errorText: String?
  var datasets: [String]
  var reference: [CodeReference.Entry]
  /// For completion, as JSON.
  var words: String
  var allowance: String
  var limits: CodeLimitsModel
  var fixtures: FixturesModel

  private struct Words: Encodable {
    var datasets: [String]
    var calls: [String]
    var assertions: [String]
  }

  private static func words(_ reference: [CodeReference.Entry], datasets: [String]) -> String {
    let names = reference.map(\.name).filter { $0.allSatisfy { $0.isLetter || $0 == "_" } }
    let (assertions, calls) = (names.filter { $0.hasPrefix("assert") }, names.filter { !$0.hasPrefix("assert") })
    let words = Words(datasets: datasets, calls: ["datasets"] + calls, assertions: assertions)
    return (try? JSONEncoder().encode(words)).map { String(decoding: $0, as: UTF8.self) } ?? "{}"
  }

  init(_ form: CodeForm, problems: FormProblems, trouble: GuestTrouble?, choices: CheckerFormChoices) {
    language = form.language.rawValue
    languages = ScriptLanguage.allCases.map { FormChoice($0.rawValue, $0.title, isChosen: $0 == form.language) }
    source = form.source
    problem = problems.at("script")
    errorLine = trouble?.line.map(String.init)
    errorText = trouble?.message
    datasets = choices.datasets.flatMap(\.names)
    reference = CodeReference.shared.entries(for: form.language)
    words = Self.words(reference, datasets: datasets)
    allowance = GuestLimits.script.allowance(form)
    limits = CodeLimitsModel(form, standard: .script, problems: problems)
    fixtures = FixturesModel(form, problems: problems)
  }
}

/// The upload of a module: `checker-form-module`.
struct ModuleEditorModel: Sendable {
  var digest: String
  var fileName: String
  var byteCount: Int
  var size: String
  var isKept: Bool
  var datasets: FormField
  var problem: String?
  var allowance: String
  var limits: CodeLimitsModel
  var fixtures: FixturesModel

  init(_ form: CodeForm, problems: FormProblems) {
    digest = form.digest
    fileName = form.fileName
    byteCount = form.byteCount
    size = "\(Words.number(form.byteCount)) bytes"
    isKept = !form.digest.isEmpty
    datasets = FormField(
      "datasets", "Datasets that it asks for", value: form.datasets,
      help: "Fetched before it starts. It may ask for others while it runs.", problem: problems.at("datasets"),
      placeholder: "users_with_email_null, orders")
    problem = problems.at("module")
    allowance = GuestLimits.module.allowance(form)
    limits = CodeLimitsModel(form, standard: .module, problems: problems)
    fixtures = FixturesModel(form, problems: problems)
  }
}

/// Made-up data beside the code: `checker-form-fixtures`.
struct FixturesModel: Sendable {
  var items: [Item]

  struct Item: Sendable {
    var index: Int
    var number: Int
    var name: String
    var expectations: [FormChoice]
    var now: String
    var datasets: String
    var problem: String?
  }

  init(_ form: CodeForm, problems: FormProblems) {
    items = form.fixtures.enumerated().map { index, fixture in
      Item(
        index: index, number: index + 1, name: fixture.name,
        expectations: Outcome.allCases.map { FormChoice($0.rawValue, isChosen: $0 == fixture.expected) },
        now: fixture.now, datasets: fixture.datasets,
        problem: problems.at(
          "fixtures[\(index)]", "fixtures[\(index)].name", "fixtures[\(index)].now", "fixtures[\(index)].datasets"))
    }
  }
}

/// What code came to just now, on live data and on its fixtures: `checker-code-result`.
struct CodeResultModel: Sendable {
  var css: String
  var icon: StateIcon?
  var title: String
  var detail: String
  var duration: String?
  var assertions: [Line]
  var traceback: String?
  var log: String?
  var fixtures: [Line]
  var hasFixtures: Bool
  var grids: [Grid]

  struct Line: Sendable {
    var icon: StateIcon
    var title: String
    var note: String
  }

  struct Grid: Sendable {
    var title: String
    var grid: DataGrid
    var shown: String
  }

  private static let mostLines = 200
  private static let mostRows = 10

  /// Before anything was run.
  init() {
    css = ""
    title = "Not run yet"
    detail = "Press Test to run the code on live data, in the same sandbox. Nothing is saved or sent."
    (assertions, fixtures, grids, hasFixtures) = ([], [], [], false)
  }

  init(_ preview: CheckerPreview?, fixtures results: [(Fixture, Evaluation)], problem: String?) {
    self.init()
    fixtures = results.map { fixture, evaluation in
      let isRight = evaluation.outcome == fixture.expected
      let why = evaluation.reason ?? evaluation.assertions.first { $0.outcome != .passed }?.news ?? ""
      return Line(
        icon: StateIcon(isRight ? .ok : .red),
        title: "\(fixture.name): \(evaluation.outcome.rawValue)",
        note: isRight ? "as expected" : "expected \(fixture.expected.rawValue). \(why)")
    }
    hasFixtures = !fixtures.isEmpty
    let wrong = results.count { $0.1.outcome != $0.0.expected }
    defer {
      if wrong > 0 {
        title += ", and \(Words.count(wrong, "fixture")) \(wrong == 1 ? "comes" : "come") out otherwise"
        detail += ". It cannot be saved before the fixtures below come out as they should."
      }
    }
    guard let preview else {
      if let problem { (css, title, detail) = ("err", "Not run", problem) }
      return
    }
    let evaluation = preview.evaluation
    icon = StateIcon(evaluation.outcome, isLarge: true)
    let failed = evaluation.assertions.count { $0.outcome == .failed || $0.outcome == .warned }
    switch evaluation.outcome {
    case .passed: (css, title) = ("ok", "Would be green")
    case .warned: (css, title) = ("red", "Would be red, as a warning")
    case .failed: (css, title) = ("red", "Would be red")
    case .errored: (css, title) = ("err", "Could not run")
    }
    detail =
      evaluation.reason
      ?? (failed == 0
        ? "\(Words.count(evaluation.assertions.count, "assertion")), all hold"
        : evaluation.assertions.tally("assertion"))
    duration = Self.cost(preview)
    assertions = evaluation.assertions.prefix(Self.mostLines).map { assertion in
      let place = assertion.line.map { "line \($0)" }
      let found = assertion.observed.map { "found \($0.text)" }
      let expected = assertion.expected.isEmpty ? nil : "expected \(assertion.expected)"
      return Line(
        icon: StateIcon(assertion.outcome), title: assertion.name,
        note: [place, found, expected].compactMap(\.self).joined(separator: ", "))
    }
    traceback = evaluation.trouble?.traceback
    log = evaluation.log.isEmpty ? nil : evaluation.log
    grids = evaluation.assertions.filter { $0.outcome != .passed }.compactMap(Self.grid).prefix(3).map(\.self)
  }

  private static func grid(_ assertion: Assertion) -> Grid? {
    guard let sample = assertion.sample, !sample.rows.isEmpty else { return nil }
    let shown = min(sample.rows.count, mostRows)
    return Grid(
      title: assertion.name, grid: DataGrid(sample, hit: nil, limit: mostRows),
      shown: "\(shown) of \(Words.number(sample.total)) rows")
  }

  private static func cost(_ preview: CheckerPreview) -> String {
    let duration = Words.duration(preview.milliseconds)
    return preview.evaluation.cost.map { "\(duration), \($0.words)" } ?? duration
  }
}

extension GuestCost {
  /// `16 MB, 4,687,057 instructions`, without what is not known.
  var words: String {
    let memory = memoryBytes == 0 ? nil : "\(Words.number(max(1, memoryBytes >> 20))) MB"
    let instructions = fuel == 0 ? nil : "\(Words.number(Int(clamping: fuel))) instructions"
    let known = [memory, instructions].compactMap(\.self)
    return known.isEmpty ? Words.count(hostCalls, "host call") : known.joined(separator: ", ")
  }
}

extension CheckerBody {
  /// How the checker is written, and how much of it there is.
  var words: String {
    switch self {
    case .rules(let rules): "Form, \(Words.count(rules.count, "rule"))"
    case .script(let script):
      "Script, \(Words.count(script.source.split(separator: "\n").count, "line")) of \(script.language.title)"
    case .module(let module): "Module, \(module.fileName)"
    case .heartbeat: "Heartbeat: a job elsewhere reports"
    }
  }
}
