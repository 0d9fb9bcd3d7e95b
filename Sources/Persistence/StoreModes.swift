import Foundation

/// Sees to it that nobody but their owner reads the store's files: one that was restored has the mode of whatever wrote
/// it.
struct StoreModes {
  private let folder: StoreFolder

  init(_ folder: StoreFolder) { self.folder = folder }

  /// Sets the modes where they let others in; returns what was done, and what could not be.
  func tighten() -> [String] {
    let files = ["", "-wal", "-shm"].map { folder.databaseFile + $0 } + [folder.lockFile]
    return ([folderNotice] + files.map { notice($0, mode: 0o600) }).compactMap(\.self)
  }

  private static let reason = "hashes of passwords and connection strings are in it"

  /// A folder that holds other things too may be there for others to look into.
  private var folderNotice: String? {
    guard let status = Self.status(folder.path), Self.letsOthersIn(status) else { return nil }
    if holdsOtherThings || status.st_mode & S_ISVTX != 0 {
      return
        "the folder of the store, \(folder.path), can be looked into by others (mode \(Self.text(status.st_mode))) "
        + "and holds other things too: its mode is left alone. Give the store a folder of its own, or run: "
        + "chmod 700 '\(folder.path)'"
    }
    return notice(folder.path, mode: 0o700)
  }

  private var holdsOtherThings: Bool {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
    return names.contains {
      !$0.hasPrefix("store.sqlite") && !["lock", "cache"].contains($0) && !$0.hasPrefix("demo-shop.db")
    }
  }

  private func notice(_ path: String, mode: mode_t) -> String? {
    guard let status = Self.status(path), Self.letsOthersIn(status) else { return nil }
    let before = Self.text(status.st_mode)
    if chmod(path, mode) == 0 {
      return "\(path) could be read by others (mode \(before)): its mode is \(Self.text(mode)) now, as \(Self.reason)"
    }
    return "\(path) can be read by others (mode \(before)), and that cannot be changed: "
      + "\(String(cString: strerror(errno))). Let its owner run: chmod \(String(mode, radix: 8)) '\(path)', as \(Self.reason)"
  }

  private static func status(_ path: String) -> stat? {
    var status = stat()
    return stat(path, &status) == 0 ? status : nil
  }

  private static func letsOthersIn(_ status: stat) -> Bool { status.st_mode & 0o077 != 0 }

  private static func text(_ mode: mode_t) -> String {
    let digits = String(mode & 0o7777, radix: 8)
    return String(repeating: "0", count: max(0, 4 - digits.count)) + digits
  }
}
