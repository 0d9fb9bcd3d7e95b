import Domain

/// Runs scripts of one language: as a prebuilt module or component that interprets them, in the same engine and with the
/// same host as every other guest.
protocol ScriptRuntime: Sendable {
  var language: ScriptLanguage { get }

  /// Makes ready what the first script would have to wait for. Blocks; called on a guest's thread.
  func prepare(_ engine: Engine) throws(GuestTrouble)

  /// Runs `host.task`, whose program is a script of this language. Blocks; called on a guest's thread.
  func report(_ host: HostCalls, _ engine: Engine) -> GuestReport
}

extension WasmtimeSandbox {
  /// The languages that this sandbox knows.
  static func runtimes(_ settings: Settings, _ cache: CodeCache?) -> [any ScriptRuntime] { [] }
}
