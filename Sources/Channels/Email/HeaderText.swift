import Foundation

/// Texts as mail headers take them. Whatever comes in, one header comes out: no line break survives that is not ours.
enum HeaderText {
  /// Unstructured text, as in `Subject`: ASCII as it is, anything else as RFC 2047's encoded words.
  static func unstructured(_ text: String, after name: String) -> String {
    let text = TextLimit.oneLine(text)
    let isPlain = text.utf8.allSatisfy { $0 >= 0x20 && $0 < 0x7F } && !text.contains("=?")
    if isPlain, name.utf8.count + 2 + text.utf8.count <= 76 { return text }
    return words(text).joined(separator: "\r\n ")
  }

  /// A name before an address.
  static func phrase(_ text: String) -> String {
    let text = TextLimit.oneLine(text)
    let isAtoms = text.unicodeScalars.allSatisfy {
      ("a"..."z").contains($0) || ("A"..."Z").contains($0) || ("0"..."9").contains($0) || $0 == " " || $0 == "-"
    }
    return isAtoms ? text : words(text).joined(separator: "\r\n ")
  }

  /// Each at most 75 characters, and none with half a character in it.
  private static func words(_ text: String) -> [String] {
    var words: [String] = []
    var piece: [UInt8] = []
    for scalar in text.unicodeScalars {
      let bytes = Array(String(scalar).utf8)
      if piece.count + bytes.count > 42 {
        words.append(word(piece))
        piece = []
      }
      piece += bytes
    }
    if !piece.isEmpty || words.isEmpty { words.append(word(piece)) }
    return words
  }

  private static func word(_ bytes: [UInt8]) -> String { "=?UTF-8?B?\(Data(bytes).base64EncodedString())?=" }
}
