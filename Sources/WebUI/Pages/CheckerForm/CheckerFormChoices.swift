import Checking
import Domain
import Foundation
import Rules

/// What the form offers to choose from.
struct CheckerFormChoices: Sendable {
  /// As a rule of the checker names them.
  var datasets: [Group] = []
  var namespaces: [String] = []
  var dataSources: [String] = []
  var actions: [Action] = []
  var owners: [String] = []
  /// By the name that rules use.
  var columns: [String: [ColumnDescription]] = [:]

  struct Group: Sendable {
    var title: String
    var names: [String]
  }

  /// How long a page waits for tables and columns, in seconds.
  static let patience = 3.0

  /// Asks the store, and the data sources for the tables and for the columns of what `form` names.
  init(for form: CheckerForm, service: CheckerService) async throws {
    let definitions = try await service.definitions()
    actions = try await service.store.actions()
    let checkers = try await service.store.checkers()
    namespaces = Set(checkers.map(\.checker.id.namespace) + definitions.datasets.keys.map(\.namespace) + ["default"])
      .sorted()
    owners = Set(checkers.map(\.checker.owner)).subtracting([""]).sorted()
    dataSources = definitions.dataSources.keys.sorted()
    let ids = definitions.datasets.keys.sorted()
    let own = ids.filter { $0.namespace == form.namespace }.map(\.name)
    let others = ids.filter { $0.namespace != form.namespace }.map(\.description)
    let tables = await Self.tables(definitions, form, service).filter { !own.contains($0) }
    datasets = [
      Group(title: "Datasets of \(form.namespace)", names: own),
      Group(title: "Datasets of other namespaces", names: others),
      Group(title: "Tables", names: tables),
    ].filter { !$0.names.isEmpty }
    let names = Set(form.rules.map(\.dataset)).subtracting([""])
    let (namespace, source) = (form.namespace, form.dataSource)
    columns = await within(Self.patience, else: [:]) {
      await withTaskGroup(of: (String, [ColumnDescription]).self) { group in
        for name in names {
          group.addTask { (name, await service.columns(of: name, namespace: namespace, tablesOf: source)) }
        }
        return await group.reduce(into: [:]) { $0[$1.0] = $1.1 }
      }
    }
  }

  /// The tables that a rule may name: those of the one data source that a bare name leads to.
  private static func tables(
    _ definitions: Definitions, _ form: CheckerForm, _ service: CheckerService
  ) async -> [String] {
    // No dataset has this name, so it resolves to a table wherever tables can be named.
    let named = form.dataSource.isEmpty ? nil : form.dataSource
    guard case .found(let source, .table) = definitions.resolve("*", namespace: form.namespace, tablesOf: named) else {
      return []
    }
    return await within(patience, else: []) { ((try? await service.tables(of: source.name)) ?? []).map(\.name) }
  }

  /// The first dataset that a new rule may be about.
  var firstDataset: String { datasets.first?.names.first ?? "" }
}
