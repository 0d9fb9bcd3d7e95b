import Domain
import Foundation

/// A JSON value that always encodes to the same bytes: keys in order, no spaces.
enum JSON: Hashable, Sendable {
  case null
  case boolean(Bool)
  /// A number as JSON writes it; any count of digits.
  case number(String)
  case string(String)
  case array([JSON])
  case object([String: JSON])

  static func integer(_ value: Int) -> JSON { .number("\(value)") }

  static func date(_ value: Date) -> JSON {
    .string(value.formatted(Date.ISO8601FormatStyle(includingFractionalSeconds: true)))
  }

  static func optional(_ text: String?) -> JSON { text.map { .string($0) } ?? .null }

  /// A measured value: numbers as numbers; NaN and infinities, which JSON lacks, as text.
  init(_ cell: Cell) {
    switch cell {
    case .null: self = .null
    case .boolean(let value): self = .boolean(value)
    case .integer, .double, .decimal:
      self = cell.exactDecimal.map { .number("\($0)") } ?? .string(cell.text)
    case .text, .binary: self = .string(cell.text)
    }
  }

  var encoded: [UInt8] {
    var bytes: [UInt8] = []
    write(to: &bytes)
    return bytes
  }

  private func write(to bytes: inout [UInt8]) {
    switch self {
    case .null: bytes += "null".utf8
    case .boolean(let value): bytes += (value ? "true" : "false").utf8
    case .number(let text): bytes += text.utf8
    case .string(let text): Self.write(text, to: &bytes)
    case .array(let values):
      Self.write(values, between: ("[", "]"), to: &bytes) { value, bytes in value.write(to: &bytes) }
    case .object(let members):
      let sorted = members.sorted { $0.key < $1.key }
      Self.write(sorted, between: ("{", "}"), to: &bytes) { member, bytes in
        Self.write(member.key, to: &bytes)
        bytes.append(UInt8(ascii: ":"))
        member.value.write(to: &bytes)
      }
    }
  }

  private static func write<Item>(
    _ items: [Item], between ends: (String, String), to bytes: inout [UInt8], _ item: (Item, inout [UInt8]) -> Void
  ) {
    bytes += ends.0.utf8
    for (place, value) in items.enumerated() {
      if place > 0 { bytes.append(UInt8(ascii: ",")) }
      item(value, &bytes)
    }
    bytes += ends.1.utf8
  }

  private static func write(_ text: String, to bytes: inout [UInt8]) {
    bytes.append(UInt8(ascii: "\""))
    for byte in text.utf8 {
      switch byte {
      case UInt8(ascii: "\""), UInt8(ascii: "\\"): bytes += [UInt8(ascii: "\\"), byte]
      case UInt8(ascii: "\n"): bytes += "\\n".utf8
      case UInt8(ascii: "\r"): bytes += "\\r".utf8
      case UInt8(ascii: "\t"): bytes += "\\t".utf8
      case 0..<0x20: bytes += "\\u00\(byte < 16 ? "0" : "")\(String(byte, radix: 16))".utf8
      default: bytes.append(byte)
      }
    }
    bytes.append(UInt8(ascii: "\""))
  }
}
