package import Domain

/// What of the service goes into a file.
package enum ExportScope: Hashable, Sendable {
  case everything
  case namespace(String)
  case checker(QualifiedName)
}

/// What is stored as it may leave the service: everything that an import needs, and no secret.
package struct Export: Sendable {
  /// One per namespace; data sources, actions and routing, which belong to none, stand in the first.
  package var documents: [Document]
  /// What must be set where it is imported, by name.
  package var variables: [Variable]

  package struct Document: Sendable {
    package var namespace: String
    package var content: Declarations
  }

  /// A variable of the environment that the export names.
  package struct Variable: Hashable, Sendable {
    package var name: String
    /// `uri of data source shop`
    package var uses: [String]
  }

  /// What stands above the text; empty when it names no variable.
  package var comment: [String] {
    guard let example = variables.first?.name else { return [] }
    let width = variables.map(\.name.count).max() ?? 0
    return [
      "There are no secrets in this file. Set these variables where it is run or imported,",
      "as with: export \(example)='...'",
    ]
      + variables.map { variable in
        let padding = String(repeating: " ", count: width - variable.name.count)
        return "  \(variable.name)\(padding)  \(variable.uses.joined(separator: ", "))"
      }
  }
}

extension CheckerService {
  /// Puts an export together: for a namespace or a checker also the datasets, data sources, libraries, modules and
  /// actions that they use.
  package func export(_ scope: ExportScope) async throws(ServiceError) -> Export {
    let definitions = try await definitions()
    let actions = try await reading { () async throws(StoreError) in try await store.actions() }
    let all = try await reading { () async throws(StoreError) in try await store.checkers() }.map(\.checker)
    let checkers = all.filter { scope.holds($0) }.sorted { $0.id < $1.id }
    if case .checker(let id) = scope, checkers.isEmpty { throw .notFound("There is no checker '\(id)'.") }
    let datasets = definitions.datasets.values.filter { scope.holds($0) }
    let libraries = try await libraries(of: scope, checkers)
    if case .namespace(let name) = scope, checkers.isEmpty, datasets.isEmpty, libraries.isEmpty {
      throw .notFound("There is nothing in a namespace '\(name)'.")
    }
    let hidden = SecretReferences(
      dataSources: Array(definitions.dataSources.values), actions: actions, kinds: channels.kinds)
    var content = Declarations(checkers: checkers, libraries: libraries, modules: try await moduleBytes(of: checkers))
    content.datasets = Self.datasets(datasets, and: checkers, definitions)
    content.dataSources = hidden.dataSources
    content.actions = hidden.actions
    if scope == .everything {
      let tree = try await routingTree()
      content.routing = tree.routes.isEmpty ? nil : tree
    } else {
      let sources = Set(content.datasets.map(\.dataSource)).union(checkers.flatMap(definitions.sources))
      content.dataSources.removeAll { !sources.contains($0.name) }
      let told = Self.actions(of: checkers, among: actions)
      content.actions.removeAll { !told.contains($0.name) }
    }
    return Export(documents: Self.documents(content, scope), variables: Self.variables(of: content))
  }

  private func libraries(of scope: ExportScope, _ checkers: [Checker]) async throws(ServiceError) -> [Library] {
    switch scope {
    case .everything:
      try await reading { () async throws(StoreError) in try await store.libraries(namespace: nil) }.map(\.library)
    case .namespace(let name):
      try await reading { () async throws(StoreError) in try await store.libraries(namespace: name) }.map(\.library)
    case .checker(let id): try await libraries(neededBy: checkers, in: id.namespace)
    }
  }

  /// These, and those that the checkers name, which may be of other namespaces.
  private static func datasets(
    _ datasets: [Dataset], and checkers: [Checker], _ definitions: Definitions
  ) -> [Dataset] {
    let named = checkers.flatMap { checker in
      checker.body.datasetNames.compactMap {
        definitions.datasets[QualifiedName($0, defaultNamespace: checker.id.namespace)]
      }
    }
    return Set(datasets + named).sorted { $0.id < $1.id }
  }

  /// The names of the actions that may be told of these checkers, and of those that stand in for them.
  private static func actions(of checkers: [Checker], among all: [Action]) -> Set<String> {
    let takesDefaults = checkers.contains { $0.actions.isEmpty }
    var names = Set(checkers.flatMap(\.actions))
    if takesDefaults { names.formUnion(all.filter(\.isDefault).map(\.name)) }
    var new = names
    while !new.isEmpty {
      new = Set(all.filter { new.contains($0.name) }.compactMap(\.fallback)).subtracting(names)
      names.formUnion(new)
    }
    return names
  }

  private static func documents(_ content: Declarations, _ scope: ExportScope) -> [Export.Document] {
    let first = scope.namespace
    let namespaces = Set(
      content.datasets.map(\.id.namespace) + content.checkers.map(\.id.namespace) + content.libraries.map(\.namespace)
        + (first.map { [$0] } ?? [])
    ).sorted { ($0 != first ? 1 : 0, $0) < ($1 != first ? 1 : 0, $1) }
    return (namespaces.isEmpty ? ["default"] : namespaces).enumerated().map { index, namespace in
      var own = Declarations()
      if index == 0 {
        own.dataSources = content.dataSources
        own.actions = content.actions
        own.routing = content.routing
      }
      own.datasets = content.datasets.filter { $0.id.namespace == namespace }
      own.checkers = content.checkers.filter { $0.id.namespace == namespace }
      own.libraries = content.libraries.filter { $0.namespace == namespace }
      own.modules = content.modules.filter { $0.key.namespace == namespace }
      return Export.Document(namespace: namespace, content: own)
    }
  }

  private static func variables(of content: Declarations) -> [Export.Variable] {
    let texts =
      content.dataSources.flatMap { source in
        source.referringTexts.map { (use: "\($0.field) of data source \(source.name)", text: $0.text) }
      }
      + content.actions.flatMap { action in
        action.referringTexts.map { (use: "\($0.field) of action \(action.name)", text: $0.text) }
      }
    var uses: [String: [String]] = [:]
    for (use, text) in texts {
      for name in EnvironmentVariable.names(in: text) where uses[name]?.contains(use) != true {
        uses[name, default: []].append(use)
      }
    }
    return uses.sorted { $0.key < $1.key }.map { Export.Variable(name: $0.key, uses: $0.value) }
  }
}

extension ExportScope {
  fileprivate var namespace: String? {
    switch self {
    case .everything: nil
    case .namespace(let name): name
    case .checker(let id): id.namespace
    }
  }

  fileprivate func holds(_ checker: Checker) -> Bool {
    switch self {
    case .everything: true
    case .namespace(let name): checker.id.namespace == name
    case .checker(let id): checker.id == id
    }
  }

  /// Without those that only belong because a checker names them.
  fileprivate func holds(_ dataset: Dataset) -> Bool {
    switch self {
    case .everything: true
    case .namespace(let name): dataset.id.namespace == name
    case .checker: false
    }
  }
}
