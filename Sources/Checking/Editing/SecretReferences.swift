import Domain

/// Data sources and actions as they may leave the service: a variable of the environment stands in the place of each
/// secret that was written out.
struct SecretReferences {
  private(set) var dataSources: [DataSource] = []
  private(set) var actions: [Action] = []
  private let kinds: [ChannelKind]
  private var taken: Set<String>

  /// Takes all that is stored, so that a secret has the same variable in every export.
  init(dataSources: [DataSource], actions: [Action], kinds: [ChannelKind]) {
    self.kinds = kinds
    let texts = dataSources.flatMap(\.referringTexts) + actions.flatMap(\.referringTexts)
    taken = Set(texts.flatMap { EnvironmentVariable.names(in: $0.text) })
    self.dataSources = dataSources.sorted { $0.name < $1.name }.map { hidden($0) }
    self.actions = actions.sorted { $0.name < $1.name }.map { hidden($0) }
  }

  private mutating func hidden(_ source: DataSource) -> DataSource {
    var source = source
    source.uri = hidden(address: source.uri, of: source.name)
    for (key, value) in source.options.sorted(by: { $0.key < $1.key }) {
      source.options[key] =
        AddressSecrets.isSecret(name: key)
        ? hidden(secret: value, key, of: source.name) : hidden(address: value, of: source.name)
    }
    return source
  }

  private mutating func hidden(_ action: Action) -> Action {
    var action = action
    let declared = kinds.first { $0.key == action.channel }?.settings ?? []
    for (key, value) in action.settings.sorted(by: { $0.key < $1.key }) {
      switch declared.first(where: { $0.key == key })?.kind {
      case .secret: action.settings[key] = hidden(secret: value, key, of: action.name)
      case .url: action.settings[key] = hidden(address: value, of: action.name)
      case nil where AddressSecrets.isSecret(name: key):
        action.settings[key] = hidden(secret: value, key, of: action.name)
      default: break
      }
    }
    return action
  }

  private mutating func hidden(address: String, of owner: String) -> String {
    AddressSecrets.replacing(in: address) { key, _ in reference(key == "user" ? "password" : key, of: owner) }
  }

  private mutating func hidden(secret: String, _ key: String, of owner: String) -> String {
    secret.isEmpty || EnvironmentVariable.isReference(secret) ? secret : reference(key, of: owner)
  }

  /// A variable that nothing else names.
  private mutating func reference(_ what: String, of owner: String) -> String {
    let name = EnvironmentVariable.name(for: what, of: owner)
    var free = name
    var count = 1
    while !taken.insert(free).inserted {
      count += 1
      free = "\(name)_\(count)"
    }
    return EnvironmentVariable.reference(to: free)
  }
}

extension DataSource {
  /// The texts that may name variables, with the path of each.
  var referringTexts: [(field: String, text: String)] {
    [("uri", uri)] + options.sorted { $0.key < $1.key }.map { ("options.\($0.key)", $0.value) }
  }
}

extension Action {
  /// The texts that may name variables, with the path of each.
  var referringTexts: [(field: String, text: String)] {
    settings.sorted { $0.key < $1.key }.map { ("settings.\($0.key)", $0.value) }
  }
}

// MARK: Imports

extension CheckerService {
  /// An export that comes back to where it was written keeps the secrets that are stored there, as long as the
  /// variables that stand for them are not set.
  func keepingStoredSecrets(_ declared: Declarations) async throws(ServiceError) -> Declarations {
    let sources = declared.dataSources.indices.filter { lacksVariable(declared.dataSources[$0].referringTexts) }
    let actions = declared.actions.indices.filter { lacksVariable(declared.actions[$0].referringTexts) }
    if sources.isEmpty, actions.isEmpty { return declared }
    let storedSources = try await reading { () async throws(StoreError) in try await store.dataSources() }
    let storedActions = try await reading { () async throws(StoreError) in try await store.actions() }
    let exported = SecretReferences(dataSources: storedSources, actions: storedActions, kinds: channels.kinds)
    var declared = declared
    // Settings are kept or replaced as a whole: a stored secret goes nowhere that it was not meant for.
    for index in sources {
      let source = declared.dataSources[index]
      guard let stored = storedSources.first(where: { $0.name == source.name }),
        let form = exported.dataSources.first(where: { $0.name == source.name }),
        form.driver == source.driver, form.uri == source.uri, form.options == source.options
      else { continue }
      declared.dataSources[index].uri = stored.uri
      declared.dataSources[index].options = stored.options
    }
    for index in actions {
      let action = declared.actions[index]
      guard let stored = storedActions.first(where: { $0.name == action.name }),
        let form = exported.actions.first(where: { $0.name == action.name }),
        form.channel == action.channel, form.settings == action.settings
      else { continue }
      declared.actions[index].settings = stored.settings
    }
    return declared
  }

  private func lacksVariable(_ texts: [(field: String, text: String)]) -> Bool {
    texts.contains { EnvironmentVariable.names(in: $0.text).contains { !hasVariable($0) } }
  }

  /// The variables that a data source names and the environment does not have.
  func missingVariables(of source: DataSource) -> [FieldProblem] {
    source.referringTexts.flatMap { field, text in
      EnvironmentVariable.names(in: text).filter { !hasVariable($0) }.map { name in
        FieldProblem(
          field: field,
          message: "data source '\(source.name)' refers to ${\(name)}, which is not set: "
            + "set \(name) in the environment of the service, and start it again")
      }
    }
  }
}
