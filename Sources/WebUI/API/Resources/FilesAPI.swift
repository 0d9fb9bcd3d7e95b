import CheckFiles
import Checking
import Domain
import HTTPTypes

/// `/import` and `/export`: check files.
enum FilesAPI: APIResource {
  static let endpoints: [Endpoint] = [
    Endpoint(
      .post, "/import", "importFile", "check files",
      "Add what is new in a check file and change what differs; nothing is removed", body: .yaml,
      content: .json(Schema.ref("ImportReport")), problems: [.conflict]
    ) { call in
      let declared = try await restored(Declarations(try read(call.text)), call)
      let report = try await call.service.apply(declared, author: call.author)
      return .json([
        "added": .strings(report.added), "changed": .strings(report.changed), "unchanged": .strings(report.unchanged),
      ])
    },
    Endpoint(
      .get, "/export", "exportFile", "check files",
      "A namespace as a check file: its datasets and checkers, and the data sources and actions that they use",
      query: [QueryParameter("namespace", "Which one; `default` when left out.")], content: .yaml,
      problems: [.notFound]
    ) { call in
      let namespace = call.value("namespace") ?? "default"
      let file = try await Export(call).file(of: namespace)
      if file.checkers.isEmpty, file.datasets.isEmpty, file.libraries.isEmpty {
        throw WebProblem.notFound("Namespace '\(namespace)' has no checkers and no datasets.")
      }
      return APIAnswer(content: .yaml(CheckFileWriter.write(file)))
    },
  ]

  private static func read(_ text: String) throws -> [CheckFile] {
    do {
      return try CheckFileReader.readAll(text, file: "request")
    } catch {
      throw WebProblem.fields(
        error.problems.map {
          FieldProblem(field: $0.key, message: "line \($0.line), column \($0.column): \($0.message)")
        })
    }
  }

  /// An exported file has no secrets; brought back to where it came from, it keeps those that are stored.
  private static func restored(_ declared: Declarations, _ call: APICall) async throws -> Declarations {
    var declared = declared
    for (index, source) in declared.dataSources.enumerated() {
      let stored = try await call.store.dataSource(source.name)
      declared.dataSources[index] = try DataSourceSecrets.restored(source, from: stored)
    }
    let secrets = ActionSecrets(call.service.channels.kinds)
    for (index, action) in declared.actions.enumerated() {
      declared.actions[index] = try secrets.restored(action, from: try await call.store.action(action.name))
    }
    return declared
  }

  static let schemas: [(name: String, schema: JSONValue)] = [
    (
      "ImportReport",
      Schema.object([
        Schema.required("added", Schema.texts("As in `checker shop/emails`")),
        Schema.required("changed", Schema.texts()), Schema.required("unchanged", Schema.texts()),
      ])
    )
  ]
}

/// Makes check files of what is stored, without secrets.
struct Export {
  let call: APICall

  init(_ call: APICall) { self.call = call }

  /// A whole namespace.
  func file(of namespace: String) async throws -> CheckFile {
    let checkers = try await call.store.checkers().map(\.checker).filter { $0.id.namespace == namespace }
    let datasets = try await call.store.datasets().filter { $0.id.namespace == namespace }
    return try await file(checkers, datasets, namespace)
  }

  /// Some checkers of a namespace, with the datasets that they name.
  func file(of checkers: [Checker], namespace: String) async throws -> CheckFile {
    let named = Set(
      checkers.flatMap { checker in
        checker.body.datasetNames.map { QualifiedName($0, defaultNamespace: checker.id.namespace) }
      })
    let datasets = try await call.store.datasets().filter { $0.id.namespace == namespace && named.contains($0.id) }
    return try await file(checkers, datasets, namespace)
  }

  private func file(_ checkers: [Checker], _ datasets: [Dataset], _ namespace: String) async throws -> CheckFile {
    let definitions = try await call.service.definitions()
    var sources = Set(datasets.map(\.dataSource))
    for checker in checkers {
      for dataset in checker.body.datasetNames {
        if case .found(let source, _) = definitions.resolve(dataset, namespace: checker.id.namespace) {
          sources.insert(source.name)
        }
      }
    }
    return CheckFile(
      namespace: namespace,
      dataSources: definitions.dataSources.values.filter { sources.contains($0.name) }.map(Self.hidden)
        .sorted { $0.name < $1.name },
      datasets: datasets.sorted { $0.id < $1.id }, checkers: checkers.sorted { $0.id < $1.id },
      actions: try await actions(of: checkers),
      libraries: try await call.service.libraries(neededBy: checkers, in: namespace),
      modules: try await call.service.moduleBytes(of: checkers))
  }

  private static func hidden(_ source: DataSource) -> DataSource {
    var source = source
    source.uri = SecretMask.hide(uri: source.uri)
    source.options = SecretMask.hide(options: source.options)
    return source
  }

  private func actions(of checkers: [Checker]) async throws -> [Action] {
    let named = Set(checkers.flatMap(\.actions))
    let takesDefaults = checkers.contains { $0.actions.isEmpty }
    let secrets = ActionSecrets(call.service.channels.kinds)
    return try await call.store.actions().filter { named.contains($0.name) || takesDefaults && $0.isDefault }.map {
      var action = $0
      action.settings = secrets.hidden(in: action)
      return action
    }
  }
}
