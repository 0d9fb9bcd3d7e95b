package import Domain
import Foundation
import Rules

extension CheckerService {
  package var evaluator: Evaluator { Evaluator(engines: engines, code: codeRunner) }

  var codeRunner: CodeRunner? { codeRunner(before: nil) }

  /// One whose code looks back at what ran before the run `before`; at all that ran, without it.
  func codeRunner(before: String?) -> CodeRunner? {
    guard let sandbox else { return nil }
    let store = store
    return CodeRunner(
      sandbox: sandbox,
      libraries: { try await store.libraries(namespace: $0).map(\.library) },
      module: { try await store.module($0) },
      previous: { await Self.previousRuns(of: $0, before: before, in: store) })
  }

  /// One that has what an import declares as if it were stored already.
  func codeRunner(with declared: Declarations, _ modules: [String: [UInt8]]) -> CodeRunner? {
    guard let stored = codeRunner else { return nil }
    let own = declared.libraries
    return CodeRunner(
      sandbox: stored.sandbox,
      libraries: { namespace in
        let new = own.filter { $0.namespace == namespace }
        let names = Set(new.map(\.fileName))
        return try await stored.libraries(namespace).filter { !names.contains($0.fileName) } + new
      },
      module: { digest in
        if let bytes = modules[digest] { return bytes }
        return try await stored.module(digest)
      },
      previous: stored.previous)
  }

  private static func previousRuns(
    of id: QualifiedName, before: String?, in store: any Store
  ) async -> [GuestContext.PreviousRun] {
    // A script that cannot look back still has its data.
    guard
      let runs = try? await store.runs(RunFilter(checker: id), limit: CodeRunner.previousRuns, before: before),
      let observed = try? await store.observations(of: id, limit: runs.count, before: before)
    else { return [] }
    return runs.enumerated().map { index, run in
      let values = observed.compactMapValues { series in
        index < series.count ? series[series.count - 1 - index] : nil
      }
      return GuestContext.PreviousRun(startedAt: run.startedAt, outcome: run.outcome, observed: values)
    }
  }

  /// Checks a module, compiles it and keeps its bytes; gives what a checker needs to name it.
  package func keep(
    module bytes: [UInt8], fileName: String
  ) async throws(ServiceError) -> (module: Module, description: ModuleDescription) {
    guard let sandbox else { throw .unavailable("this program has no sandbox to run modules in") }
    let description: ModuleDescription
    do {
      description = try await sandbox.prepare(bytes, limits: .module)
    } catch {
      throw .invalid([FieldProblem(field: "module", message: error.message)])
    }
    try await reading { () async throws(StoreError) in
      try await store.keepModule(bytes, digest: description.digest)
    }
    let module = Module(digest: description.digest, fileName: fileName, byteCount: bytes.count)
    return (module, description)
  }

  /// What a checker's code comes to on made-up data.
  package func tryOut(_ checker: Checker, on fixture: Fixture) async -> Evaluation {
    guard let codeRunner else {
      return Evaluation(
        assertions: [], trouble: GuestTrouble(.host, "this program has no sandbox to run code in"))
    }
    return await codeRunner.tryOut(checker, on: fixture, at: now())
  }

  /// What is wrong with a script or module that does not show in its text alone: it does not parse, or a fixture comes
  /// to another outcome than its author expects.
  func codeProblems(with checker: Checker, _ runner: CodeRunner?) async -> [FieldProblem] {
    guard !checker.body.isRules, !checker.body.isPushed else { return [] }
    let field = checker.body.script == nil ? "module" : "script"
    let misspelt = checker.body.script.map(Self.misspeltParameters) ?? []
    if !misspelt.isEmpty { return misspelt }
    guard let runner else {
      return [FieldProblem(field: field, message: "this program has no sandbox to run code in")]
    }
    if let trouble = await runner.problem(with: checker), trouble.reason != .host {
      let place = trouble.line.map { "line \($0): " } ?? ""
      return [FieldProblem(field: field, message: place + trouble.message)]
    }
    return await runner.fixtureProblems(of: checker, at: now())
  }

  /// Parameters that the script does not read, beside one that it reads and is not given, of nearly the same name: the
  /// script would go on with its default.
  private static func misspeltParameters(of script: Script) -> [FieldProblem] {
    let read = script.source.matches(of: /\bparam\(\s*(?:'([^'\n]*)'|"([^"\n]*)")\s*[,)]/).map {
      String($0.1 ?? $0.2 ?? "")
    }
    let missing = Set(read).subtracting(script.parameters.keys).sorted()
    return script.parameters.keys.sorted().filter { !script.source.contains($0) }.compactMap { name in
      Spelling.nearest(to: name, among: missing).map {
        FieldProblem(field: "parameters", message: "the script reads no parameter '\(name)'; did you mean '\($0)'?")
      }
    }
  }

  // MARK: Export

  /// The bytes of modules, for a file that holds everything.
  func moduleBytes(of checkers: [Checker]) async throws(ServiceError) -> [QualifiedName: [UInt8]] {
    var bytes: [QualifiedName: [UInt8]] = [:]
    for checker in checkers {
      guard let module = checker.body.module else { continue }
      bytes[checker.id] = try await reading { () async throws(StoreError) in try await store.module(module.digest) }
    }
    return bytes
  }

  /// A namespace's libraries in the languages of these checkers.
  func libraries(neededBy checkers: [Checker], in namespace: String) async throws(ServiceError) -> [Library] {
    let languages = Set(checkers.compactMap { $0.body.script?.language })
    if languages.isEmpty { return [] }
    let all = try await reading { () async throws(StoreError) in try await store.libraries(namespace: namespace) }
    return all.map(\.library).filter { languages.contains($0.language) }
  }
}

extension CheckerService {
  /// The script that measures and asserts what a checker's rules do.
  package func script(equalTo checker: Checker, in language: ScriptLanguage) async throws(ServiceError) -> String {
    let definitions = try await definitions()
    var dialects: [String: SQLDialect] = [:]
    for name in checker.body.datasetNames {
      guard case .found(let source, _) = definitions.resolve(name, of: checker),
        let engine = try? await engines.engine(for: source)
      else { continue }
      dialects[name] = engine.dialect
    }
    return RuleScript.source(of: checker.body.rules, in: language) { dialects[$0] ?? .standard }
  }
}
