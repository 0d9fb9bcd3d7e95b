import CheckFiles
import Checking
import Domain

/// Writes what the service holds as check files. No secret leaves: a password in an address becomes `${NAME_PASSWORD}`.
struct Exporter: Sendable {
  let service: CheckerService

  /// Everything: one document per namespace, the first with the data sources and actions. `nil` when there is nothing.
  func everything() async throws -> String {
    let sources = try await service.store.dataSources()
    let actions = try await service.store.actions()
    let datasets = try await service.store.datasets()
    let checkers = try await service.store.checkers().map(\.checker)
    let namespaces = Set(datasets.map(\.id.namespace) + checkers.map(\.id.namespace)).sorted()
    var documents: [CheckFile] = []
    for (index, namespace) in (namespaces.isEmpty ? ["default"] : namespaces).enumerated() {
      let own = checkers.filter { $0.id.namespace == namespace }
      documents.append(
        CheckFile(
          namespace: namespace, dataSources: index == 0 ? sources.map(Self.public) : [],
          datasets: datasets.filter { $0.id.namespace == namespace }, checkers: own,
          actions: index == 0 ? actions.map { `public`($0) } : [],
          libraries: try await service.store.libraries(namespace: namespace).map(\.library),
          modules: try await service.moduleBytes(of: own)))
    }
    return documents.map(CheckFileWriter.write).joined(separator: CheckFileReader.separator)
  }

  /// The namespace's datasets and checkers, and the data sources that they need.
  func namespace(_ name: String) async throws -> String {
    let datasets = try await service.store.datasets().filter { $0.id.namespace == name }
    let checkers = try await service.store.checkers().map(\.checker).filter { $0.id.namespace == name }
    if datasets.isEmpty, checkers.isEmpty {
      throw WebProblem.notFound("There is no namespace '\(name)'.")
    }
    let used = Set(datasets.map(\.dataSource))
    let sources = try await service.store.dataSources().filter { used.contains($0.name) }
    return CheckFileWriter.write(
      CheckFile(
        namespace: name, dataSources: sources.map(Self.public), datasets: datasets, checkers: checkers,
        libraries: try await service.store.libraries(namespace: name).map(\.library),
        modules: try await service.moduleBytes(of: checkers)))
  }

  /// The checker, the datasets of its namespace that its rules name, and their data sources.
  func checker(_ id: QualifiedName) async throws -> String {
    guard let checker = try await service.store.checker(id)?.checker else {
      throw WebProblem.notFound("There is no checker '\(id)'.")
    }
    let names = Set(checker.body.datasetNames.map { QualifiedName($0, defaultNamespace: id.namespace) })
    let datasets = try await service.store.datasets().filter {
      names.contains($0.id) && $0.id.namespace == id.namespace
    }
    let used = Set(datasets.map(\.dataSource))
    let sources = try await service.store.dataSources().filter { used.contains($0.name) }
    return CheckFileWriter.write(
      CheckFile(
        namespace: id.namespace, dataSources: sources.map(Self.public), datasets: datasets, checkers: [checker],
        libraries: try await service.libraries(neededBy: [checker], in: id.namespace),
        modules: try await service.moduleBytes(of: [checker])))
  }

  static func `public`(_ source: DataSource) -> DataSource {
    let variable = SecretText.variable(source.name, "PASSWORD")
    var source = source
    source.uri = SecretText.replacing(source.uri, with: variable)
    for (key, value) in source.options {
      let isReference = SecretText.masked(secret: value) == value
      source.options[key] =
        SecretText.isSecretName(key)
        ? (isReference ? value : variable) : SecretText.replacing(value, with: variable)
    }
    return source
  }

  private func `public`(_ action: Action) -> Action {
    var action = action
    for setting in service.channels.kinds.first(where: { $0.key == action.channel })?.settings ?? [] {
      guard let value = action.settings[setting.key] else { continue }
      switch setting.kind {
      case .secret where SecretText.masked(secret: value) != value:
        action.settings[setting.key] = SecretText.variable(action.name, setting.key.uppercased())
      case .url:
        action.settings[setting.key] = SecretText.replacing(
          value, with: SecretText.variable(action.name, "PASSWORD"))
      default: break
      }
    }
    return action
  }
}
