import CWasmtime
import Domain
import Synchronization

#if canImport(Glibc)
  import Glibc
#endif

/// wasmtime's shared library, opened once for the whole process when the first guest needs it.
enum WasmtimeLibrary {
  /// Part of the name of everything compiled that is kept on disk.
  static let version = "50.0.1"

  private static let outcome = Mutex<Bool>(false)

  /// - Parameter folders: those that may hold the library, directly or in a folder `wasmtime`; the first that does is taken.
  static func load(from folders: [String]) throws(GuestTrouble) {
    try outcome.withLock { (isLoaded) throws(GuestTrouble) in
      if isLoaded { return }
      let candidates = folders.flatMap { [$0 + "/wasmtime/libwasmtime.so", $0 + "/libwasmtime.so"] }
      guard let path = candidates.first(where: { access($0, R_OK) == 0 }) else {
        throw GuestTrouble(
          .host,
          "The WebAssembly engine was not found in \(folders.joined(separator: " or ")). Run Scripts/set-up, which "
            + "fetches it, or name its folder in CHECKER_VENDOR.")
      }
      if let reason = cwasmtime_load(path) {
        throw GuestTrouble(.host, "The WebAssembly engine \(path) cannot be used: \(String(cString: reason)).")
      }
      isLoaded = true
    }
  }
}
