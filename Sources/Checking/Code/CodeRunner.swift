package import Domain
package import Foundation

/// Runs checkers that are scripts or modules, each in the sandbox, and makes an evaluation of what they say.
package struct CodeRunner: Sendable {
  let sandbox: any Sandbox
  /// The libraries of a namespace.
  let libraries: @Sendable (_ namespace: String) async throws -> [Library]
  /// A module's bytes by its digest.
  let module: @Sendable (_ digest: String) async throws -> [UInt8]?
  /// The last runs of a checker, newest first.
  let previous: @Sendable (QualifiedName) async -> [GuestContext.PreviousRun]

  package init(
    sandbox: any Sandbox, libraries: @escaping @Sendable (_ namespace: String) async throws -> [Library],
    module: @escaping @Sendable (_ digest: String) async throws -> [UInt8]?,
    previous: @escaping @Sendable (QualifiedName) async -> [GuestContext.PreviousRun] = { _ in [] }
  ) {
    self.sandbox = sandbox
    self.libraries = libraries
    self.module = module
    self.previous = previous
  }

  /// How many earlier runs a guest may look at.
  static let previousRuns = 20

  func evaluate(_ checker: Checker, runID: String, at time: Date, on data: any GuestData) async -> Evaluation {
    do {
      let task = try await task(for: checker, runID: runID, at: time, on: data)
      return Evaluation(await sandbox.run(task), of: checker)
    } catch let trouble as GuestTrouble {
      return Evaluation(GuestReport(trouble: trouble, cost: GuestCost()), of: checker)
    } catch {
      return Evaluation(GuestReport(trouble: GuestTrouble(.host, "\(error)"), cost: GuestCost()), of: checker)
    }
  }

  /// What is wrong with a checker's code that can be seen without data; `nil` when nothing is.
  func problem(with checker: Checker) async -> GuestTrouble? {
    do {
      var task = try await task(for: checker, runID: "trial", at: Date(), on: NoData())
      task.isTrial = true
      return await sandbox.run(task).trouble
    } catch let trouble as GuestTrouble {
      return trouble
    } catch {
      return GuestTrouble(.host, "\(error)")
    }
  }

  /// Why a library's code does not parse; `nil` when it does.
  func syntaxProblem(with library: Library) async -> GuestTrouble? {
    let context = GuestContext(
      namespace: library.namespace, checker: library.name, runID: "trial", seed: 0, now: Date())
    let task = GuestTask(
      program: .script(library.language, source: library.source, fileName: library.fileName), context: context,
      data: NoData(), limits: .script, isTrial: true)
    let trouble = await sandbox.run(task).trouble
    return trouble?.reason == .syntax ? trouble : nil
  }

  /// What a checker's code comes to on made-up data.
  func tryOut(_ checker: Checker, on fixture: Fixture, at time: Date) async -> Evaluation {
    await evaluate(checker, runID: "fixture", at: fixture.now ?? time, on: FixtureData(fixture: fixture))
  }

  /// Fixtures that come to another outcome than their author expects. Code that does not even parse has none.
  package func fixtureProblems(of checker: Checker, at time: Date) async -> [FieldProblem] {
    var problems: [FieldProblem] = []
    for (index, fixture) in checker.body.fixtures.enumerated() {
      if index == 0, await problem(with: checker) != nil { return [] }
      let evaluation = await tryOut(checker, on: fixture, at: time)
      if evaluation.outcome == fixture.expected { continue }
      let why = evaluation.reason ?? evaluation.assertions.first { $0.outcome == evaluation.outcome }?.news
      problems.append(
        FieldProblem(
          field: "fixtures[\(index)]",
          message: "the fixture '\(fixture.name)' must be \(fixture.expected.rawValue), and is "
            + "\(evaluation.outcome.rawValue)\(why.map { ": \($0)" } ?? "")"))
    }
    return problems
  }

  private func task(
    for checker: Checker, runID: String, at time: Date, on data: any GuestData
  ) async throws -> GuestTask {
    let context = GuestContext(
      namespace: checker.id.namespace, checker: checker.id.name, runID: runID, seed: Self.seed(of: runID), now: time,
      timeZone: checker.schedule?.timeZone ?? "UTC", parameters: checker.body.parameters,
      previous: await previous(checker.id))
    func limits(_ standard: GuestLimits, _ own: CodeLimits) -> GuestLimits {
      var limits = standard.with(own)
      limits.dataSeconds = data.patienceSeconds
      return limits
    }
    switch checker.body {
    case .rules: throw GuestTrouble(.host, "rules are no code")
    case .heartbeat: throw GuestTrouble(.host, "a heartbeat has nothing to run: a job elsewhere reports to it")
    case .script(let script):
      let own = try await libraries(checker.id.namespace).filter { $0.language == script.language }
      return GuestTask(
        program: .script(
          script.language, source: script.source, fileName: "\(checker.id.name).\(script.language.fileExtension)"),
        libraries: Dictionary(own.map { ($0.name, $0.source) }, uniquingKeysWith: { $1 }), context: context, data: data,
        limits: limits(.script, script.limits))
    case .module(let module):
      guard let bytes = try await self.module(module.digest) else {
        throw GuestTrouble(.invalidModule, "the bytes of '\(module.fileName)' are not here: upload the module again")
      }
      return GuestTask(program: .module(bytes), context: context, data: data, limits: limits(.module, module.limits))
    }
  }

  /// FNV-1a, 64 bits: the same run has the same randomness wherever it is made again.
  private static func seed(of text: String) -> UInt64 {
    text.utf8.reduce(0xcbf2_9ce4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01b3 }
  }
}

/// Where there is no data to be had, because nothing is run.
private struct NoData: GuestData {
  func dataset(_ name: String) async throws(GuestDataError) -> ResultSet { throw GuestDataError(.unknown, "a trial") }

  func measure(_ dataset: String, expression: String, filter: String?) async throws(GuestDataError) -> MeasuredValue {
    throw GuestDataError(.unknown, "a trial")
  }
}

extension Evaluation {
  /// What a guest's report says about its checker.
  init(_ report: GuestReport, of checker: Checker) {
    let assertions = report.verdicts.map { verdict in
      let message = verdict.message.isEmpty ? "\(verdict.assertion) \(verdict.expected)" : verdict.message
      return Assertion(
        name: message, check: verdict.assertion, dataset: verdict.dataset,
        outcome: verdict.passed ? .passed : verdict.isWarning ? .warned : .failed, message: message,
        observed: verdict.observed.map { Observation($0, beside: verdict.expected, holds: verdict.passed) },
        expected: verdict.expected, sample: verdict.sample,
        line: verdict.line)
    }
    self.init(assertions: assertions, log: report.log, trouble: report.trouble, cost: report.cost)
  }
}

extension Observation {
  /// What code found, with all its digits where it would else look like what it is not.
  fileprivate init(_ value: Cell, beside expected: String, holds: Bool) {
    self.init(value)
    guard !holds, value.exactDecimal != nil, NumberText.short(value.text) != value.text else { return }
    let shown = [NumberText.short(value.text), text]
    if expected.split(separator: " ").contains(where: { shown.contains(String($0)) }) { distinct = value.text }
  }
}
