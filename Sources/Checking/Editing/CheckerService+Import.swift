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
  /// The whole routing tree; `nil` leaves the one there is.
  package var routing: RoutingTree?
  /// Where everything stands in the text that it came from.
  package var places: TextPlaces

  package init(
    dataSources: [DataSource] = [], datasets: [Dataset] = [], checkers: [Checker] = [], actions: [Action] = [],
    libraries: [Library] = [], modules: [QualifiedName: [UInt8]] = [:], routing: RoutingTree? = nil,
    places: TextPlaces = TextPlaces()
  ) {
    self.dataSources = dataSources
    self.datasets = datasets
    self.checkers = checkers
    self.actions = actions
    self.libraries = libraries
    self.modules = modules
    self.routing = routing
    self.places = places
  }
}

extension CheckerService {
  /// Adds what is new and changes what differs; removes nothing. What is the same already is left alone, so that
  /// importing twice changes nothing. Either everything is written or, when anything is wrong, nothing.
  package func apply(
    _ declared: Declarations, author: String, isTrial: Bool = false
  ) async throws(ServiceError) -> ImportReport {
    await imports.enter()
    do throws(ServiceError) {
      let report = try await applyAlone(declared, author: author, isTrial: isTrial)
      await imports.leave()
      return report
    } catch {
      await imports.leave()
      throw error
    }
  }

  private func applyAlone(
    _ declared: Declarations, author: String, isTrial: Bool
  ) async throws(ServiceError) -> ImportReport {
    let known = try await definitions()
    var check = ImportCheck(
      service: self, declared: try await pinned(try await keepingStoredSecrets(declared), known), known: known)
    await check.prepareModules()
    let (changes, report) = try await changes(check.declared)
    try await check.run(changed: changes)
    if !check.problems.isEmpty { throw .invalid(check.inOrder) }
    var complete = changes
    complete.modules = check.modules
    let written = complete
    if written.isEmpty || isTrial { return report }
    let time = now()
    try await reading { () async throws(StoreError) in try await store.write(written, author: author, at: time) }
    for source in written.dataSources { await engines.forget(source.name) }
    for action in written.actions {
      try await actionWorks(action.name, reason: "action '\(action.name)' was edited")
    }
    wake()
    for change in written.checkers { announce(CheckerNews(checker: change.checker.id, kind: .edited)) }
    return report
  }

  /// Tables are those of the data source that the text itself leads to, as for whoever runs it by itself.
  private func pinned(_ declared: Declarations, _ stored: Definitions) async throws(ServiceError) -> Declarations {
    var declared = declared
    let pinning = TablePinning(
      known: stored.adding(declared),
      text: Definitions(dataSources: declared.dataSources, datasets: declared.datasets))
    for index in declared.checkers.indices where declared.checkers[index].dataSource == nil {
      let checker = declared.checkers[index]
      let old = try await reading { () async throws(StoreError) in try await store.checker(checker.id) }
      declared.checkers[index] = pinning.pinned(checker, replacing: old?.checker)
    }
    return declared
  }

  /// What differs from what is stored.
  private func changes(_ declared: Declarations) async throws(ServiceError) -> (CatalogueChanges, ImportReport) {
    var changes = CatalogueChanges()
    var report = ImportReport()
    // What several files say alike counts once.
    var told = Set<String>()
    for source in declared.dataSources where told.insert("data source \(source.name)").inserted {
      let old = try await reading { () async throws(StoreError) in try await store.dataSource(source.name) }
      report.note("data source \(source.name)", old: old, new: source) { .dataSource($0, $1) }
      if old != source { changes.dataSources.append(source) }
    }
    for action in declared.actions where told.insert("action \(action.name)").inserted {
      let old = try await reading { () async throws(StoreError) in try await store.action(action.name) }
      report.note("action \(action.name)", old: old, new: action) { .action($0, $1) }
      if old != action { changes.actions.append(action) }
    }
    for dataset in declared.datasets where told.insert("dataset \(dataset.id)").inserted {
      let old = try await reading { () async throws(StoreError) in try await store.dataset(dataset.id) }
      report.note("dataset \(dataset.id)", old: old, new: dataset) { .dataset($0, $1) }
      if old != dataset { changes.datasets.append(dataset) }
    }
    for library in declared.libraries
    where told.insert("library \(library.namespace)/\(library.fileName)").inserted {
      let old = try await reading { () async throws(StoreError) in
        try await store.library(library.fileName, namespace: library.namespace)
      }
      report.note("library \(library.namespace)/\(library.fileName)", old: old?.library, new: library) {
        .library($0, $1)
      }
      if old?.library != library { changes.libraries.append(library) }
    }
    for checker in declared.checkers where told.insert("checker \(checker.id)").inserted {
      let old = try await reading { () async throws(StoreError) in try await store.checker(checker.id) }
      report.note("checker \(checker.id)", old: old?.checker, new: checker) { .checker($0, $1) }
      guard old?.checker != checker else { continue }
      let next = try await firstRun(of: checker, replacing: old?.checker.id, at: now())
      changes.checkers.append(.init(checker: checker, nextRunAt: next))
    }
    if let tree = declared.routing {
      let old = try await routingTree()
      report.note("routing", old: old.routes.isEmpty && old != tree ? nil : old, new: tree) { .routing($0, $1) }
      if old != tree { changes.routing = tree }
    }
    return (changes, report)
  }
}

extension Definitions {
  /// With what is declared in place of what is stored under the same name.
  func adding(_ declared: Declarations) -> Definitions {
    var all = self
    for source in declared.dataSources { all.dataSources[source.name] = source }
    for dataset in declared.datasets { all.datasets[dataset.id] = dataset }
    return all
  }
}
