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
    let documents = (namespaces.isEmpty ? ["default"] : namespaces).enumerated().map { index, namespace in
      CheckFile(
        namespace: namespace, dataSources: index == 0 ? sources.map(Self.public) : [],
        datasets: datasets.filter { $0.id.namespace == namespace },
        checkers: checkers.filter { $0.id.namespace == namespace },
        actions: index == 0 ? actions.map { `public`($0) } : [])
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
      CheckFile(namespace: name, dataSources: sources.map(Self.public), datasets: datasets, checkers: checkers))
  }

  /// The checker, the datasets of its namespace that its rules name, and their data sources.
  func checker(_ id: QualifiedName) async throws -> String {
    guard let checker = try await service.store.checker(id)?.checker else {
      throw WebProblem.notFound("There is no checker '\(id)'.")
    }
    let names = Set(checker.body.rules.map { QualifiedName($0.dataset, defaultNamespace: id.namespace) })
    let datasets = try await service.store.datasets().filter {
      names.contains($0.id) && $0.id.namespace == id.namespace
    }
    let used = Set(datasets.map(\.dataSource))
    let sources = try await service.store.dataSources().filter { used.contains($0.name) }
    return CheckFileWriter.write(
      CheckFile(
        namespace: id.namespace, dataSources: sources.map(Self.public), datasets: datasets, checkers: [checker]))
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
