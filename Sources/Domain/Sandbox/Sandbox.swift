/// Runs users' code so that it can harm nobody: no files, no network, no clock, bounded in everything.
package protocol Sandbox: Sendable {
  /// Checks a module and compiles it, once per digest. Throws what is wrong with it, naming what is missing.
  func prepare(_ module: [UInt8], limits: GuestLimits) async throws(GuestTrouble) -> ModuleDescription

  /// Runs a guest in an instance of its own. Whatever the guest does, this returns, and soon after its limits are used
  /// up; a cancelled task stops the guest.
  func run(_ task: GuestTask) async -> GuestReport

  /// Makes ready what the first script of a language would have to wait for.
  func warmUp(_ languages: Set<ScriptLanguage>) async

  func close() async
}

/// What a module says about itself.
package struct ModuleDescription: Hashable, Codable, Sendable {
  /// SHA-256 of the bytes, 64 hexadecimal digits.
  package var digest: String
  package var byteCount: Int
  /// `checker.dataset`, `checker.fail` ...
  package var imports: [String]
  package var exports: [String]
  package var isComponent: Bool

  package init(digest: String, byteCount: Int, imports: [String], exports: [String], isComponent: Bool) {
    self.digest = digest
    self.byteCount = byteCount
    self.imports = imports
    self.exports = exports
    self.isComponent = isComponent
  }
}
