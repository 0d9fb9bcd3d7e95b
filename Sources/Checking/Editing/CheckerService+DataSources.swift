package import Domain

extension CheckerService {
  /// Adds a data source, or replaces the one that was called `original`.
  /// - Parameter expected: What the edit began with, as it is stored; anything else there is somebody else's edit.
  package func save(
    _ source: DataSource, replacing original: String?, expected: DataSource? = nil
  ) async throws(ServiceError) {
    let problems = Self.problems(with: source)
    if !problems.isEmpty { throw .invalid(problems) }
    try await reading { () async throws(StoreError) in
      try await store.save(source, replacing: original, expected: expected)
    }
    if let original { await engines.forget(original) }
  }

  package func deleteDataSource(_ name: String) async throws(ServiceError) {
    try await reading { () async throws(StoreError) in try await store.deleteDataSource(name) }
    await engines.forget(name)
  }

  /// Connects with settings that need not be saved, and says what works.
  package func test(_ source: DataSource) async -> [ConnectionTestStep] {
    let engine: any QueryEngine
    do {
      engine = try engines.openAlone(source)
    } catch {
      let step = ConnectionTestStep(title: "Settings", verdict: .failed, detail: error.message, milliseconds: 0)
      return [step.naming(source)]
    }
    var steps = await engine.test()
    // The others are known, and are tried with every rule there is.
    if source.driver == .adbc, !steps.contains(where: { $0.verdict == .failed }) {
      steps.append(await RuleTrial(engine: engine, limits: source.limits).step())
    }
    await engine.close()
    return steps.map { $0.naming(source) }
  }

  /// The tables and columns of a data source, for completion and suggestions.
  package func tables(of name: String) async throws(ServiceError) -> [TableDescription] {
    let engine = try await engine(for: name)
    do {
      return try await engine.tables()
    } catch {
      throw .query(error)
    }
  }

  func engine(for name: String) async throws(ServiceError) -> any QueryEngine {
    guard let source = try await reading({ () async throws(StoreError) in try await store.dataSource(name) }) else {
      throw .notFound("there is no data source '\(name)'")
    }
    do {
      return try await engines.engine(for: source)
    } catch {
      throw .query(error)
    }
  }

  /// What is wrong with a data source's settings; nothing is opened.
  package static func problems(with source: DataSource) -> [FieldProblem] {
    var problems: [FieldProblem] = []
    if let problem = NameRule.problem(with: source.name) {
      problems.append(FieldProblem(field: "name", message: problem))
    }
    if source.uri.allSatisfy(\.isWhitespace), source.driver != .adbc {
      let example =
        switch source.driver {
        case .postgresql: "postgresql://reader:${SHOP_PASSWORD}@db.example.com:5432/shop"
        case .sqlite: "./shop.db"
        case .duckdb: "./shop.duckdb"
        case .adbc: ""
        }
      problems.append(FieldProblem(field: "uri", message: "says where the database is, such as \(example)"))
    }
    if source.driver == .adbc, (source.options["library"] ?? "").isEmpty {
      problems.append(
        FieldProblem(field: "options", message: "an ADBC driver needs 'library', the path of its shared library"))
    }
    for problem in DataSourceOptions.problems(with: source.options, of: source.driver) {
      problems.append(FieldProblem(field: "options", message: problem.sentence))
    }
    if !(0.1...3600).contains(source.limits.timeoutSeconds) {
      problems.append(FieldProblem(field: "timeout", message: "must be from 0.1 to 3600 seconds"))
    }
    if !(1...10_000_000).contains(source.limits.maxRows) {
      problems.append(FieldProblem(field: "max_rows", message: "must be from 1 to 10,000,000"))
    }
    if source.limits.maxBytes < 1 {
      problems.append(FieldProblem(field: "max_bytes", message: "must be at least 1"))
    }
    if !(1...64).contains(source.maxConnections) {
      problems.append(FieldProblem(field: "max_connections", message: "must be from 1 to 64"))
    }
    return problems
  }
}
