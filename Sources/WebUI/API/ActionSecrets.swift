import Checking
import Domain

/// Which settings of an action are secret: what its channel declares.
struct ActionSecrets {
  private let kinds: [ChannelKind]

  init(_ kinds: [ChannelKind]) { self.kinds = kinds }

  private enum Secrecy { case open, secret, uri }

  private func secrecy(_ channel: String, _ key: String) -> Secrecy {
    let setting = kinds.first { $0.key == channel }?.settings.first { $0.key == key }
    return switch setting?.kind {
    case .secret: .secret
    case .url: .uri
    case nil where AddressSecrets.isSecret(name: key): .secret
    default: .open
    }
  }

  func hidden(in action: Action) -> [String: String] {
    Dictionary(
      uniqueKeysWithValues: action.settings.map { key, value in
        switch secrecy(action.channel, key) {
        case .open: (key, value)
        case .secret: (key, SecretMask.hide(secret: value))
        case .uri: (key, SecretMask.hide(uri: value))
        }
      })
  }

  /// The action with the stored one's secrets where it has a mask. Secrets do not follow an action to another channel.
  func restored(_ action: Action, from stored: Action?) throws -> Action {
    var action = action
    let known = stored?.channel == action.channel ? stored : nil
    var problems: [FieldProblem] = []
    for (key, value) in action.settings.sorted(by: { $0.key < $1.key }) {
      let restored: String? =
        switch secrecy(action.channel, key) {
        case .open: value
        case .secret: SecretMask.restore(secret: value, from: known?.settings[key])
        case .uri: SecretMask.restore(uri: value, from: known?.settings[key])
        }
      if let restored {
        action.settings[key] = restored
      } else {
        problems.append(FieldProblem(field: "settings.\(key)", message: SecretMask.missing))
      }
    }
    if !problems.isEmpty { throw WebProblem.fields(problems) }
    return action
  }
}

/// Which options of a data source are secret.
enum DataSourceSecrets {
  /// The source with the stored one's secrets where it has a mask.
  static func restored(_ source: DataSource, from stored: DataSource?) throws -> DataSource {
    var source = source
    let known = stored?.driver == source.driver ? stored : nil
    var problems: [FieldProblem] = []
    if let uri = SecretMask.restore(uri: source.uri, from: known?.uri) {
      source.uri = uri
    } else {
      problems.append(FieldProblem(field: "uri", message: SecretMask.missing))
    }
    // A password does not follow a source to another address.
    let isSamePlace =
      ["library", "uri"].allSatisfy { source.options[$0] == known?.options[$0] } && source.uri == known?.uri
    for (key, value) in source.options.sorted(by: { $0.key < $1.key }) {
      let old = isSamePlace || key == "uri" ? known?.options[key] : nil
      let restored =
        AddressSecrets.isSecret(name: key)
        ? SecretMask.restore(secret: value, from: old) : SecretMask.restore(uri: value, from: old)
      if let restored {
        source.options[key] = restored
      } else {
        problems.append(FieldProblem(field: "options.\(key)", message: SecretMask.missing))
      }
    }
    if !problems.isEmpty { throw WebProblem.fields(problems) }
    return source
  }
}

extension SecretMask {
  static let missing =
    "has *** for a secret that is not stored for this address; write the secret, or ${NAME} for a variable of the environment"
}
