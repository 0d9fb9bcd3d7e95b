package import Domain

/// What an import did, by name.
package struct ImportReport: Hashable, Sendable {
  /// Something that is there already and differs, as it was and as it is asked for.
  package struct Change: Hashable, Sendable {
    package enum Versions: Hashable, Sendable {
      case dataSource(DataSource, DataSource)
      case dataset(Dataset, Dataset)
      case checker(Checker, Checker)
      case action(Action, Action)
      case library(Library, Library)
      case routing(RoutingTree, RoutingTree)
    }

    package var name: String
    package var versions: Versions
  }

  package var added: [String] = []
  package var changes: [Change] = []
  package var unchanged: [String] = []

  package var changed: [String] { changes.map(\.name) }

  mutating func note<Value: Equatable>(
    _ name: String, old: Value?, new: Value, _ versions: (Value, Value) -> Change.Versions
  ) {
    if let old, old != new {
      changes.append(Change(name: name, versions: versions(old, new)))
    } else if old == nil {
      added.append(name)
    } else {
      unchanged.append(name)
    }
  }
}
