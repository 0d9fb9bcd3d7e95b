/// Reads what a `WireWriter` wrote, trusting none of it.
struct WireReader {
  private let bytes: [UInt8]
  private var offset = 0

  init(_ bytes: [UInt8]) { self.bytes = bytes }

  var remaining: Int { bytes.count - offset }

  /// Any bytes make a number, so this must not be used for types that have bytes without a meaning, as `Bool`.
  mutating func number<Number: FixedWidthInteger & BitwiseCopyable>(_ type: Number.Type = Number.self) throws(WireError)
    -> Number
  {
    let size = MemoryLayout<Number>.size
    guard size <= remaining else { throw WireError(description: "a number is cut off") }
    defer { offset += size }
    return bytes.withUnsafeBytes { $0.loadUnaligned(fromByteOffset: offset, as: Number.self) }
  }

  mutating func numbers<Number: BitwiseCopyable & ExpressibleByIntegerLiteral>(_ type: Number.Type = Number.self)
    throws(WireError) -> [Number]
  {
    let count = try count(ofSize: MemoryLayout<Number>.stride)
    defer { offset += count * MemoryLayout<Number>.stride }
    return [Number](unsafeUninitializedCapacity: count) { buffer, initialized in
      let size = count * MemoryLayout<Number>.stride
      if size > 0 {
        bytes.withUnsafeBytes {
          UnsafeMutableRawBufferPointer(buffer).copyMemory(from: .init(rebasing: $0[offset..<offset + size]))
        }
      }
      initialized = count
    }
  }

  mutating func value<Value: WireValue>(_ type: Value.Type = Value.self) throws(WireError) -> Value {
    try Value(from: &self)
  }

  /// How many values follow, each of at least `size` bytes.
  mutating func count(ofSize size: Int) throws(WireError) -> Int {
    let count = try number(UInt64.self)
    guard count <= UInt64(remaining / size) else { throw WireError(description: "a length goes beyond the end") }
    return Int(count)
  }

  /// The value that nothing may follow.
  mutating func last<Value: WireValue>(_ type: Value.Type = Value.self) throws(WireError) -> Value {
    let value = try Value(from: &self)
    try end()
    return value
  }

  /// Nothing may follow.
  func end() throws(WireError) {
    guard remaining == 0 else { throw WireError(description: "\(remaining) bytes follow the last value") }
  }
}
