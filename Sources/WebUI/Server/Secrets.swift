import CSodium
import Foundation

/// Random tokens and hashes, by libsodium.
enum Secrets {
  /// `sodium_init` may be called from any thread and any number of times.
  private static let isReady: Bool = sodium_init() >= 0

  /// 32 random bytes in base64url without padding (RFC 4648, 5).
  static func token() -> String {
    _ = isReady
    var bytes = [UInt8](repeating: 0, count: 32)
    randombytes_buf(&bytes, bytes.count)
    return base64url(bytes)
  }

  /// What is kept of a token: BLAKE2b-256 in hexadecimal. A token is random enough to need no salt.
  static func digest(_ token: String) -> String {
    _ = isReady
    let input = Array(token.utf8)
    var output = [UInt8](repeating: 0, count: 32)
    crypto_generichash(&output, output.count, input, UInt64(input.count), nil, 0)
    return output.map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined()
  }

  /// BLAKE2b-256 of `text` under `key`, in base64url.
  static func keyed(_ text: String, key: String) -> String {
    _ = isReady
    let input = Array(text.utf8)
    let key = Array(key.utf8.prefix(Int(crypto_generichash_KEYBYTES_MAX)))
    var output = [UInt8](repeating: 0, count: 32)
    crypto_generichash(&output, output.count, input, UInt64(input.count), key, key.count)
    return base64url(output)
  }

  /// HMAC-SHA-256 (RFC 2104) of `text` under `key`, in base64url.
  static func authentication(of text: String, key: String) -> String {
    _ = isReady
    let (input, key) = (Array(text.utf8), Array(key.utf8))
    var state = crypto_auth_hmacsha256_state()
    crypto_auth_hmacsha256_init(&state, key, key.count)
    crypto_auth_hmacsha256_update(&state, input, UInt64(input.count))
    var output = [UInt8](repeating: 0, count: Int(crypto_auth_hmacsha256_BYTES))
    crypto_auth_hmacsha256_final(&state, &output)
    return base64url(output)
  }

  /// `nil` when it is no base64url.
  static func bytes(base64url text: String) -> [UInt8]? {
    let plain = text.replacing("-", with: "+").replacing("_", with: "/")
    return Data(base64Encoded: plain + String(repeating: "=", count: (4 - plain.count % 4) % 4)).map { [UInt8]($0) }
  }

  /// Compares without telling by its time where they differ.
  static func areEqual(_ left: String, _ right: String) -> Bool {
    let left = Array(left.utf8)
    let right = Array(right.utf8)
    return left.count == right.count && sodium_memcmp(left, right, left.count) == 0
  }

  /// Hashing takes 64 MiB and a tenth of a second by design, so one at a time and off the cooperative pool.
  private static let queue = DispatchQueue(label: "password hashing")

  /// Argon2id in its own text form; `nil` when there is not enough memory.
  static func passwordHash(_ password: String) async -> String? {
    await onQueue {
      _ = isReady
      var output = [CChar](repeating: 0, count: Int(crypto_pwhash_STRBYTES))
      let status = crypto_pwhash_str(
        &output, password, UInt64(password.utf8.count), UInt64(crypto_pwhash_OPSLIMIT_INTERACTIVE),
        Int(crypto_pwhash_MEMLIMIT_INTERACTIVE))
      guard status == 0 else { return nil }
      return String(decoding: output.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
  }

  static func password(_ password: String, fits hash: String) async -> Bool {
    await onQueue {
      _ = isReady
      return crypto_pwhash_str_verify(hash, password, UInt64(password.utf8.count)) == 0
    }
  }

  private static func onQueue<Value: Sendable>(_ body: @escaping @Sendable () -> Value) async -> Value {
    await withCheckedContinuation { continuation in
      queue.async { continuation.resume(returning: body()) }
    }
  }

  static func base64url(_ bytes: [UInt8]) -> String {
    Data(bytes).base64EncodedString().replacing("+", with: "-").replacing("/", with: "_").replacing("=", with: "")
  }
}
