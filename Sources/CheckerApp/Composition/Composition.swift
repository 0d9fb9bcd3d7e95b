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
}

extension Composition {
  /// What runs users' code. The engine is loaded by the first guest.
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
