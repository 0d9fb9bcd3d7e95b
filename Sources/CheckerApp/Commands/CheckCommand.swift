import ArgumentParser
import CheckFiles
import Checking
import Domain
import Foundation

/// `checker check FILE.yaml`: runs check files without any server or store.
struct CheckCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "check",
    abstract: "Run the checkers of a file and say what holds and what does not.",
    discussion: """
      Exit status: 0 all passed, 1 some failed, 2 some warned and none failed, 3 some could not be evaluated, \
      64 the command or the file cannot be used. The worst wins: error over failure over warning. What is disabled in \
      the file runs only when --only names it; a heartbeat has nothing to run.
      """)

  @Argument(help: "Check files (YAML); '-' reads standard input.", completion: .file(extensions: ["yaml", "yml"]))
  var files: [String]

  @Flag(help: "Print one JSON object.")
  var json = false

  @Flag(help: "Print JUnit XML.")
  var junit = false

  @Option(help: ArgumentHelp("Run only this checker; may be given several times.", valueName: "name"))
  var only: [String] = []

  func validate() throws {
    if json, junit { throw ValidationError("Choose --json or --junit, not both.") }
    if files.isEmpty { throw ValidationError("Name at least one check file.") }
  }

  func run() async throws {
    var report = CheckReport()
    let documents = try files.map { try CheckFileOnDisk($0).read(isWhole: true) }
    try CheckFileOnDisk.refuseTwins(zip(files, documents), onlyCheckers: true)
    for (path, files) in zip(files, documents) { try await check(files, path, &report) }
    switch (json, junit) {
    case (true, _): try Console.report(JSONReport.text(report) + "\n")
    case (_, true): try Console.report(JUnitReport.text(report))
    default: try Console.report(TableReport(isColoured: Console.isTerminal).text(report))
    }
    throw ExitCode(report.exitStatus)
  }

  private func check(_ files: [CheckFile], _ path: String, _ report: inout CheckReport) async throws {
    var checkers = try chosen(from: files.flatMap(\.checkers), path)
    checkers.removeAll { checker in
      guard let skipped = SkippedChecker(checker, isNamed: !only.isEmpty) else { return false }
      report.skipped.append(skipped)
      return true
    }
    let code = try await LocalCode(files: files, path: path).prepare(&checkers)
    if let code { try await requireFixtures(of: checkers, code, files, path) }
    let engines = EnginePool(opener: Composition.queryEngines())
    let definitions = Definitions(dataSources: files.flatMap(\.dataSources), datasets: files.flatMap(\.datasets))
    try await requireRowColumns(of: checkers, definitions, engines, files, path)
    let evaluations = await Evaluator(engines: engines, code: code).evaluate(checkers, with: definitions, at: Date())
    // The process ends with its report: databases drop a reader's connection without harm.
    report.checkers += zip(checkers, evaluations).map { CheckerReport(checker: $0.id, evaluation: $1) }
  }

  /// Fixtures say what the code must come to; live data is not asked by code that does not.
  private func requireFixtures(
    of checkers: [Checker], _ code: CodeRunner, _ files: [CheckFile], _ path: String
  ) async throws {
    let places = files.places
    let all = files.flatMap(\.checkers).map(\.id)
    var problems: [String] = []
    for checker in checkers {
      guard let index = all.firstIndex(of: checker.id) else { continue }
      for problem in await code.fixtureProblems(of: checker, at: Date()) {
        problems.append(told(problem, of: checker, index, places, path))
      }
    }
    if !problems.isEmpty { throw UsageProblem(problems.joined(separator: "\n"), hasPlace: true) }
  }

  /// The columns that tell rows apart must be there, also while no row fails.
  private func requireRowColumns(
    of checkers: [Checker], _ definitions: Definitions, _ engines: EnginePool, _ files: [CheckFile], _ path: String
  ) async throws {
    let all = files.flatMap(\.checkers).map(\.id)
    var problems: [String] = []
    for checker in checkers where !checker.alarm.perRow.isEmpty {
      guard let index = all.firstIndex(of: checker.id) else { continue }
      for problem in await RowColumns(definitions: definitions, engines: engines).problems(with: checker) {
        problems.append(told(problem, of: checker, index, files.places, path))
      }
    }
    if !problems.isEmpty { throw UsageProblem(problems.joined(separator: "\n"), hasPlace: true) }
  }

  private func told(
    _ problem: FieldProblem, of checker: Checker, _ index: Int, _ places: TextPlaces, _ path: String
  ) -> String {
    let place = places.place(of: "checkers[\(index)].\(problem.field)").map { ":\($0.line):\($0.column)" } ?? ""
    return "\(CheckFileOnDisk(path).name)\(place): checker '\(checker.id.name)': \(problem.message)"
  }

  private func chosen(from all: [Checker], _ path: String) throws -> [Checker] {
    if all.isEmpty {
      throw UsageProblem("\(path) has no checkers; add one under 'checkers:'")
    }
    if only.isEmpty { return all }
    let names = all.map(\.id.name)
    for name in only where !names.contains(name) && !all.contains(where: { $0.id.description == name }) {
      let nearest = Spelling.nearest(to: name, among: names).map { "; did you mean '\($0)'?" } ?? ""
      throw UsageProblem("\(path) has no checker '\(name)'\(nearest)")
    }
    return all.filter { only.contains($0.id.name) || only.contains($0.id.description) }
  }
}
