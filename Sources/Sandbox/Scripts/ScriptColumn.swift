import Domain

/// One column as bytes for a guest, little-endian:
///
///     u32 kind (0 NULL only, 1 booleans, 2 integers, 3 doubles, 4 bytes)
///     u32 bytes of the validity bitmap (0: no value is NULL)
///     the bitmap, filled up to a multiple of 8
///     booleans: u8 each · integers: i64 each · doubles: f64 each
///     bytes: u32 offsets, one more than there are values, and what they point into
struct ScriptColumn {
  private let column: ColumnVector
  private let rowCount: Int
  private let hasNulls: Bool

  init(_ column: ColumnVector, rowCount: Int) {
    self.column = column
    self.rowCount = rowCount
    hasNulls =
      (0..<rowCount / 8).contains { column.validity.isEmpty ? false : column.validity[$0] != 0xFF }
      || (rowCount / 8 * 8..<rowCount).contains { column.isNull(at: $0) }
  }

  private var kind: UInt32 {
    switch column.storage {
    case .nulls: 0
    case .booleans: 1
    case .integers: 2
    case .doubles: 3
    case .bytes: 4
    }
  }

  private var validityBytes: Int {
    if case .nulls = column.storage { return 0 }
    return hasNulls ? (rowCount + 7) / 8 : 0
  }

  /// `nil` when offsets of 32 bits do not reach.
  var byteCount: Int? {
    let values: Int
    switch column.storage {
    case .nulls: values = 0
    case .booleans: values = rowCount
    case .integers, .doubles: values = rowCount * 8
    case .bytes(let offsets, _):
      let text = (offsets.last ?? 0) - (offsets.first ?? 0)
      guard text < Int(Int32.max) else { return nil }
      values = 4 * (rowCount + 1) + text
    }
    return 8 + (validityBytes + 7) / 8 * 8 + values
  }

  var bytes: [UInt8] {
    guard let byteCount else { return [] }
    return [UInt8](unsafeUninitializedCapacity: byteCount) { target, count in
      var writer = Writer(UnsafeMutableRawBufferPointer(target))
      write(to: &writer)
      count = byteCount
    }
  }

  /// Each byte as the character of the same number, in UTF-8: how bytes travel in a component's string.
  var latin1: [UInt8] {
    let bytes = bytes
    let high = bytes.withUnsafeBufferPointer { $0.reduce(0) { $0 + Int($1 >> 7) } }
    return [UInt8](unsafeUninitializedCapacity: bytes.count + high) { target, count in
      bytes.withUnsafeBufferPointer { bytes in
        var end = 0
        for byte in bytes {
          if byte < 0x80 {
            target[end] = byte
            end += 1
          } else {
            target[end] = 0xC0 | (byte >> 6)
            target[end + 1] = 0x80 | (byte & 0x3F)
            end += 2
          }
        }
        count = end
      }
    }
  }

  private func write(to writer: inout Writer) {
    writer.put(kind.littleEndian)
    writer.put(UInt32(validityBytes).littleEndian)
    if validityBytes > 0 {
      writer.put(column.validity.prefix(validityBytes))
      writer.zeros((8 - validityBytes % 8) % 8)
    }
    switch column.storage {
    case .nulls: break
    case .booleans(let values): writer.put(values.prefix(rowCount).map { $0 ? 1 : 0 })
    case .integers(let values): values.withUnsafeBytes { writer.put(first: rowCount * 8, of: $0) }
    case .doubles(let values): values.withUnsafeBytes { writer.put(first: rowCount * 8, of: $0) }
    case .bytes(let offsets, let bytes):
      let start = offsets.first ?? 0
      for offset in offsets.prefix(rowCount + 1) { writer.put(UInt32(offset - start).littleEndian) }
      if offsets.isEmpty { writer.put(UInt32(0)) }
      writer.put(bytes[start..<(offsets.last ?? start)])
    }
  }

  private struct Writer {
    private let target: UnsafeMutableRawBufferPointer
    private var end = 0

    init(_ target: UnsafeMutableRawBufferPointer) { self.target = target }

    mutating func put(_ value: UInt32) {
      target.storeBytes(of: value, toByteOffset: end, as: UInt32.self)
      end += 4
    }

    mutating func put(_ bytes: some Collection<UInt8>) {
      UnsafeMutableRawBufferPointer(rebasing: target[end..<(end + bytes.count)]).copyBytes(from: bytes)
      end += bytes.count
    }

    mutating func put(first count: Int, of bytes: UnsafeRawBufferPointer) {
      let part = UnsafeRawBufferPointer(rebasing: bytes[..<count])
      UnsafeMutableRawBufferPointer(rebasing: target[end..<(end + count)]).copyMemory(from: part)
      end += count
    }

    mutating func zeros(_ count: Int) {
      for index in end..<(end + count) { target[index] = 0 }
      end += count
    }
  }
}
