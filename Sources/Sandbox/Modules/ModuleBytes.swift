import CSodium
import CWasmtime
import Domain

/// What a user handed in as a module, told apart by its first bytes.
enum ModuleBytes {
  enum Kind {
    case module, component
    /// WebAssembly's text format.
    case text
  }

  /// Throws what is wrong with bytes that cannot be either.
  static func kind(of bytes: [UInt8], limits: GuestLimits) throws(GuestTrouble) -> Kind {
    guard !bytes.isEmpty else { throw GuestTrouble(.invalidModule, "The module is empty.") }
    guard bytes.count <= limits.moduleBytes else { throw tooLarge(bytes.count, limits) }
    if bytes.starts(with: [0x00, 0x61, 0x73, 0x6D]) {
      guard bytes.count >= 8 else { throw GuestTrouble(.invalidModule, "The module ends within its header.") }
      switch Array(bytes[4..<8]) {
      case [1, 0, 0, 0]: return .module
      case [0x0D, 0, 1, 0]: return .component
      default:
        throw GuestTrouble(
          .invalidModule, "The module is of a version of WebAssembly that is not known here; build it for version 1.")
      }
    }
    // Text begins with a parenthesis or a comment.
    let first = bytes.first { $0 != 0x20 && $0 != 0x09 && $0 != 0x0A && $0 != 0x0D }
    guard first == 0x28 || first == 0x3B else {
      throw GuestTrouble(
        .invalidModule, "This is no WebAssembly: it begins neither with the bytes \\0asm nor, as text, with '('.")
    }
    return .text
  }

  static func tooLarge(_ count: Int, _ limits: GuestLimits) -> GuestTrouble {
    GuestTrouble(
      .invalidModule,
      "The module has \(Words.bytes(count)), more than the limit of \(Words.bytes(limits.moduleBytes)). Build it without "
        + "debug information (strip it, optimise for size), or raise the limit on modules.")
  }

  /// Text as binary.
  static func assembled(_ text: [UInt8]) throws(GuestTrouble) -> [UInt8] {
    guard String(validating: text, as: UTF8.self) != nil else {
      throw GuestTrouble(.invalidModule, "The module's text is not UTF-8.")
    }
    var binary = wasm_byte_vec_t()
    let error = text.withUnsafeBytes { bytes in
      wasmtime_wat2wasm(bytes.baseAddress?.assumingMemoryBound(to: CChar.self), bytes.count, &binary)
    }
    if let error {
      throw GuestTrouble(.invalidModule, "The module's text is wrong: \(EngineFault(consuming: error).text.trimmed)")
    }
    defer { wasm_byte_vec_delete(&binary) }
    return Array(UnsafeBufferPointer(start: binary.data, count: binary.size))
  }

  /// SHA-256, in hexadecimal.
  static func digest(of bytes: [UInt8]) -> String {
    var hash = [UInt8](repeating: 0, count: Int(crypto_hash_sha256_BYTES))
    crypto_hash_sha256(&hash, bytes, UInt64(bytes.count))
    let digits = Array("0123456789abcdef".utf8)
    return String(decoding: hash.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
  }
}
