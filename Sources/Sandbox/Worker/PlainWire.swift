import Foundation

extension Int: WireValue {
  func write(to writer: inout WireWriter) { writer.put(number: self) }
  init(from reader: inout WireReader) throws(WireError) { self = try reader.number() }
}

extension Int64: WireValue {
  func write(to writer: inout WireWriter) { writer.put(number: self) }
  init(from reader: inout WireReader) throws(WireError) { self = try reader.number() }
}

extension UInt64: WireValue {
  func write(to writer: inout WireWriter) { writer.put(number: self) }
  init(from reader: inout WireReader) throws(WireError) { self = try reader.number() }
}

extension Double: WireValue {
  func write(to writer: inout WireWriter) { writer.put(number: bitPattern) }
  init(from reader: inout WireReader) throws(WireError) { self.init(bitPattern: try reader.number()) }
}

extension Bool: WireValue {
  func write(to writer: inout WireWriter) { writer.put(number: UInt8(self ? 1 : 0)) }
  init(from reader: inout WireReader) throws(WireError) { self = try reader.number(UInt8.self) != 0 }
}

extension Date: WireValue {
  func write(to writer: inout WireWriter) { writer.put(timeIntervalSinceReferenceDate) }
  init(from reader: inout WireReader) throws(WireError) {
    self.init(timeIntervalSinceReferenceDate: try reader.value())
  }
}

extension String: WireValue {
  func write(to writer: inout WireWriter) { writer.put(numbers: Array(utf8)) }
  /// What is not UTF-8 is mended.
  init(from reader: inout WireReader) throws(WireError) {
    self.init(decoding: try reader.numbers(UInt8.self), as: UTF8.self)
  }
}

extension Optional: WireValue where Wrapped: WireValue {
  func write(to writer: inout WireWriter) {
    writer.put(self != nil)
    if let self { writer.put(self) }
  }

  init(from reader: inout WireReader) throws(WireError) {
    self = try reader.value(Bool.self) ? try reader.value(Wrapped.self) : nil
  }
}

extension Array: WireValue where Element: WireValue {
  func write(to writer: inout WireWriter) {
    writer.put(number: UInt64(count))
    for element in self { writer.put(element) }
  }

  init(from reader: inout WireReader) throws(WireError) {
    let count = try reader.count(ofSize: 1)
    self = []
    // A count costs its sender one byte an element; what it costs us comes only with the elements themselves.
    for _ in 0..<count { append(try reader.value()) }
  }
}

extension Dictionary: WireValue where Key == String, Value: WireValue {
  func write(to writer: inout WireWriter) {
    writer.put(number: UInt64(count))
    for (key, value) in self {
      writer.put(key)
      writer.put(value)
    }
  }

  init(from reader: inout WireReader) throws(WireError) {
    let count = try reader.count(ofSize: 1)
    self = [:]
    for _ in 0..<count {
      let key = try reader.value(String.self)
      self[key] = try reader.value(Value.self)
    }
  }
}

extension WireValue where Self: RawRepresentable, RawValue == String {
  func write(to writer: inout WireWriter) { writer.put(rawValue) }

  init(from reader: inout WireReader) throws(WireError) {
    let word = try reader.value(String.self)
    guard let value = Self(rawValue: word) else { throw WireError(description: "'\(word)' is no \(Self.self)") }
    self = value
  }
}
