import Domain

/// The functions that a kind of module may import, by the names of import modules.
struct HostFunctions: Sendable {
  /// A function as one module imports it.
  struct Chosen {
    var module: String
    var name: String
    var function: LinkedFunction
  }

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
  func chosen(for shape: ModuleShape) throws(GuestTrouble) -> [Chosen] {
    var mistakes = Self.mistakes(inExportsOf: shape)
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

  private static func mistakes(inExportsOf shape: ModuleShape) -> [String] {
    var mistakes: [String] = []
    switch shape.export("check") {
    case .function(let signature) where signature == Signature(""): break
    case .function(let signature): mistakes.append("its 'check' has the type \(signature), which must be () -> ()")
    case nil, .memory, .other:
      let near = Spelling.nearest(to: "check", among: shape.exports.map(\.name))
      mistakes.append(
        "it exports no function 'check'" + (near.map { " (it exports '\($0)')" } ?? "")
          + ", which must be () -> ()")
    }
    if case .memory = shape.export("memory") {
    } else {
      mistakes.append("it does not export its memory as 'memory'")
    }
    return mistakes
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
