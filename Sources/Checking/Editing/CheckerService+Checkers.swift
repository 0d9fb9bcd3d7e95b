package import Domain
import Foundation
import Rules

extension CheckerService {
  /// Adds a checker, or writes a new version of the one that was called `original`.
  package func save(
    _ checker: Checker, replacing original: QualifiedName?, expectedVersion: Int?, author: String
  ) async throws(ServiceError) -> StoredChecker {
    let definitions = try await definitions()
    let checker = try await pinned(checker, replacing: original, definitions)
    let problems = Self.problems(with: checker) + (try await unknownNames(in: checker, definitions))
    if !problems.isEmpty { throw .invalid(problems) }
    let dataProblems = await NamedData(definitions: definitions, engines: engines).problems(with: checker)
    if !dataProblems.isEmpty { throw .invalid(dataProblems) }
    let codeProblems = await codeProblems(with: checker, codeRunner)
    if !codeProblems.isEmpty { throw .invalid(codeProblems) }
    let rowProblems = await RowColumns(definitions: definitions, engines: engines).problems(with: checker)
    if !rowProblems.isEmpty { throw .invalid(rowProblems) }
    let time = now()
    let next = try await firstRun(of: checker, replacing: original, at: time)
    let stored = try await reading { () async throws(StoreError) in
      try await store.save(
        checker, replacing: original, expectedVersion: expectedVersion, author: author, at: time, nextRunAt: next)
    }
    wake()
    announce(CheckerNews(checker: checker.id, kind: .edited))
    return stored
  }

  private func pinned(
    _ checker: Checker, replacing original: QualifiedName?, _ definitions: Definitions
  ) async throws(ServiceError) -> Checker {
    guard let original else { return TablePinning(known: definitions).pinned(checker, replacing: nil) }
    let stored = try await reading { () async throws(StoreError) in try await store.checker(original) }
    return TablePinning(known: definitions).pinned(checker, replacing: stored?.checker)
  }

  /// When a checker that is saved now is due. A heartbeat is not expected before its first ping. A run that its alarm
  /// waits for is not put off.
  func firstRun(
    of checker: Checker, replacing original: QualifiedName?, at time: Date
  ) async throws(ServiceError) -> Date? {
    guard let original else { return checker.body.isPushed ? nil : nextRun(of: checker, after: time) }
    let old = try await reading { () async throws(StoreError) in try await store.checker(original) }
    guard checker.body.isPushed else { return awaitedRun(of: checker, old, after: time) }
    return old?.lastRun.flatMap { Self.expected(checker, after: $0.startedAt) }
  }

  /// When `checker` is due by its schedule, or by what the alarm of `stored` waits for, whichever comes first.
  private func awaitedRun(of checker: Checker, _ stored: StoredChecker?, after time: Date) -> Date? {
    let scheduled = nextRun(of: checker, after: time)
    guard checker.isEnabled, let confirms = stored?.confirmsAt(checker.alarm) else { return scheduled }
    return min(scheduled ?? .distantFuture, max(confirms, time))
  }

  package func deleteChecker(_ id: QualifiedName) async throws(ServiceError) {
    let routing = try await routing()
    try await reading { () async throws(StoreError) in
      try await store.deleteChecker(id, at: now(), router: routing)
    }
    wake()
    announce(CheckerNews(checker: id, kind: .edited))
  }

  /// Writes an old version again, as the newest.
  package func restore(
    _ id: QualifiedName, version: Int, author: String
  ) async throws(ServiceError) -> StoredChecker {
    let versions = try await reading { () async throws(StoreError) in try await store.versions(of: id) }
    guard var old = versions.first(where: { $0.version == version })?.checker else {
      throw .notFound("checker '\(id)' has no version \(version)")
    }
    old.id = id
    return try await save(old, replacing: id, expectedVersion: nil, author: author)
  }

  package func setEnabled(_ id: QualifiedName, _ enabled: Bool) async throws(ServiceError) {
    guard let stored = try await reading({ () async throws(StoreError) in try await store.checker(id) }) else {
      throw .notFound("there is no checker '\(id)'")
    }
    var checker = stored.checker
    checker.isEnabled = enabled
    let isExpected = checker.body.isPushed && stored.lastRun != nil
    let next =
      isExpected
      ? Self.expected(checker, after: now())
      : checker.body.isPushed ? nil : awaitedRun(of: checker, stored, after: now())
    try await reading { () async throws(StoreError) in
      try await store.setEnabled(id, enabled, nextRunAt: next)
    }
    wake()
    announce(CheckerNews(checker: id, kind: .edited))
  }

  /// What is wrong with a checker as it stands, without looking at anything else.
  package static func problems(with checker: Checker) -> [FieldProblem] {
    var problems: [FieldProblem] = []
    if let problem = NameRule.problem(with: checker.id.name) {
      problems.append(FieldProblem(field: "name", message: problem))
    }
    if let problem = NameRule.problem(with: checker.id.namespace) {
      problems.append(FieldProblem(field: "namespace", message: problem))
    }
    do {
      try checker.schedule?.validate()
    } catch {
      problems.append(FieldProblem(field: error.part == .timeZone ? "timezone" : "schedule", message: error.message))
    }
    problems += checker.alarm.problems.map { FieldProblem(field: "alarm.\($0.key)", message: $0.message) }
    if let problem = RowKeys.problem(with: checker) {
      problems.append(FieldProblem(field: "alarm.per_row", message: problem))
    }
    switch checker.body {
    case .rules(let rules) where rules.isEmpty:
      problems.append(FieldProblem(field: "rules", message: "a checker needs at least one rule"))
    case .rules: break
    case .script(let script):
      problems += Self.problems(withSource: script.source).map {
        FieldProblem(field: "script", message: $0.message)
      }
    case .heartbeat:
      if checker.schedule == nil {
        problems.append(
          FieldProblem(field: "schedule", message: "a heartbeat needs a schedule: it says when a ping is expected"))
      }
    case .module(let module):
      if module.digest.isEmpty { problems.append(FieldProblem(field: "module", message: "upload a module")) }
    }
    let rules = checker.body.rules
    for (index, rule) in rules.enumerated() {
      problems += RuleValidation.problems(with: rule).map {
        FieldProblem(field: "rules[\(index)].\($0.field)", message: $0.message)
      }
    }
    return problems
  }

  /// Datasets and actions that the checker names and that do not exist.
  private func unknownNames(
    in checker: Checker, _ definitions: Definitions
  ) async throws(ServiceError) -> [FieldProblem] {
    let actions = try await reading { () async throws(StoreError) in try await store.actions() }.map(\.name)
    return Self.unknownNames(in: checker, definitions, actions: actions)
  }

  static func unknownNames(
    in checker: Checker, _ definitions: Definitions, actions: [String]
  ) -> [FieldProblem] {
    var problems: [FieldProblem] = []
    var checker = checker
    if let source = checker.dataSource, definitions.dataSources[source] == nil {
      problems.append(FieldProblem(field: "data_source", message: definitions.unknownSource(source)))
      // Told once, not once for each rule.
      guard let other = definitions.dataSources.keys.first else { return problems }
      checker.dataSource = other
    }
    for (index, rule) in checker.body.rules.enumerated() where !rule.dataset.isEmpty {
      if case .unknown(let reason) = definitions.resolve(rule.dataset, of: checker) {
        problems.append(FieldProblem(field: "rules[\(index)].dataset", message: reason))
      }
    }
    for name in checker.body.module?.datasets ?? [] {
      if case .unknown(let reason) = definitions.resolve(name, of: checker) {
        problems.append(FieldProblem(field: "datasets", message: reason))
      }
    }
    for name in checker.actions where !actions.contains(name) {
      let nearest = Spelling.nearest(to: name, among: actions).map { "; did you mean '\($0)'?" } ?? ""
      problems.append(FieldProblem(field: "actions", message: "there is no action '\(name)'\(nearest)"))
    }
    return problems
  }
}
