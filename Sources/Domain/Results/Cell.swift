/// One value, for showing and keeping. Dates, times and the like are text in ISO 8601.
package enum Cell: Hashable, Sendable {
  case null
  case boolean(Bool)
  case integer(Int64)
  case double(Double)
  /// A `numeric` with all its digits; also `NaN`, `Infinity`, `-Infinity`.
  case decimal(String)
  case text(String)
  case binary([UInt8])

  /// As a person reads it. Binary is `\x` and hexadecimal, as PostgreSQL writes it.
  package var text: String {
    switch self {
    case .null: "null"
    case .boolean(let value): value ? "true" : "false"
    case .integer(let value): "\(value)"
    case .double(let value): Self.text(of: value)
    case .decimal(let value), .text(let value): value
    case .binary(let bytes): "\\x" + Self.hexadecimal(bytes)
    }
  }

  /// The number, when it is one and finite.
  package var exactDecimal: ExactDecimal? {
    switch self {
    case .integer(let value): ExactDecimal(value)
    case .double(let value): ExactDecimal(value)
    case .decimal(let value): ExactDecimal(value)
    default: nil
    }
  }

  private static func text(of value: Double) -> String {
    if value.isNaN { return "NaN" }
    if value.isInfinite { return value < 0 ? "-Infinity" : "Infinity" }
    if let whole = Int64(exactly: value) { return "\(whole)" }
    return "\(value)"
  }

  private static func hexadecimal(_ bytes: [UInt8]) -> String {
    let digits = Array("0123456789abcdef".utf8)
    return String(decoding: bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
  }
}

extension Cell: Codable {
  /// JSON has no NaN and no bytes: these travel as text, so a stored cell may come back as text.
  package func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    switch self {
    case .null: try container.encodeNil()
    case .boolean(let value): try container.encode(value)
    case .integer(let value): try container.encode(value)
    case .double(let value) where value.isFinite: try container.encode(value)
    default: try container.encode(text)
    }
  }

  package init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    if container.decodeNil() {
      self = .null
    } else if let value = try? container.decode(Bool.self) {
      self = .boolean(value)
    } else if let value = try? container.decode(Int64.self) {
      self = .integer(value)
    } else if let value = try? container.decode(Double.self) {
      self = .double(value)
    } else {
      self = .text(try container.decode(String.self))
    }
  }
}
