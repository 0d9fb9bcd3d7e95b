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

  /// Where the rows of a dataset come from, as `checker` names it.
  package func resolve(_ dataset: String, of checker: Checker) -> Resolution {
    resolve(dataset, namespace: checker.id.namespace, tablesOf: checker.dataSource)
  }

  /// Where the rows of `dataset`, as a checker of `namespace` names it, come from.
  ///
  /// A name without a dataset is a table of that name in the data source `tablesOf`; where none is said, in the one
  /// that there is no doubt about: the one that all datasets of the namespace use, or the only one there is.
  package func resolve(_ dataset: String, namespace: String, tablesOf named: String? = nil) -> Resolution {
    let id = QualifiedName(dataset, defaultNamespace: namespace)
    if let known = datasets[id] {
      guard let source = dataSources[known.dataSource] else {
        return .unknown("dataset '\(id)' is on data source '\(known.dataSource)', which does not exist")
      }
      return .found(source, .query(known.sql))
    }
    guard TablePath.isQuoted(dataset) || !dataset.contains("/") else {
      return .unknown(unknown(dataset, namespace))
    }
    if let named {
      guard let source = dataSources[named] else {
        return .unknown("there is no dataset '\(dataset)' in namespace '\(namespace)', and \(unknownSource(named))")
      }
      return .found(source, .table(dataset))
    }
    let candidates = tableSources(namespace: namespace)
    if candidates.count == 1, let source = dataSources[candidates[0]] { return .found(source, .table(dataset)) }
    return .unknown(unknown(dataset, namespace) + Self.doubt(among: candidates))
  }

  /// The names of the data sources in which a bare name may be a table.
  package func tableSources(namespace: String) -> [String] {
    let local = Set(datasets.values.lazy.filter { $0.id.namespace == namespace }.map(\.dataSource))
    return local.count == 1 ? local.filter { dataSources[$0] != nil } : dataSources.keys.sorted()
  }

  private static func doubt(among candidates: [String]) -> String {
    guard let first = candidates.first else { return "" }
    let shown = candidates.prefix(10).map { "'\($0)'" } + (candidates.count > 10 ? ["..."] : [])
    return "; if it is a table, say of which data source, such as 'data_source: \(first)' in the checker: "
      + "there are \(shown.joined(separator: ", "))"
  }

  /// `there is no data source 'shap'; did you mean 'shop'?`
  package func unknownSource(_ name: String) -> String {
    let nearest = Spelling.nearest(to: name, among: dataSources.keys.sorted())
    return "there is no data source '\(name)'" + (nearest.map { "; did you mean '\($0)'?" } ?? "")
  }

  /// The names of the data sources that a checker is seen to ask.
  func sources(of checker: Checker) -> Set<String> {
    Set(
      checker.body.datasetNames.compactMap { dataset in
        guard case .found(let source, _) = resolve(dataset, of: checker) else { return nil }
        return source.name
      })
  }

  package enum Resolution: Sendable {
    case found(DataSource, RowSource)
    /// Why not, with the nearest name.
    case unknown(String)
  }

  /// `there is no dataset 'userz' in namespace 'shop'; did you mean 'users'?`
  package func unknown(_ dataset: String, _ namespace: String, notTableOf source: String? = nil) -> String {
    let names = datasets.keys.filter { $0.namespace == namespace }.map(\.name)
    let nearest = Spelling.nearest(to: dataset, among: names + datasets.keys.map(\.description))
    let neither = source.map { ", and data source '\($0)' has no table of that name" } ?? ""
    return "there is no dataset '\(dataset)' in namespace '\(namespace)'\(neither)"
      + (nearest.map { "; did you mean '\($0)'?" } ?? "")
  }
}
