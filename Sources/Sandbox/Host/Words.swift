/// Numbers as people read them.
enum Words {
  /// `64 MB`, `1.5 MB`, `512 KB`, `17 bytes`.
  static func bytes(_ count: Int) -> String {
    for (size, unit) in [(1 << 30, "GB"), (1 << 20, "MB"), (1 << 10, "KB")] where count >= size {
      let tenths = (count * 10 + size / 2) / size
      return tenths % 10 == 0 ? "\(tenths / 10) \(unit)" : "\(tenths / 10).\(tenths % 10) \(unit)"
    }
    return count == 1 ? "1 byte" : "\(count) bytes"
  }

  /// `5 seconds`, `0.1 seconds`.
  static func seconds(_ count: Double) -> String {
    if count == 1 { return "1 second" }
    return count == count.rounded() && abs(count) < 1e9 ? "\(Int(count)) seconds" : "\(count) seconds"
  }
}

extension String {
  /// At most `limit` bytes of UTF-8, with a mark at the end when something was left out.
  func cut(to limit: Int, mark: String) -> String {
    guard utf8.count > limit else { return self }
    var end = utf8.index(utf8.startIndex, offsetBy: max(0, limit - mark.utf8.count))
    // Not within a character.
    while end > utf8.startIndex, utf8[end] & 0xC0 == 0x80 { end = utf8.index(before: end) }
    return String(self[..<end]) + mark
  }
}
