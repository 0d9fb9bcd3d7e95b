package import Domain

extension CheckerService {
  /// Keeps a library as its newest version.
  /// - Parameter expectedVersion: The version that the edit began with; any other is somebody else's edit.
  /// - Throws: `invalid` where its code does not parse, or where a fixture of a checker that imports it would come to
  ///   another outcome.
  package func save(
    _ library: Library, expectedVersion: Int? = nil, author: String
  ) async throws(ServiceError) {
    let stored = try await reading { () async throws(StoreError) in
      try await store.library(library.fileName, namespace: library.namespace)?.library
    }
    if stored == library { return }
    var problems = Self.problems(with: library)
    if problems.isEmpty { problems = await codeProblems(with: library, codeRunner) }
    if problems.isEmpty {
      let broken = try await brokenFixtures(by: [library], codeRunner(with: Declarations(libraries: [library]), [:]))
      problems = broken.map { FieldProblem(field: "source", message: $0.message) }
    }
    if !problems.isEmpty { throw .invalid(problems) }
    let time = now()
    try await reading { () async throws(StoreError) in
      try await store.save(library, expectedVersion: expectedVersion, author: author, at: time)
    }
  }

  /// - Throws: `inUse` while a checker's script imports it.
  package func deleteLibrary(_ fileName: String, namespace: String) async throws(ServiceError) {
    if let library = try await reading({ () async throws(StoreError) in
      try await store.library(fileName, namespace: namespace)?.library
    }) {
      let users = try await users(of: [library])
      if !users.isEmpty {
        throw .inUse("Scripts import the library '\(fileName)'", by: users.map(\.id.description))
      }
    }
    try await reading { () async throws(StoreError) in
      try await store.deleteLibrary(fileName, namespace: namespace)
    }
  }

  /// The checkers whose scripts import one of the libraries, straight or by another library.
  package func users(of libraries: [Library]) async throws(ServiceError) -> [Checker] {
    var scripts: [Checker] = []
    for namespace in Set(libraries.map(\.namespace)).sorted() {
      scripts += try await reading { () async throws(StoreError) in try await store.checkers(in: namespace) }
        .map(\.checker).filter { $0.body.script != nil }
    }
    if scripts.isEmpty { return [] }
    let others = try await reading { () async throws(StoreError) in try await store.libraries(namespace: nil) }
      .map(\.library)
    let reached = Library.closure(of: libraries, among: others)
    return scripts.filter { checker in
      guard let script = checker.body.script else { return false }
      return reached.contains { library in
        library.namespace == checker.id.namespace && library.language == script.language
          && library.isNamed(in: script.source)
      }
    }
  }

  /// Fixtures of stored checkers that hold as the libraries are, and no longer with `libraries`.
  /// - Parameter skipped: Checkers that are looked at elsewhere.
  func brokenFixtures(
    by libraries: [Library], except skipped: Set<QualifiedName> = [], _ runner: CodeRunner?
  ) async throws(ServiceError) -> [(library: Library, message: String)] {
    guard let runner, let stored = codeRunner, let library = libraries.first else { return [] }
    var broken: [(library: Library, message: String)] = []
    for checker in try await users(of: libraries) where !skipped.contains(checker.id) {
      let found = await runner.fixtureProblems(of: checker, at: now())
      if found.isEmpty { continue }
      let before = Set(await stored.fixtureProblems(of: checker, at: now()).map(\.field))
      let named = libraries.first { $0.isNamed(in: checker.body.script?.source ?? "") } ?? library
      broken += found.filter { !before.contains($0.field) }.map { problem in
        (named, "checker \(checker.id), which imports it: \(problem.message)")
      }
    }
    return broken
  }

  /// Where the code does not parse.
  func codeProblems(with library: Library, _ runner: CodeRunner?) async -> [FieldProblem] {
    guard let trouble = await runner?.syntaxProblem(with: library) else { return [] }
    let place = trouble.line.map { "line \($0): " } ?? ""
    return [FieldProblem(field: "source", message: place + trouble.message)]
  }

  static func problems(with library: Library) -> [FieldProblem] {
    var problems: [FieldProblem] = []
    if let problem = NameRule.problem(with: library.namespace) {
      problems.append(FieldProblem(field: "namespace", message: problem))
    }
    if let problem = Library.problem(withName: library.name) {
      problems.append(FieldProblem(field: "name", message: problem))
    }
    return problems + Self.problems(withSource: library.source)
  }

  static func problems(withSource source: String) -> [FieldProblem] {
    if source.allSatisfy(\.isWhitespace) { return [FieldProblem(field: "source", message: "there is no code yet")] }
    if source.count > Library.maximumCharacters {
      return [
        FieldProblem(
          field: "source",
          message: "the code has \(source.count) characters; at most \(Library.maximumCharacters) are taken")
      ]
    }
    return []
  }
}
