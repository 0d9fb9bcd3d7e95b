package import Domain
package import Rules

/// The data sources and datasets that rules may name.
package struct Definitions: Sendable {
  package var dataSources: [String: DataSource]
  package var datasets: [QualifiedName: Dataset]

  package init(dataSources: [DataSource], datasets: [Dataset]) {
    self.dataSources = Dictionary(dataSources.map { ($0.name, $0) }, uniquingKeysWith: { $1 })
    self.datasets = Dictionary(datasets.map { ($0.id, $0) }, uniquingKeysWith: { $1 })
  }

  /// Where the rows of `dataset`, as a checker of `namespace` names it, come from.
  ///
  /// A name without a dataset is a table of that name, where there is no doubt in which data source: the one that all
  /// datasets of the namespace use, or the only one there is.
  package func resolve(_ dataset: String, namespace: String) -> Resolution {
    let id = QualifiedName(dataset, defaultNamespace: namespace)
    if let known = datasets[id] {
      guard let source = dataSources[known.dataSource] else {
        return .unknown("dataset '\(id)' is on data source '\(known.dataSource)', which does not exist")
      }
      return .found(source, .query(known.sql))
    }
    guard !dataset.contains("/") else { return .unknown(unknown(dataset, namespace)) }
    let local = Set(datasets.values.lazy.filter { $0.id.namespace == namespace }.map(\.dataSource))
    let candidates = local.count == 1 ? local.compactMap { dataSources[$0] } : Array(dataSources.values)
    guard candidates.count == 1, let source = candidates.first else { return .unknown(unknown(dataset, namespace)) }
    return .found(source, .table(dataset))
  }

  /// The names of the data sources that a checker's rules ask.
  func sources(of checker: Checker) -> Set<String> {
    if case .dataSource(let name) = checker.body { return [name] }
    return Set(
      checker.body.rules.compactMap { rule in
        guard case .found(let source, _) = resolve(rule.dataset, namespace: checker.id.namespace) else { return nil }
        return source.name
      })
  }

  package enum Resolution: Sendable {
    case found(DataSource, RowSource)
    /// Why not, with the nearest name.
    case unknown(String)
  }

  /// `there is no dataset 'userz' in namespace 'shop'; did you mean 'users'?`
  package func unknown(_ dataset: String, _ namespace: String) -> String {
    let names = datasets.keys.filter { $0.namespace == namespace }.map(\.name)
    let nearest = Spelling.nearest(to: dataset, among: names + datasets.keys.map(\.description))
    return "there is no dataset '\(dataset)' in namespace '\(namespace)'"
      + (nearest.map { "; did you mean '\($0)'?" } ?? "")
  }
}
