package import Domain

/// What a check file asks for, without its text form.
package struct Declarations: Sendable {
  package var dataSources: [DataSource]
  package var datasets: [Dataset]
  package var checkers: [Checker]
  package var actions: [Action]
  package var libraries: [Library]
  /// The bytes of modules that came with their checkers.
  package var modules: [QualifiedName: [UInt8]]

  package init(
    dataSources: [DataSource] = [], datasets: [Dataset] = [], checkers: [Checker] = [], actions: [Action] = [],
    libraries: [Library] = [], modules: [QualifiedName: [UInt8]] = [:]
  ) {
    self.dataSources = dataSources
    self.datasets = datasets
    self.checkers = checkers
    self.actions = actions
    self.libraries = libraries
    self.modules = modules
  }
}

/// What an import did, by name.
package struct ImportReport: Hashable, Codable, Sendable {
  package var added: [String] = []
  package var changed: [String] = []
  package var unchanged: [String] = []
}

extension CheckerService {
  /// Adds what is new and changes what differs; removes nothing. What is the same already is left alone, so that
  /// importing twice changes nothing.
  package func apply(_ declared: Declarations, author: String) async throws(ServiceError) -> ImportReport {
    var declared = declared
    try await keepModules(of: &declared)
    let problems = try await problems(with: declared)
    if !problems.isEmpty { throw .invalid(problems) }
    var report = ImportReport()
    for source in declared.dataSources {
      let old = try await reading { () async throws(StoreError) in try await store.dataSource(source.name) }
      report.note("data source \(source.name)", old: old, new: source)
      if old != source { try await save(source, replacing: old?.name) }
    }
    // Those that a fallback names come first.
    let actions = declared.actions.filter { $0.fallback == nil } + declared.actions.filter { $0.fallback != nil }
    for action in actions {
      let old = try await reading { () async throws(StoreError) in try await store.action(action.name) }
      report.note("action \(action.name)", old: old, new: action)
      if old != action { try await save(action, replacing: old?.name) }
    }
    for dataset in declared.datasets {
      let old = try await reading { () async throws(StoreError) in try await store.dataset(dataset.id) }
      report.note("dataset \(dataset.id)", old: old, new: dataset)
      if old != dataset { try await save(dataset, replacing: old?.id) }
    }
    for library in declared.libraries {
      let old = try await reading { () async throws(StoreError) in
        try await store.library(library.fileName, namespace: library.namespace)
      }
      report.note("library \(library.namespace)/\(library.fileName)", old: old?.library, new: library)
      if old?.library != library { try await save(library, author: author) }
    }
    for checker in declared.checkers {
      let old = try await reading { () async throws(StoreError) in try await store.checker(checker.id) }
      report.note("checker \(checker.id)", old: old?.checker, new: checker)
      if old?.checker != checker {
        _ = try await save(checker, replacing: old?.checker.id, expectedVersion: nil, author: author)
      }
    }
    return report
  }

  /// Puts the digests of modules that came as bytes into their checkers.
  private func keepModules(of declared: inout Declarations) async throws(ServiceError) {
    for index in declared.checkers.indices {
      let checker = declared.checkers[index]
      guard case .module(var module) = checker.body, let bytes = declared.modules[checker.id] else { continue }
      do {
        module.digest = try await keep(module: bytes, fileName: module.fileName).module.digest
        module.byteCount = bytes.count
      } catch .invalid(let problems) {
        throw .invalid(
          problems.map { FieldProblem(field: "checkers[\(index)].\($0.field)", message: $0.message) })
      }
      declared.checkers[index].body = .module(module)
    }
  }

  /// Everything that is wrong, found before anything is written.
  private func problems(with declared: Declarations) async throws(ServiceError) -> [FieldProblem] {
    var known = try await definitions()
    for source in declared.dataSources { known.dataSources[source.name] = source }
    for dataset in declared.datasets { known.datasets[dataset.id] = dataset }
    var problems: [FieldProblem] = []
    func add(_ path: String, _ found: [FieldProblem]) {
      problems += found.map { FieldProblem(field: "\(path).\($0.field)", message: $0.message) }
    }
    for (index, source) in declared.dataSources.enumerated() {
      add("data_sources[\(index)]", Self.problems(with: source))
    }
    for (index, dataset) in declared.datasets.enumerated() {
      add("datasets[\(index)]", Self.problems(with: dataset))
      if known.dataSources[dataset.dataSource] == nil {
        add(
          "datasets[\(index)]",
          [FieldProblem(field: "data_source", message: "there is no data source '\(dataset.dataSource)'")])
      }
    }
    for (index, checker) in declared.checkers.enumerated() {
      add("checkers[\(index)]", Self.problems(with: checker))
      for (position, rule) in checker.body.rules.enumerated() {
        if case .unknown(let reason) = known.resolve(rule.dataset, namespace: checker.id.namespace) {
          add("checkers[\(index)]", [FieldProblem(field: "rules[\(position)].dataset", message: reason)])
        }
      }
    }
    return problems
  }
}

extension ImportReport {
  fileprivate mutating func note<Value: Equatable>(_ name: String, old: Value?, new: Value) {
    if old == nil {
      added.append(name)
    } else if old == new {
      unchanged.append(name)
    } else {
      changed.append(name)
    }
  }
}
