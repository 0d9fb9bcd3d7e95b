import Domain
import Foundation

/// The folder that holds a store: only its owner may look inside, as hashes of passwords and connection strings are
/// there.
struct StoreFolder {
  let path: String
  var databaseFile: String { path + "/store.sqlite" }
  var lockFile: String { path + "/lock" }

  /// Makes the folder when there is none.
  init(path: String) throws(StoreError) {
    self.path = path
    do {
      try FileManager.default.createDirectory(
        atPath: path, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
    } catch {
      throw .unavailable("The folder of the store cannot be made: \(path). Choose a folder that can be written to.")
    }
    try makeDatabaseFile()
  }

  /// SQLite would make the file readable for everybody.
  private func makeDatabaseFile() throws(StoreError) {
    let descriptor = open(databaseFile, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else {
      throw .unavailable(
        "The store \(databaseFile) cannot be written to: \(String(cString: strerror(errno))). "
          + "Give its folder and files to the user that runs the service.")
    }
    _ = Foundation.close(descriptor)
  }
}
