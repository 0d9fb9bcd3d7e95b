import Domain

/// Finds everything that is wrong with what is to be imported, before anything is written.
struct ImportCheck {
  let service: CheckerService
  var declared: Declarations
  /// What may be named: what is stored and what is declared.
  private let known: Definitions
  /// The bytes of the declared modules by their digest.
  private(set) var modules: [String: [UInt8]] = [:]
  private(set) var problems: [FieldProblem] = []

  init(service: CheckerService, declared: Declarations, known: Definitions) {
    self.service = service
    self.declared = declared
    self.known = known.adding(declared)
  }

  /// As they stand in the text; what has no place comes first.
  var inOrder: [FieldProblem] {
    func place(_ problem: FieldProblem) -> TextPlace {
      declared.places.place(of: problem.field) ?? TextPlace(line: 0, column: 0)
    }
    return problems.enumerated().sorted { (place($0.element), $0.offset) < (place($1.element), $1.offset) }.map {
      told($0.element)
    }
  }

  /// With the place, and the name of the checker.
  private func told(_ problem: FieldProblem) -> FieldProblem {
    var problem = problem
    if let index = index(in: "checkers", problem.field), declared.checkers.indices.contains(index) {
      problem.message = "checker \(declared.checkers[index].id): \(problem.message)"
    } else if let index = index(in: "libraries", problem.field), declared.libraries.indices.contains(index) {
      problem.message = "library \(declared.libraries[index].fileName): \(problem.message)"
    }
    if let place = declared.places.place(of: problem.field) {
      problem.message = "line \(place.line), column \(place.column): \(problem.message)"
    }
    return problem
  }

  private func index(in list: String, _ field: String) -> Int? {
    guard field.hasPrefix("\(list)["), let end = field.firstIndex(of: "]") else { return nil }
    return Int(field[..<end].dropFirst(list.count + 1))
  }

  private mutating func add(_ path: String, _ found: [FieldProblem]) {
    problems += found.map { FieldProblem(field: "\(path).\($0.field)", message: $0.message) }
  }

  /// Puts the digests of modules that came as bytes into their checkers.
  mutating func prepareModules() async {
    for index in declared.checkers.indices {
      let checker = declared.checkers[index]
      guard case .module(var module) = checker.body, let bytes = declared.modules[checker.id] else { continue }
      guard let sandbox = service.sandbox else {
        add(
          "checkers[\(index)]",
          [FieldProblem(field: "module", message: "this program has no sandbox to run modules in")])
        continue
      }
      do {
        module.digest = try await sandbox.prepare(bytes, limits: .module).digest
        module.byteCount = bytes.count
        modules[module.digest] = bytes
        declared.checkers[index].body = .module(module)
      } catch {
        add("checkers[\(index)]", [FieldProblem(field: "module", message: error.message)])
      }
    }
  }

  mutating func run(changed: CatalogueChanges) async throws(ServiceError) {
    let stored = try await service.reading { () async throws(StoreError) in try await service.store.actions() }
    let actions = Set(stored.map(\.name)).union(declared.actions.map(\.name)).sorted()
    for (index, source) in declared.dataSources.enumerated() {
      add("data_sources[\(index)]", CheckerService.problems(with: source))
      if changed.dataSources.contains(source) {
        add("data_sources[\(index)]", service.missingVariables(of: source))
      }
    }
    let taken = try await service.takenTables(by: declared.datasets, except: Set(declared.checkers.map(\.id)))
    for (index, dataset) in declared.datasets.enumerated() {
      add("datasets[\(index)]", CheckerService.problems(with: dataset))
      if known.dataSources[dataset.dataSource] == nil { add("datasets[\(index)]", [unknownSource(dataset)]) }
      if let problem = taken[dataset.id] { add("datasets[\(index)]", [problem]) }
      guard changed.datasets.contains(dataset) else { continue }
      let data = NamedData(definitions: known, engines: service.engines, isTrial: true)
      if let problem = await data.problem(with: dataset) { add("datasets[\(index)]", [problem]) }
    }
    try await checkLibraries(changed)
    for (index, action) in declared.actions.enumerated() where changed.actions.contains(action) {
      add("actions[\(index)]", service.problems(with: action, among: actions.filter { $0 != action.name }))
    }
    if let tree = declared.routing {
      add("routing", tree.problems(knownActions: actions).map { FieldProblem(field: $0.path, message: $0.message) })
    }
    await checkCheckers(changed: Set(changed.checkers.map(\.checker.id)), actions)
  }

  private mutating func checkLibraries(_ changes: CatalogueChanges) async throws(ServiceError) {
    let changed = changes.libraries
    let runner = service.codeRunner(with: declared, modules)
    for (index, library) in declared.libraries.enumerated() {
      var found = CheckerService.problems(with: library)
      if found.isEmpty, changed.contains(library) { found = await service.codeProblems(with: library, runner) }
      add("libraries[\(index)]", found)
    }
    // Those that change are tried as they will be.
    let apart = Set(changes.checkers.map(\.checker.id))
    for (library, message) in try await service.brokenFixtures(by: changed, except: apart, runner) {
      let index = declared.libraries.firstIndex(of: library) ?? 0
      add("libraries[\(index)]", [FieldProblem(field: "source", message: message)])
    }
  }

  private mutating func checkCheckers(changed: Set<QualifiedName>, _ actions: [String]) async {
    let runner = service.codeRunner(with: declared, modules)
    for (index, checker) in declared.checkers.enumerated() {
      let path = "checkers[\(index)]"
      // What is wrong with a module that could not be prepared is told already.
      let isUnprepared = checker.body.module?.digest.isEmpty == true && declared.modules[checker.id] != nil
      let found = CheckerService.problems(with: checker).filter { !isUnprepared || $0.field != "module" }
      add(path, found)
      add(path, CheckerService.unknownNames(in: checker, known, actions: actions))
      guard changed.contains(checker.id), found.isEmpty, !isUnprepared else { continue }
      add(path, await NamedData(definitions: known, engines: service.engines, isTrial: true).problems(with: checker))
      add(path, await service.codeProblems(with: checker, runner))
      add(path, await RowColumns(definitions: known, engines: service.engines, isTrial: true).problems(with: checker))
    }
  }

  private func unknownSource(_ dataset: Dataset) -> FieldProblem {
    FieldProblem(field: "data_source", message: known.unknownSource(dataset.dataSource))
  }
}

/// Lets in one at a time, in the order of their coming.
actor Turnstile {
  private var isTaken = false
  private var waiting: [CheckedContinuation<Void, Never>] = []

  func enter() async {
    guard isTaken else {
      isTaken = true
      return
    }
    await withCheckedContinuation { waiting.append($0) }
  }

  func leave() {
    if waiting.isEmpty { isTaken = false } else { waiting.removeFirst().resume() }
  }
}
