import Domain
import Synchronization

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
  static func runtimes(_ settings: Settings, _ cache: CodeCache?) -> [any ScriptRuntime] {
    let files = GuestFiles(folders: settings.vendorFolders, cache: cache)
    return [PythonRuntime(files), JavaScriptRuntime(files)]
  }
}

/// The guests that set-up has built, and their machine code.
struct GuestFiles: Sendable {
  var folders: [String]
  var cache: CodeCache?

  /// Compiled code of the guest `name`, which the caller takes over. Takes seconds when the cache does not have it.
  func load(
    _ name: String, _ kind: ModuleBytes.Kind, _ engine: Engine
  ) throws(GuestTrouble) -> (code: OpaquePointer, digest: String, byteCount: Int) {
    let (bytes, cache) = try find(name)
    let digest = ModuleBytes.digest(of: bytes)
    do throws(GuestTrouble) {
      return (try ModuleLibrary.loaded(bytes, digest, kind, engine, cache), digest, bytes.count)
    } catch {
      throw GuestTrouble(.host, "The sandbox's own \(name) cannot be used; run Scripts/set-up again. \(error.message)")
    }
  }

  /// The guest `name`, and where its machine code is kept: beside the guests where that folder is ours, so that all
  /// services and commands of this user compile them once.
  func find(_ name: String) throws(GuestTrouble) -> (bytes: [UInt8], cache: CodeCache?) {
    for folder in folders.map({ $0 + "/guests" }) {
      guard let bytes = FileBytes.read(folder + "/" + name) else { continue }
      return (bytes, CodeCache(folder: folder + "/compiled") ?? cache)
    }
    throw GuestTrouble(
      .host,
      "The file guests/\(name), which runs scripts, was not found in \(folders.joined(separator: " or ")). Run "
        + "Scripts/set-up, which builds it, or name its folder in CHECKER_VENDOR.")
  }
}

/// A value that is made once, by whoever needs it first; others wait. What failed is tried again.
final class Once<Value: Sendable>: Sendable {
  private let value = Mutex<Value?>(nil)

  func get(_ make: () throws(GuestTrouble) -> Value) throws(GuestTrouble) -> Value {
    try value.withLock { (value) throws(GuestTrouble) in
      if let value { return value }
      let made = try make()
      value = made
      return made
    }
  }
}
