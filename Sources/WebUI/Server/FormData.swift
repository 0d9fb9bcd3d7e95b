import Foundation

/// The fields of a form, in the order in which they were sent. Format: application/x-www-form-urlencoded, as the
/// URL standard of WHATWG reads it.
package struct FormData: Sendable, Hashable {
  package var fields: [(name: String, value: String)] { pairs.map { ($0.name, $0.value) } }
  private var pairs: [Pair] = []
  /// The files of a form that was sent with them, by field.
  var files: [String: File] = [:]

  private struct Pair: Sendable, Hashable {
    var name: String
    var value: String
  }

  package init() {}

  /// Bytes that are not UTF-8 become U+FFFD, as browsers do.
  package init(encoded: some Sequence<UInt8>) {
    for part in Array(encoded).split(separator: UInt8(ascii: "&")) {
      let halves = part.split(separator: UInt8(ascii: "="), maxSplits: 1, omittingEmptySubsequences: false)
      pairs.append(
        Pair(name: Self.decoded(halves[0]), value: halves.count > 1 ? Self.decoded(halves[1]) : ""))
    }
  }

  package var isEmpty: Bool { pairs.isEmpty }

  /// The last value of a field with line ends as `\n`; empty when there is none.
  package subscript(_ name: String) -> String {
    (pairs.last { $0.name == name }?.value ?? "").replacing("\r\n", with: "\n")
  }

  /// Without spaces around it.
  package func trimmed(_ name: String) -> String { self[name].trimmingCharacters(in: .whitespacesAndNewlines) }

  /// `nil` when the field is missing or empty.
  package func optional(_ name: String) -> String? {
    let value = trimmed(name)
    return value.isEmpty ? nil : value
  }

  /// Every value of a field that repeats: several selected options, checkboxes of one name.
  package func all(_ name: String) -> [String] { pairs.filter { $0.name == name }.map(\.value) }

  package func has(_ name: String) -> Bool { pairs.contains { $0.name == name } }

  /// The items of `name[0].field`, `name[7].field` ... by their numbers in ascending order, each with its fields'
  /// names stripped of the prefix. Numbers need not be without gaps; at most 1,000 items are read.
  package func items(_ name: String) -> [(index: Int, fields: FormData)] {
    var found: [Int: FormData] = [:]
    for pair in pairs where pair.name.hasPrefix(name + "[") {
      let rest = pair.name.dropFirst(name.count + 1)
      guard let close = rest.firstIndex(of: "]"), let index = Int(rest[..<close]), (0..<100_000).contains(index),
        found[index] != nil || found.count < 1000
      else { continue }
      let field = rest[rest.index(after: close)...].drop { $0 == "." }
      found[index, default: FormData()].pairs.append(Pair(name: String(field), value: pair.value))
    }
    return found.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
  }

  package func file(_ name: String) -> File? { files[name] }

  mutating func append(_ name: String, _ value: String) { pairs.append(Pair(name: name, value: value)) }

  package mutating func set(_ name: String, _ value: String) {
    pairs.removeAll { $0.name == name }
    pairs.append(Pair(name: name, value: value))
  }

  private static func decoded(_ bytes: ArraySlice<UInt8>) -> String {
    var result: [UInt8] = []
    result.reserveCapacity(bytes.count)
    var index = bytes.startIndex
    while index < bytes.endIndex {
      let byte = bytes[index]
      if byte == UInt8(ascii: "%"), index + 2 < bytes.endIndex, let high = hexadecimal(bytes[index + 1]),
        let low = hexadecimal(bytes[index + 2])
      {
        result.append(high << 4 | low)
        index += 3
      } else {
        result.append(byte == UInt8(ascii: "+") ? UInt8(ascii: " ") : byte)
        index += 1
      }
    }
    return String(decoding: result, as: UTF8.self)
  }

  private static func hexadecimal(_ byte: UInt8) -> UInt8? {
    switch byte {
    case 48...57: byte - 48
    case 65...70: byte - 55
    case 97...102: byte - 87
    default: nil
    }
  }
}
