/// Writes values as bytes for the other process: fixed-width numbers in the machine's own order, since both ends run the
/// same program on the same machine, and everything else after its length.
struct WireWriter {
  private(set) var bytes: [UInt8]

  init(capacity: Int = 256) {
    bytes = []
    bytes.reserveCapacity(capacity)
  }

  /// A number, as the machine keeps it.
  mutating func put<Number: BitwiseCopyable>(number: Number) {
    withUnsafeBytes(of: number) { bytes.append(contentsOf: $0) }
  }

  /// Numbers one after the other, after their count.
  mutating func put<Number: BitwiseCopyable>(numbers: [Number]) {
    put(number: UInt64(numbers.count))
    numbers.withUnsafeBytes { bytes.append(contentsOf: $0) }
  }

  mutating func put(_ value: some WireValue) { value.write(to: &self) }

  /// Puts a number over one that was put at `offset` before.
  mutating func replace(at offset: Int, with number: UInt64) {
    withUnsafeBytes(of: number) { bytes.replaceSubrange(offset..<offset + 8, with: $0) }
  }
}

/// A value that goes from one process to the other.
protocol WireValue {
  func write(to writer: inout WireWriter)

  /// Whatever the bytes are, this returns a value or throws: the other process may have been taken over.
  init(from reader: inout WireReader) throws(WireError)
}

/// Bytes that are no such value.
struct WireError: Error, CustomStringConvertible {
  let description: String
}
