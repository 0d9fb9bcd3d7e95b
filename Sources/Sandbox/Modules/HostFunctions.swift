import Domain

/// The functions that a kind of module may import, by the names of import modules.
struct HostFunctions: Sendable {
  /// A function as one module imports it.
  struct Chosen {
    var module: String
    var name: String
    var function: LinkedFunction
  }

  /// Something that a module must export.
  enum Required: Sendable {
    case function(String, Signature)
    case memory

    func mistake(in shape: ModuleShape) -> String? {
      switch self {
      case .memory:
        if case .memory = shape.export("memory") { return nil }
        return "it does not export its memory as 'memory'"
      case .function(let name, let signature):
        if case .function(let found) = shape.export(name) {
          return found == signature ? nil : "its '\(name)' has the type \(found), which must be \(signature)"
        }
        let near = Spelling.nearest(to: name, among: shape.exports.map(\.name))
        return "it exports no function '\(name)'" + (near.map { " (it exports '\($0)')" } ?? "")
          + ", which must be \(signature)"
      }
    }
  }

  /// Of users' modules.
  static let checkExports: [Required] = [.function("check", Signature("")), .memory]

  private let byModule: [String: [String: HostFunction]]

  init(_ functions: [String: [HostFunction]]) {
    byModule = functions.mapValues { Dictionary($0.map { ($0.name, $0) }) { first, _ in first } }
  }

  /// Of users' modules.
  static let modules = HostFunctions([
    "checker": CheckerFunctions.all, "env": CheckerFunctions.all,
    OldFunctions.modules[0]: OldFunctions.all, OldFunctions.modules[1]: OldFunctions.all,
  ])

  /// The functions for each import, by its declared type. Throws all that is wrong with the imports and exports at once.
  func chosen(for shape: ModuleShape, exports: [Required]) throws(GuestTrouble) -> [Chosen] {
    var mistakes = exports.compactMap { $0.mistake(in: shape) }
    var chosen: [String: Chosen] = [:]
    for wanted in shape.imports {
      guard let function = byModule[wanted.module]?[wanted.name], let signature = wanted.signature else {
        mistakes.append(unknown(wanted))
        continue
      }
      guard function.signatures.contains(signature) else {
        let known = function.signatures.map(\.description).joined(separator: " or ")
        mistakes.append("it imports \(wanted.fullName) as \(signature), which must be \(known)")
        continue
      }
      if let known = chosen[wanted.fullName], known.function.signature != signature {
        mistakes.append("it imports \(wanted.fullName) with two types")
        continue
      }
      chosen[wanted.fullName] = Chosen(
        module: wanted.module, name: wanted.name, function: LinkedFunction(function, as: signature))
    }
    guard mistakes.isEmpty else {
      let shown = mistakes.prefix(12).joined(separator: "; ")
      let more = mistakes.count > 12 ? "; and \(mistakes.count - 12) more" : ""
      throw GuestTrouble(.invalidModule, "The module cannot be run: \(shown)\(more).")
    }
    return Array(chosen.values)
  }

  private func unknown(_ wanted: ModuleShape.Import) -> String {
    let text = "it imports \(wanted.fullName), which the sandbox does not have"
    guard wanted.signature != nil else { return text + " (only functions can be imported)" }
    guard let known = byModule[wanted.module] else {
      let near = Spelling.nearest(to: wanted.module, among: byModule.keys)
      return text + (near.map { ": did you mean the module '\($0)'?" } ?? ": import from 'checker'")
    }
    return text + (Spelling.nearest(to: wanted.name, among: known.keys).map { ": did you mean \($0)?" } ?? "")
  }
}
