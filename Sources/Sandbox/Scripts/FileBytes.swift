import Foundation

enum FileBytes {
  /// All of a file; `nil` when it cannot be read.
  static func read(_ path: String) -> [UInt8]? {
    FileManager.default.contents(atPath: path).map { [UInt8]($0) }
  }
}
