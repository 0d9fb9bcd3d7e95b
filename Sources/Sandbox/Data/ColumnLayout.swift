import Domain

/// Rows as columns in one block of bytes, little-endian, every part at a multiple of 8. `docs/wasm-abi.md` has the table.
///
/// A header of 16 bytes, then 32 bytes for each column, then names, validity bitmaps and values. The size follows from
/// the rows' shape alone, so nothing is encoded before there is a place to put it.
struct ColumnLayout {
  static let magic: UInt32 = 0x3143_4454  // "TDC1"

  enum Storage: UInt32 {
    case nulls = 0
    case int64, float64, boolean, text, binary
  }

  private struct Column {
    var storage: Storage
    var name: Int
    var nameCount: Int
    /// 0: no value is NULL.
    var validity: Int
    var values: Int
    /// Of the bytes of texts.
    var texts: Int
    var textCount: Int
  }

  private var columns: [Column] = []
  private(set) var byteCount: Int

  init(_ rows: ResultSet) {
    var end = 16 + 32 * rows.columns.count
    func place(_ count: Int) -> Int {
      let start = end
      end += (count + 7) & ~7
      return start
    }
    for column in rows.columns {
      let name = place(column.name.utf8.count)
      let validity = column.validity.isEmpty ? 0 : place((rows.rowCount + 7) / 8)
      var made = Column(
        storage: .nulls, name: name, nameCount: column.name.utf8.count, validity: validity, values: 0, texts: 0,
        textCount: 0)
      switch column.storage {
      case .nulls: break
      case .integers: (made.storage, made.values) = (.int64, place(8 * rows.rowCount))
      case .doubles: (made.storage, made.values) = (.float64, place(8 * rows.rowCount))
      case .booleans: (made.storage, made.values) = (.boolean, place(rows.rowCount))
      case .bytes(let offsets, _):
        made.storage = column.description.type == .binary ? .binary : .text
        made.values = place(4 * (rows.rowCount + 1))
        made.textCount = (offsets.last ?? 0) - (offsets.first ?? 0)
        made.texts = place(made.textCount)
      }
      columns.append(made)
    }
    byteCount = end
  }

  func bytes(_ rows: ResultSet) -> [UInt8] {
    [UInt8](unsafeUninitializedCapacity: byteCount) { buffer, count in
      write(rows, into: UnsafeMutableRawBufferPointer(buffer))
      count = byteCount
    }
  }

  /// Writes all `byteCount` bytes; offsets fit into 32 bits because a guest's memory does.
  func write(_ rows: ResultSet, into target: UnsafeMutableRawBufferPointer) {
    func put(_ value: UInt32, at offset: Int) {
      target.storeBytes(of: value.littleEndian, toByteOffset: offset, as: UInt32.self)
    }
    put(Self.magic, at: 0)
    put(UInt32(truncatingIfNeeded: rows.rowCount), at: 4)
    put(UInt32(truncatingIfNeeded: columns.count), at: 8)
    put(rows.isTruncated ? 1 : 0, at: 12)
    for (index, (place, column)) in zip(columns, rows.columns).enumerated() {
      let entry = 16 + 32 * index
      let fields = [
        Int(place.storage.rawValue), Int(Self.meaning(column.description.type)), place.name, place.nameCount,
        place.validity, place.values, place.texts, place.textCount,
      ]
      for (number, field) in fields.enumerated() { put(UInt32(truncatingIfNeeded: field), at: entry + 4 * number) }
      copy(Array(column.name.utf8), to: place.name, in: target)
      if place.validity > 0 { copy(column.validity.prefix((rows.rowCount + 7) / 8), to: place.validity, in: target) }
      writeValues(column, place, rows.rowCount, target)
    }
  }

  private func writeValues(
    _ column: ColumnVector, _ place: Column, _ count: Int, _ target: UnsafeMutableRawBufferPointer
  ) {
    switch column.storage {
    case .nulls: break
    case .integers(let values): copy(values.prefix(count), to: place.values, in: target)
    case .doubles(let values): copy(values.prefix(count), to: place.values, in: target)
    case .booleans(let values):
      for (index, value) in values.prefix(count).enumerated() { target[place.values + index] = value ? 1 : 0 }
      pad(from: place.values + count, in: target)
    case .bytes(let offsets, let bytes):
      let first = offsets.first ?? 0
      for index in 0...count {
        let offset = offsets.isEmpty ? 0 : UInt32(truncatingIfNeeded: offsets[index] - first)
        target.storeBytes(of: offset.littleEndian, toByteOffset: place.values + 4 * index, as: UInt32.self)
      }
      pad(from: place.values + 4 * (count + 1), in: target)
      copy(bytes[first..<(first + place.textCount)], to: place.texts, in: target)
    }
  }

  private func copy<Element>(
    _ source: some Sequence<Element>, to offset: Int, in target: UnsafeMutableRawBufferPointer
  ) {
    let copied = source.withContiguousStorageIfAvailable { source in
      UnsafeMutableRawBufferPointer(rebasing: target[offset...]).copyMemory(from: UnsafeRawBufferPointer(source))
      return source.count * MemoryLayout<Element>.stride
    }
    pad(from: offset + (copied ?? 0), in: target)
  }

  /// Zeroes up to the next multiple of 8.
  private func pad(from offset: Int, in target: UnsafeMutableRawBufferPointer) {
    for index in offset..<min((offset + 7) & ~7, target.count) { target[index] = 0 }
  }

  /// Numbers of `ColumnType` that never change.
  private static func meaning(_ type: ColumnType) -> UInt32 {
    switch type {
    case .other: 0
    case .boolean: 1
    case .integer: 2
    case .double: 3
    case .decimal: 4
    case .text: 5
    case .binary: 6
    case .date: 7
    case .time: 8
    case .timestamp: 9
    case .interval: 10
    case .uuid: 11
    case .json: 12
    }
  }
}
