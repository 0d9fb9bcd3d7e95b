import Foundation
import TestSupport

/// A service whose disk can be filled and emptied.
struct SmallDisk {
  enum Kind: CaseIterable {
    /// A small file system of its own, in a mount namespace that ends with the service.
    case fileSystem
    /// A limit on the size of the service's files, which needs no rights.
    case fileSizeLimit
  }

  let service: RunningService
  private let kind: Kind
  /// The store's folder, as this process sees it.
  private let data: String

  /// The kinds that this machine lets its user have; the second one always.
  static func kinds() async throws -> [Kind] {
    let trial = try SpawnedProgram(unshare + ["mount -t tmpfs -o size=1m none /mnt"])
    return try await trial.end() == 0 ? Kind.allCases : [.fileSizeLimit]
  }

  private static var unshare: [String] {
    ["/usr/bin/env", "unshare", getuid() == 0 ? "--mount" : "--mount --map-root-user"].flatMap {
      $0.split(separator: " ").map(String.init)
    } + ["/bin/sh", "-c"]
  }

  init(_ kind: Kind, copyOf folder: ServiceFolder) async throws {
    self.kind = kind
    switch kind {
    case .fileSizeLimit:
      service = try await folder.start()
      data = folder.path
    case .fileSystem:
      let script = """
        cp -a "$1" "$1.copy" && mount -t tmpfs -o size=4m none "$1" && cp -a "$1.copy/." "$1" &&
          exec "$0" serve --port 0 --data "$1"
        """
      service = try await RunningService(command: Self.unshare + [script, try Program.path, folder.path])
      data = "/proc/\(service.program.pid)/root" + folder.path
    }
  }

  func fill() throws {
    switch kind {
    case .fileSizeLimit:
      let log = try FileManager.default.attributesOfItem(atPath: data + "/store.sqlite-wal")
      try limit("\((log[.size] as? Int) ?? 0)")
    case .fileSystem:
      let file = open(data + "/ballast", O_WRONLY | O_CREAT | O_APPEND, 0o600)
      guard file >= 0 else { throw ProgramError("\(data): \(String(cString: strerror(errno)))") }
      defer { close(file) }
      let block = [UInt8](repeating: 7, count: 4096)
      while write(file, block, block.count) > 0 {}
    }
  }

  func makeRoom() throws {
    switch kind {
    case .fileSizeLimit: try limit("unlimited")
    case .fileSystem: try FileManager.default.removeItem(atPath: data + "/ballast")
    }
  }

  private func limit(_ bytes: String) throws {
    try Command.runAndWait("/usr/bin/env", "prlimit", "--pid", "\(service.program.pid)", "--fsize=\(bytes):unlimited")
  }
}
