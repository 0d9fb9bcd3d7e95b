import Foundation

/// Finds where the lines of a CSV file begin to end in another way, which DuckDB refuses without saying where.
enum CSVLineEnds {
  /// Bytes that are looked at: what stands further on is not worth the wait for a message.
  private static let most = 256 << 20
  private static let pieceBytes = 1 << 20

  /// `line 3 ends with LF, and the lines before it with CRLF`; `nil` when all are alike, or the file cannot be read.
  static func difference(inFileAt path: String) -> String? {
    guard let file = FileHandle(forReadingAtPath: path) else { return nil }
    defer { try? file.close() }
    var scan = Scan()
    var count = 0
    while count < most, let piece = try? file.read(upToCount: pieceBytes), !piece.isEmpty {
      for byte in piece {
        if let found = scan.take(byte) { return found }
      }
      count += piece.count
    }
    return nil
  }

  private struct Scan {
    private var line = 1
    private var first: String?
    private var isQuoted = false
    private var followsCR = false

    /// Returns what differs, once it is found.
    mutating func take(_ byte: UInt8) -> String? {
      let wasCR = followsCR
      followsCR = false
      if isQuoted {
        if byte == UInt8(ascii: "\"") { isQuoted = false }
        return nil
      }
      switch byte {
      case UInt8(ascii: "\n"): return end(wasCR ? "CRLF" : "LF")
      case UInt8(ascii: "\r"):
        followsCR = true
        return wasCR ? end("CR") : nil
      default:
        // A carriage return that nothing follows ended a line by itself.
        let found = wasCR ? end("CR") : nil
        if byte == UInt8(ascii: "\"") { isQuoted = true }
        return found
      }
    }

    private mutating func end(_ kind: String) -> String? {
      defer { line += 1 }
      guard let first else {
        self.first = kind
        return nil
      }
      return kind == first ? nil : "line \(line) ends with \(kind), and the lines before it with \(first)"
    }
  }
}
