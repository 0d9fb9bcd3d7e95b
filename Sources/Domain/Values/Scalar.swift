/// A literal that a user writes in a rule: a bound, an accepted value.
///
/// Decimals keep the user's digits, because `0.1` has no exact binary form and thresholds are compared exactly.
package enum Scalar: Hashable, Sendable {
  case null
  case boolean(Bool)
  case number(ExactDecimal)
  case text(String)
}

extension Scalar: CustomStringConvertible {
  /// As shown to a person: `null`, `true`, `42`, `text`.
  package var description: String {
    switch self {
    case .null: "null"
    case .boolean(let value): value ? "true" : "false"
    case .number(let value): value.description
    case .text(let value): value
    }
  }
}

extension Scalar: Codable {
  package init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    if container.decodeNil() {
      self = .null
    } else if let value = try? container.decode(Bool.self) {
      self = .boolean(value)
    } else if let value = try? container.decode(Int64.self) {
      self = .number(ExactDecimal(value))
    } else if let value = try? container.decode(Double.self), let exact = ExactDecimal("\(value)") {
      self = .number(exact)
    } else {
      let text = try container.decode(String.self)
      if text.hasPrefix(Self.numberMark), let exact = ExactDecimal(String(text.dropFirst(Self.numberMark.count))) {
        self = .number(exact)
      } else {
        self = .text(text)
      }
    }
  }

  package func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    switch self {
    case .null: try container.encodeNil()
    case .boolean(let value): try container.encode(value)
    case .number(let value):
      if let integer = value.int64 {
        try container.encode(integer)
      } else if let double = Double(value.description), ExactDecimal("\(double)") == value {
        try container.encode(double)
      } else {
        try container.encode(Self.numberMark + value.description)
      }
    case .text(let value): try container.encode(value)
    }
  }

  /// Marks a number that neither Int64 nor Double holds exactly, so that JSON brings it back whole.
  private static let numberMark = "\u{1}number:"
}
