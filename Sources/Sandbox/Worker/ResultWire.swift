import Domain

extension Cell: WireValue {
  func write(to writer: inout WireWriter) {
    switch self {
    case .null: writer.put(number: UInt8(0))
    case .boolean(let value):
      writer.put(number: UInt8(1))
      writer.put(value)
    case .integer(let value):
      writer.put(number: UInt8(2))
      writer.put(value)
    case .double(let value):
      writer.put(number: UInt8(3))
      writer.put(value)
    case .decimal(let value):
      writer.put(number: UInt8(4))
      writer.put(value)
    case .text(let value):
      writer.put(number: UInt8(5))
      writer.put(value)
    case .binary(let value):
      writer.put(number: UInt8(6))
      writer.put(numbers: value)
    }
  }

  init(from reader: inout WireReader) throws(WireError) {
    switch try reader.number(UInt8.self) {
    case 0: self = .null
    case 1: self = .boolean(try reader.value())
    case 2: self = .integer(try reader.value())
    case 3: self = .double(try reader.value())
    case 4: self = .decimal(try reader.value())
    case 5: self = .text(try reader.value())
    case 6: self = .binary(try reader.numbers())
    default: throw WireError(description: "a cell of no known kind")
    }
  }
}

extension ColumnType: WireValue {}

extension ColumnVector: WireValue {
  func write(to writer: inout WireWriter) {
    writer.put(description.name)
    writer.put(description.type)
    writer.put(description.databaseType)
    writer.put(numbers: validity)
    switch storage {
    case .nulls: writer.put(number: UInt8(0))
    case .booleans(let values):
      writer.put(number: UInt8(1))
      writer.put(numbers: values)
    case .integers(let values):
      writer.put(number: UInt8(2))
      writer.put(numbers: values)
    case .doubles(let values):
      writer.put(number: UInt8(3))
      writer.put(numbers: values)
    case .bytes(let offsets, let bytes):
      writer.put(number: UInt8(4))
      writer.put(numbers: offsets)
      writer.put(numbers: bytes)
    }
  }

  init(from reader: inout WireReader) throws(WireError) {
    let description = ColumnDescription(
      name: try reader.value(), type: try reader.value(), databaseType: try reader.value())
    let validity = try reader.numbers(UInt8.self)
    let storage: Storage
    switch try reader.number(UInt8.self) {
    case 0: storage = .nulls
    case 1: storage = .booleans(try reader.numbers(UInt8.self).map { $0 != 0 })
    case 2: storage = .integers(try reader.numbers())
    case 3: storage = .doubles(try reader.numbers())
    case 4: storage = .bytes(offsets: try reader.numbers(), bytes: try reader.numbers())
    default: throw WireError(description: "a column of no known storage")
    }
    self.init(description: description, validity: validity, storage: storage)
  }
}

/// Goes from the service to its worker only, which need not distrust the lengths in it.
extension ResultSet: WireValue {
  func write(to writer: inout WireWriter) {
    writer.put(columns)
    writer.put(rowCount)
    writer.put(isTruncated)
    writer.put(totalRows)
    writer.put(seconds)
  }

  init(from reader: inout WireReader) throws(WireError) {
    self.init(columns: try reader.value(), rowCount: try reader.value(), isTruncated: try reader.value())
    totalRows = try reader.value()
    seconds = try reader.value()
  }
}

extension MeasuredValue: WireValue {
  func write(to writer: inout WireWriter) {
    writer.put(cell)
    writer.put(type)
  }

  init(from reader: inout WireReader) throws(WireError) {
    self.init(try reader.value(), type: try reader.value())
  }
}

extension Sample: WireValue {
  func write(to writer: inout WireWriter) {
    writer.put(columns)
    writer.put(rows)
    writer.put(total)
  }

  init(from reader: inout WireReader) throws(WireError) {
    self.init(columns: try reader.value(), rows: try reader.value(), total: try reader.value())
  }
}
