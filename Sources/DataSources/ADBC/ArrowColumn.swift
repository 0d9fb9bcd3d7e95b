import CADBC
import Domain

/// One column of one batch, or one that such a column is made of.
struct ArrowColumn {
  let field: ArrowFields.Field
  /// The format when it is one letter, else 0: compared for every value.
  private let letter: UInt8
  private let isNested: Bool
  private let validity: UnsafePointer<UInt8>?
  private let buffers: [UnsafeRawPointer?]
  private let offset: Int
  private let children: [ArrowColumn]
  private let dictionary: [ArrowColumn]

  init(_ field: ArrowFields.Field, _ array: UnsafePointer<ArrowArray>, parentOffset: Int) {
    self.field = field
    letter = field.format.utf8.count == 1 ? field.format.utf8.first ?? 0 : 0
    isNested = field.format.hasPrefix("+")
    let array = array.pointee
    let offset = Int(array.offset) + parentOffset
    self.offset = offset
    buffers = (0..<Int(array.n_buffers)).map { array.buffers[$0] }
    let hasValidity = field.format != "n" && !field.format.hasPrefix("+u") && array.null_count != 0
    validity = hasValidity ? buffers.first.flatMap { $0 }?.assumingMemoryBound(to: UInt8.self) : nil
    // The children of a struct are sliced with it; those of a list are reached by its offsets.
    let childOffset = field.format == "+s" ? offset : 0
    children = field.children.indices.compactMap { index in
      array.children[index].map { ArrowColumn(field.children[index], $0, parentOffset: childOffset) }
    }
    dictionary =
      field.dictionary.first.flatMap { values in
        array.dictionary.map { [ArrowColumn(values, $0, parentOffset: 0)] }
      } ?? []
  }

  func isNull(_ row: Int) -> Bool {
    if field.format == "n" { return true }
    guard let validity else { return false }
    let index = row + offset
    return validity[index >> 3] & (1 << UInt8(index & 7)) == 0
  }

  /// Bytes that the value takes, about.
  func size(of row: Int) -> Int {
    if isNested { return isNull(row) ? 0 : text(row).utf8.count }
    switch letter {
    case UInt8(ascii: "u"), UInt8(ascii: "z"), UInt8(ascii: "U"), UInt8(ascii: "Z"):
      return isNull(row) ? 0 : bytes(row).count
    default: return field.format.hasPrefix("v") && !isNull(row) ? bytes(row).count : 8
    }
  }

  /// Appends the value to a builder of the kind that `ArrowTypes` says.
  func append(_ row: Int, to builder: inout ColumnBuilder) {
    if isNull(row) { return builder.appendNull() }
    switch builder.kind {
    case .nulls: builder.appendNull()
    case .booleans: builder.append(boolean(row))
    case .integers: builder.append(integer(row) ?? 0)
    case .doubles: builder.append(double(row))
    case .bytes where builder.description.type == .binary: builder.append(bytes(row))
    case .bytes where letter == UInt8(ascii: "u") && dictionary.isEmpty: builder.appendText(bytes(row))
    case .bytes: builder.append(text(row))
    }
  }

  /// The value as a person reads it.
  func text(_ row: Int) -> String {
    if isNull(row) { return "NULL" }
    if let values = dictionary.first { return values.text(Int(integer(row) ?? 0)) }
    switch field.format {
    case "b": return boolean(row) ? "true" : "false"
    case "e", "f", "g": return Cell.double(double(row)).text
    case "L": return "\(value(1, row, UInt64.self))"
    case "u", "U", "vu": return String(decoding: bytes(row), as: UTF8.self)
    case "z", "Z", "vz":
      if field.isBigNumber, let number = BigNumber.text(bytes(row)) { return number }
      return Cell.binary(Array(bytes(row))).text
    case "tdD": return ArrowTime.date(days: Int64(value(1, row, Int32.self)))
    case "tdm": return ArrowTime.date(days: Int64((Double(value(1, row, Int64.self)) / 86_400_000).rounded(.down)))
    case "+s": return "{" + children.map { "\($0.field.name): \($0.text(row))" }.joined(separator: ", ") + "}"
    case "+l", "+L", "+m": return list(row)
    default: return prefixed(row)
    }
  }

  private func prefixed(_ row: Int) -> String {
    let format = field.format
    if format.hasPrefix("d:") { return decimal(row) }
    if format.hasPrefix("ts") {
      return ArrowTime.timestamp(
        value(1, row, Int64.self), unit: Array(format.utf8)[2], isZoned: !format.hasSuffix(":"))
    }
    if format.hasPrefix("tt") {
      let isShort = format == "tts" || format == "ttm"
      let count = isShort ? Int64(value(1, row, Int32.self)) : value(1, row, Int64.self)
      return ArrowTime.time(count, unit: Array(format.utf8)[2])
    }
    if format.hasPrefix("tD") { return ArrowTime.duration(value(1, row, Int64.self), unit: Array(format.utf8)[2]) }
    if format == "tin" { return monthsDaysNanoseconds(row) }
    if format == "tiM" { return "P\(value(1, row, Int32.self))M" }
    if format.hasPrefix("w:") {
      let raw = Array(bytes(row))
      return field.extensionName == "arrow.uuid" ? ArrowTime.uuid(raw) : Cell.binary(raw).text
    }
    if format.hasPrefix("+w:"), let count = Int(format.dropFirst(3)), let child = children.first {
      return "[" + (0..<count).map { child.text((row + offset) * count + $0) }.joined(separator: ", ") + "]"
    }
    if format.hasPrefix("+u") { return union(row) }
    return integer(row).map { "\($0)" } ?? "(\(format))"
  }

  /// `+ud:0,1`: each value is in the column that its type's number stands for, at a place of its own; in `+us:` at the
  /// row's.
  private func union(_ row: Int) -> String {
    guard let types = buffers.first.flatMap({ $0 }) else { return "" }
    let type = Int(types.load(fromByteOffset: row + offset, as: Int8.self))
    let numbers = field.format.dropFirst(4).split(separator: ",").compactMap { Int($0) }
    guard let index = numbers.firstIndex(of: type), index < children.count else { return "" }
    return children[index].text(field.format.hasPrefix("+ud") ? Int(value(1, row, Int32.self)) : row + offset)
  }

  private func list(_ row: Int) -> String {
    guard let child = children.first else { return "[]" }
    let start: Int
    let end: Int
    if field.format == "+L" {
      (start, end) = (Int(value(1, row, Int64.self)), Int(value(1, row + 1, Int64.self)))
    } else {
      (start, end) = (Int(value(1, row, Int32.self)), Int(value(1, row + 1, Int32.self)))
    }
    let brackets = field.format == "+m" ? ("{", "}") : ("[", "]")
    return brackets.0 + (start..<end).map { child.text($0) }.joined(separator: ", ") + brackets.1
  }

  private func monthsDaysNanoseconds(_ row: Int) -> String {
    guard let base = buffers[1] else { return "" }
    let place = base + (row + offset) * 16
    return ArrowTime.interval(
      months: place.loadUnaligned(as: Int32.self), days: place.loadUnaligned(fromByteOffset: 4, as: Int32.self),
      nanoseconds: place.loadUnaligned(fromByteOffset: 8, as: Int64.self))
  }

  // MARK: values

  private func value<Value: BitwiseCopyable & ExpressibleByIntegerLiteral>(
    _ buffer: Int, _ row: Int, _ type: Value.Type
  ) -> Value {
    guard let base = buffers[buffer] else { return 0 }
    return base.loadUnaligned(fromByteOffset: (row + offset) * MemoryLayout<Value>.stride, as: type)
  }

  private func boolean(_ row: Int) -> Bool {
    let index = row + offset
    guard let base = buffers[1] else { return false }
    return base.load(fromByteOffset: index >> 3, as: UInt8.self) & (1 << UInt8(index & 7)) != 0
  }

  private func integer(_ row: Int) -> Int64? {
    switch letter {
    case UInt8(ascii: "c"): Int64(value(1, row, Int8.self))
    case UInt8(ascii: "C"): Int64(value(1, row, UInt8.self))
    case UInt8(ascii: "s"): Int64(value(1, row, Int16.self))
    case UInt8(ascii: "S"): Int64(value(1, row, UInt16.self))
    case UInt8(ascii: "i"): Int64(value(1, row, Int32.self))
    case UInt8(ascii: "I"): Int64(value(1, row, UInt32.self))
    case UInt8(ascii: "l"): value(1, row, Int64.self)
    default: nil
    }
  }

  private func double(_ row: Int) -> Double {
    switch letter {
    case UInt8(ascii: "f"): Double(value(1, row, Float.self))
    case UInt8(ascii: "g"): value(1, row, Double.self)
    default: Double(ArrowTime.half(value(1, row, UInt16.self)))
    }
  }

  private func bytes(_ row: Int) -> UnsafeRawBufferPointer {
    switch field.format {
    case "u", "z": slice(Int(value(1, row, Int32.self)), Int(value(1, row + 1, Int32.self)))
    case "U", "Z": slice(Int(value(1, row, Int64.self)), Int(value(1, row + 1, Int64.self)))
    case "vu", "vz": view(row)
    default:
      if let width = Int(field.format.dropFirst(2)), let base = buffers[1] {
        UnsafeRawBufferPointer(start: base + (row + offset) * width, count: width)
      } else {
        UnsafeRawBufferPointer(start: nil, count: 0)
      }
    }
  }

  private func slice(_ start: Int, _ end: Int) -> UnsafeRawBufferPointer {
    guard let base = buffers[2], end > start else { return UnsafeRawBufferPointer(start: nil, count: 0) }
    return UnsafeRawBufferPointer(start: base + start, count: end - start)
  }

  /// 16 bytes: the length, then up to 12 bytes in place, or a prefix, a buffer's number and an offset into it.
  private func view(_ row: Int) -> UnsafeRawBufferPointer {
    guard let base = buffers[1] else { return UnsafeRawBufferPointer(start: nil, count: 0) }
    let place = base + (row + offset) * 16
    let count = Int(place.loadUnaligned(as: Int32.self))
    if count <= 12 { return UnsafeRawBufferPointer(start: place + 4, count: count) }
    let buffer = Int(place.loadUnaligned(fromByteOffset: 8, as: Int32.self))
    let start = Int(place.loadUnaligned(fromByteOffset: 12, as: Int32.self))
    guard 2 + buffer < buffers.count, let data = buffers[2 + buffer] else {
      return UnsafeRawBufferPointer(start: nil, count: 0)
    }
    return UnsafeRawBufferPointer(start: data + start, count: count)
  }

  private func decimal(_ row: Int) -> String {
    let parts = field.format.dropFirst(2).split(separator: ",").compactMap { Int($0) }
    let scale = parts.count > 1 ? parts[1] : 0
    switch parts.count > 2 ? parts[2] : 128 {
    case 32: return ArrowTime.decimal("\(value(1, row, Int32.self))", scale: scale)
    case 64: return ArrowTime.decimal("\(value(1, row, Int64.self))", scale: scale)
    case 128: return ArrowTime.decimal("\(value(1, row, Int128.self))", scale: scale)
    default: return "(\(field.format))"
    }
  }
}
