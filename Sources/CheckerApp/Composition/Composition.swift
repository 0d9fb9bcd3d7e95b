import DataSources
import Domain
import Foundation
import Sandbox

/// Puts the adapters together.
enum Composition {
  /// The opener of data sources, with the process's environment.
  static func queryEngines() -> any QueryEngineOpening {
    QueryEngineOpener(
      environment: ProcessInfo.processInfo.environment, vendorFolders: VendorFolder.candidates.map { $0 + "/duckdb" })
  }

  /// Where the service runs users' code: a process of its own, unless its options want none. Costs nothing until there
  /// is code to run. Compiled code is kept below the folder of the store.
  static func sandbox(_ options: ServiceOptions) -> any Sandbox {
    let cacheFolder = URL(fileURLWithPath: options.data).appendingPathComponent("cache").path
    if options.codeInProcess { return sandbox(cacheFolder: cacheFolder) }
    return WorkerSandbox(
      WorkerSandbox.Settings(vendorFolders: VendorFolder.candidates, cacheFolder: cacheFolder),
      complain: Console.complain)
  }

  /// For commands without a store: `$XDG_CACHE_HOME/malleable-checker`, or `.cache` in the home folder.
  static var userCacheFolder: String {
    let environment = ProcessInfo.processInfo.environment
    let base = environment["XDG_CACHE_HOME"].flatMap { $0.hasPrefix("/") ? $0 : nil }
    return (base ?? NSHomeDirectory() + "/.cache") + "/malleable-checker"
  }
}

extension Composition {
  /// What runs users' code in this process, for commands that run their caller's own. The engine is loaded by the first
  /// guest.
  static func sandbox(cacheFolder: String? = nil) -> any Sandbox {
    WasmtimeSandbox(.init(vendorFolders: VendorFolder.candidates, cacheFolder: cacheFolder))
  }
}

/// Where third-party files that set-up fetched are found.
enum VendorFolder {
  /// `$CHECKER_VENDOR`, `vendor` beside the program, then each `.vendor` on the way up from the program.
  static var candidates: [String] {
    var folders: [String] = []
    if let named = ProcessInfo.processInfo.environment["CHECKER_VENDOR"] { folders.append(named) }
    // The link that started the program may lie anywhere; what it points to lies beside its files.
    guard let program = try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe") else {
      return folders
    }
    var folder = (program as NSString).deletingLastPathComponent
    folders.append(folder + "/vendor")
    while folder != "/", !folder.isEmpty {
      folders.append(folder + "/.vendor")
      folder = (folder as NSString).deletingLastPathComponent
    }
    return folders
  }
}
