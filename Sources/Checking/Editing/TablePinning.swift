import Domain
import Rules

/// Writes down which data source's tables a checker names, so that what comes to the service later does not lead it to
/// another database.
struct TablePinning {
  /// What may be named.
  let known: Definitions
  /// What the text declares that a checker came with: it means there what it means by itself.
  var text: Definitions?

  /// `checker` with its data source, where it names tables in place of datasets and says none. `stored`, which it
  /// replaces, has the say before what there happens to be now.
  func pinned(_ checker: Checker, replacing stored: Checker?) -> Checker {
    guard checker.dataSource == nil else { return checker }
    let namespace = checker.id.namespace
    let tables = checker.body.datasetNames.filter {
      (TablePath.isQuoted($0) || !$0.contains("/"))
        && known.datasets[QualifiedName(namespace: namespace, name: $0)] == nil
    }
    // What code names while it runs does not show here.
    if tables.isEmpty, checker.body.isRules { return checker }
    var checker = checker
    let kept = stored?.dataSource.flatMap { known.dataSources[$0] }
    checker.dataSource =
      text.flatMap { source(of: tables, in: $0, namespace) } ?? kept?.name ?? source(of: tables, in: known, namespace)
    return checker
  }

  private func source(of tables: [String], in definitions: Definitions, _ namespace: String) -> String? {
    for table in tables {
      if case .found(let source, .table) = definitions.resolve(table, namespace: namespace) { return source.name }
    }
    return nil
  }
}
