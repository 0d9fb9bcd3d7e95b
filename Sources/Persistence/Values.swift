import Domain
import Foundation
import GRDB

extension Date {
  /// As the store keeps it: seconds since 2001-01-01 UTC, which brings a `Date` back bit by bit.
  var stored: Double { timeIntervalSinceReferenceDate }

  init(stored: Double) { self.init(timeIntervalSinceReferenceDate: stored) }
}

extension Row {
  func date(_ column: Int) -> Date { Date(stored: self[column]) }

  func optionalDate(_ column: Int) -> Date? { (self[column] as Double?).map(Date.init(stored:)) }

  /// A value of ours that is kept as its raw text.
  func value<Value: RawRepresentable<String>>(_ column: Int, _ type: Value.Type = Value.self) throws -> Value {
    let text: String = self[column]
    guard let value = Value(rawValue: text) else {
      throw StoreError.unavailable("The store holds '\(text)', which this version does not know.")
    }
    return value
  }
}

/// Whole values of the domain as JSON.
enum Document {
  static func encode(_ value: some Encodable) throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    return String(decoding: try encoder.encode(value), as: UTF8.self)
  }

  static func decode<Value: Decodable>(_ type: Value.Type, from text: String) throws -> Value {
    try JSONDecoder().decode(type, from: Data(text.utf8))
  }
}

extension String {
  /// Text columns end at the first NUL when they are read; a mark takes its place.
  var withoutNul: String { utf8.contains(0) ? replacing("\0", with: "\u{FFFD}") : self }
}
