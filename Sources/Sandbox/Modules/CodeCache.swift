import CWasmtime
import Foundation

/// Machine code that was compiled before, in a folder: compiling takes a thousand times longer than loading.
///
/// Loading machine code trusts it. So the folder and its files must be this user's alone, and the files are written whole
/// or not at all, and never changed in place, because running code is mapped from them. wasmtime itself refuses code of
/// another version, configuration or processor.
struct CodeCache: Sendable {
  private let folder: String

  /// `nil` when the folder cannot be made, or others may write there.
  init?(folder: String) {
    self.folder = folder
    try? FileManager.default.createDirectory(
      atPath: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
    guard Self.isOurs(folder) else { return nil }
  }

  /// - Parameter kind: `module` or `component`, which wasmtime keeps in different formats.
  func path(digest: String, kind: String) -> String {
    "\(folder)/\(digest)-\(kind)-\(WasmtimeLibrary.version)-\(Engine.configurationName).cwasm"
  }

  /// Whether there is code at `path` that may be trusted.
  func has(_ path: String) -> Bool { Self.isOurs(path) }

  /// Keeps `code`; when that fails, it is compiled anew the next time.
  func keep(_ code: wasm_byte_vec_t, at path: String) {
    guard let data = code.data else { return }
    let temporary = path + ".\(UUID().uuidString)"
    let file = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
    guard file >= 0 else { return }
    var written = 0
    while written < code.size {
      let count = write(file, data + written, code.size - written)
      if count < 0, errno == EINTR { continue }
      if count <= 0 { break }
      written += count
    }
    let isWhole = written == code.size && fsync(file) == 0
    close(file)
    if !isWhole || rename(temporary, path) != 0 { unlink(temporary) }
  }

  func drop(_ path: String) { unlink(path) }

  private static func isOurs(_ path: String) -> Bool {
    var status = stat()
    return lstat(path, &status) == 0 && status.st_uid == geteuid() && status.st_mode & 0o022 == 0
      && status.st_mode & S_IFMT != S_IFLNK
  }
}
