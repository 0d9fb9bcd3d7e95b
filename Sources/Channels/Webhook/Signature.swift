import CSodium

/// Proves to a receiver that a request comes from somebody who knows the secret, and when it was made.
enum Signature {
  /// `sha256=` and the hexadecimal HMAC-SHA256, keyed with the secret's UTF-8, of `timestamp`, a dot, and the body.
  static func header(secret: String, timestamp: String, body: [UInt8]) -> String {
    let key = Array(secret.utf8)
    let text = Array(timestamp.utf8) + [UInt8(ascii: ".")] + body
    var state = crypto_auth_hmacsha256_state()
    var code = [UInt8](repeating: 0, count: Int(crypto_auth_hmacsha256_BYTES))
    crypto_auth_hmacsha256_init(&state, key, key.count)
    crypto_auth_hmacsha256_update(&state, text, UInt64(text.count))
    crypto_auth_hmacsha256_final(&state, &code)
    return "sha256=" + hexadecimal(code)
  }

  private static func hexadecimal(_ bytes: [UInt8]) -> String {
    let digits = Array("0123456789abcdef".utf8)
    return String(decoding: bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
  }
}
