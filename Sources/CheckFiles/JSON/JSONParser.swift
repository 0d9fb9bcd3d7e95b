/// Why a text is not JSON, and where.
package struct JSONError: Error, Hashable, Sendable, CustomStringConvertible {
  /// From 1.
  package var line: Int
  /// In characters of Unicode, from 1.
  package var column: Int
  package var message: String

  package var description: String { "line \(line), column \(column): \(message)" }
}

/// Reads JSON as RFC 8259 has it, and no more: no comments, no NaN, no name twice in an object, no lone surrogates, and
/// no U+0000 in texts, which no database takes.
package struct JSONParser {
  /// Values within values, at most.
  package static let deepest = 64

  private let bytes: [UInt8]
  private var index = 0
  private var line = 1
  private var column = 1

  private init(_ bytes: [UInt8]) { self.bytes = bytes }

  package static func parse(_ bytes: [UInt8]) throws(JSONError) -> JSONValue {
    var parser = JSONParser(bytes)
    if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { parser.index = 3 }
    if String(validating: bytes, as: UTF8.self) == nil { throw parser.problem("the text is not UTF-8") }
    parser.skipSpace()
    if parser.next == nil { throw parser.problem("there is nothing; a JSON value is needed") }
    let value = try parser.value(depth: 0)
    parser.skipSpace()
    if parser.next != nil { throw parser.problem("there is more after the end of the value") }
    return value
  }

  private var next: UInt8? { index < bytes.count ? bytes[index] : nil }

  private mutating func advance() {
    let byte = bytes[index]
    index += 1
    if byte == UInt8(ascii: "\n") {
      line += 1
      column = 1
    } else if index >= bytes.count || bytes[index] & 0xC0 != 0x80 {
      column += 1
    }
  }

  private func problem(_ message: String) -> JSONError { JSONError(line: line, column: column, message: message) }

  /// `'x'`, or `the end`.
  private var found: String {
    guard index < bytes.count else { return "the end" }
    return String(decoding: bytes[index...].prefix(4), as: UTF8.self).first.map { "'\($0)'" } ?? "the end"
  }

  private mutating func skipSpace() {
    while let byte = next, byte == 0x20 || byte == 0x09 || byte == 0x0A || byte == 0x0D { advance() }
  }

  private mutating func take(_ byte: UInt8) -> Bool {
    guard next == byte else { return false }
    advance()
    return true
  }

  private mutating func value(depth: Int) throws(JSONError) -> JSONValue {
    guard depth <= Self.deepest else { throw problem("values lie deeper than \(Self.deepest) within one another") }
    switch next {
    case UInt8(ascii: "{"): return try object(depth: depth)
    case UInt8(ascii: "["): return try array(depth: depth)
    case UInt8(ascii: "\""): return .string(try string())
    case UInt8(ascii: "t"): return try word("true", .boolean(true))
    case UInt8(ascii: "f"): return try word("false", .boolean(false))
    case UInt8(ascii: "n"): return try word("null", .null)
    case UInt8(ascii: "-"), .some(UInt8(ascii: "0")...UInt8(ascii: "9")): return .number(try number())
    default: throw problem("a value is needed here, not \(found)")
    }
  }

  private mutating func word(_ word: String, _ value: JSONValue) throws(JSONError) -> JSONValue {
    guard bytes[index...].starts(with: word.utf8) else { throw problem("a value is needed here, not \(found)") }
    for _ in word.utf8 { advance() }
    return value
  }

  private mutating func object(depth: Int) throws(JSONError) -> JSONValue {
    advance()
    var members: [JSONValue.Member] = []
    var keys = Set<String>()
    skipSpace()
    if take(UInt8(ascii: "}")) { return .object([]) }
    repeat {
      skipSpace()
      guard next == UInt8(ascii: "\"") else { throw problem("a name in double quotes is needed here, not \(found)") }
      let start = (line, column)
      let key = try string()
      if !keys.insert(key).inserted {
        throw JSONError(line: start.0, column: start.1, message: "'\(key)' stands here twice")
      }
      skipSpace()
      guard take(UInt8(ascii: ":")) else { throw problem("':' is needed here, not \(found)") }
      skipSpace()
      members.append(JSONValue.Member(key, try value(depth: depth + 1)))
      skipSpace()
    } while take(UInt8(ascii: ","))
    guard take(UInt8(ascii: "}")) else { throw problem("',' or '}' is needed here, not \(found)") }
    return .object(members)
  }

  private mutating func array(depth: Int) throws(JSONError) -> JSONValue {
    advance()
    var values: [JSONValue] = []
    skipSpace()
    if take(UInt8(ascii: "]")) { return .array([]) }
    repeat {
      skipSpace()
      values.append(try value(depth: depth + 1))
      skipSpace()
    } while take(UInt8(ascii: ","))
    guard take(UInt8(ascii: "]")) else { throw problem("',' or ']' is needed here, not \(found)") }
    return .array(values)
  }

  private mutating func number() throws(JSONError) -> String {
    let start = index
    _ = take(UInt8(ascii: "-"))
    if !take(UInt8(ascii: "0")) { try digits() }
    if take(UInt8(ascii: ".")) { try digits() }
    if take(UInt8(ascii: "e")) || take(UInt8(ascii: "E")) {
      if !take(UInt8(ascii: "+")) { _ = take(UInt8(ascii: "-")) }
      try digits()
    }
    return String(decoding: bytes[start..<index], as: UTF8.self)
  }

  private mutating func digits() throws(JSONError) {
    let start = index
    while let byte = next, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) { advance() }
    if index == start { throw problem("a digit is needed here, not \(found)") }
  }

  private mutating func string() throws(JSONError) -> String {
    advance()
    var text: [UInt8] = []
    while let byte = next {
      switch byte {
      case UInt8(ascii: "\""):
        advance()
        return String(decoding: text, as: UTF8.self)
      case UInt8(ascii: "\\"): text += String(try escape()).utf8
      case 0..<0x20: throw problem("a text cannot hold a control character; write it as \\n, \\t or \\u00..")
      default:
        text.append(byte)
        advance()
      }
    }
    throw problem("the text has no closing double quote")
  }

  private mutating func escape() throws(JSONError) -> Unicode.Scalar {
    let start = (line, column)
    advance()
    guard let byte = next else { throw problem("the text has no closing double quote") }
    advance()
    switch byte {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): return Unicode.Scalar(byte)
    case UInt8(ascii: "b"): return "\u{8}"
    case UInt8(ascii: "f"): return "\u{C}"
    case UInt8(ascii: "n"): return "\n"
    case UInt8(ascii: "r"): return "\r"
    case UInt8(ascii: "t"): return "\t"
    case UInt8(ascii: "u"): break
    default: throw JSONError(line: start.0, column: start.1, message: "there is no such escape")
    }
    var code = UInt32(try hexadecimal())
    if (0xD800...0xDBFF).contains(code), take(UInt8(ascii: "\\")), take(UInt8(ascii: "u")) {
      let low = UInt32(try hexadecimal())
      code = (0xDC00...0xDFFF).contains(low) ? 0x10000 + (code - 0xD800) << 10 + (low - 0xDC00) : 0xD800
    }
    guard let scalar = Unicode.Scalar(code), code != 0 else {
      let what = code == 0 ? "a text cannot hold U+0000" : "half of a surrogate pair is no character"
      throw JSONError(line: start.0, column: start.1, message: what)
    }
    return scalar
  }

  private mutating func hexadecimal() throws(JSONError) -> UInt16 {
    var value: UInt16 = 0
    for _ in 0..<4 {
      guard let byte = next, let digit = Character(Unicode.Scalar(byte)).hexDigitValue else {
        throw problem("four hexadecimal digits are needed after \\u")
      }
      value = value << 4 | UInt16(digit)
      advance()
    }
    return value
  }
}
