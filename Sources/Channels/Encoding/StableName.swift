import CSodium

/// Names that are the same for the same thing, whatever its length.
enum StableName {
  /// `text`, or where it is too long its beginning and a digest of all of it.
  static func bounded(_ text: String, utf16 limit: Int) -> String {
    guard text.utf16.count > limit else { return text }
    let digest = "-" + digest(text)
    var head = ""
    for character in text.unicodeScalars {
      if head.utf16.count + character.utf16.count + digest.utf16.count > limit { break }
      head.unicodeScalars.append(character)
    }
    return head + digest
  }

  /// 32 hexadecimal digits: the first half of the SHA-256 of the text's UTF-8.
  static func digest(_ text: String) -> String {
    let bytes = Array(text.utf8)
    var code = [UInt8](repeating: 0, count: Int(crypto_hash_sha256_BYTES))
    crypto_hash_sha256(&code, bytes, UInt64(bytes.count))
    let digits = Array("0123456789abcdef".utf8)
    return String(decoding: code.prefix(16).flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
  }
}
