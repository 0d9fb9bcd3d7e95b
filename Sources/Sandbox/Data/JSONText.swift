import Domain

/// Rows as JSON: a list of objects. Decimals are numbers with all their digits; what JSON cannot hold (NaN, bytes) is text.
enum JSONText {
  static func rows(_ rows: ResultSet, limit: Int) -> [UInt8]? {
    let names = rows.columns.map { column in
      var bytes: [UInt8] = []
      string(column.name.utf8, to: &bytes)
      return bytes + [0x3A]
    }
    var out: [UInt8] = [0x5B]
    for row in 0..<rows.rowCount {
      out += row == 0 ? "{".utf8 : ",\n{".utf8
      for (index, column) in rows.columns.enumerated() {
        if index > 0 { out.append(0x2C) }
        out += names[index]
        value(column, row, to: &out)
      }
      out.append(0x7D)
      if out.count > limit { return nil }
    }
    out.append(0x5D)
    return out.count <= limit ? out : nil
  }

  /// The columns: a list of objects with `name`, `type` and `database_type`.
  static func schema(_ rows: ResultSet) -> [UInt8] {
    var out: [UInt8] = [0x5B]
    for (index, column) in rows.columns.enumerated() {
      if index > 0 { out += ",\n".utf8 }
      let parts = [
        ("name", column.name), ("type", column.description.type.rawValue),
        ("database_type", column.description.databaseType),
      ]
      object(parts, to: &out)
    }
    out.append(0x5D)
    return out
  }

  private static func object(_ parts: [(String, String)], to out: inout [UInt8]) {
    out.append(0x7B)
    for (index, part) in parts.enumerated() {
      if index > 0 { out.append(0x2C) }
      string(part.0.utf8, to: &out)
      out.append(0x3A)
      string(part.1.utf8, to: &out)
    }
    out.append(0x7D)
  }

  static func value(_ column: ColumnVector, _ row: Int, to out: inout [UInt8]) {
    if column.isNull(at: row) {
      out += "null".utf8
    } else if case .bytes(let offsets, let bytes) = column.storage, column.description.type != .binary,
      column.description.type != .decimal
    {
      string(bytes[offsets[row]..<offsets[row + 1]], to: &out)
    } else {
      cell(column.cell(at: row), to: &out)
    }
  }

  static func cell(_ cell: Cell, to out: inout [UInt8]) {
    switch cell {
    case .null: out += "null".utf8
    case .boolean, .integer: out += cell.text.utf8
    case .double(let value) where value.isFinite: out += cell.text.utf8
    case .decimal(let text) where isNumber(text): out += text.utf8
    default: string(cell.text.utf8, to: &out)
    }
  }

  /// Whether JSON's grammar takes the text as a number.
  private static func isNumber(_ text: String) -> Bool {
    var rest = text.utf8[...]
    if rest.first == 0x2D { rest.removeFirst() }
    guard let first = rest.first, (0x30...0x39).contains(first),
      rest.allSatisfy({ (0x30...0x39).contains($0) || $0 == 0x2E }),
      rest.count(where: { $0 == 0x2E }) <= 1, rest.last != 0x2E
    else { return false }
    return first != 0x30 || rest.count == 1 || rest.dropFirst().first == 0x2E
  }

  static func string(_ text: some Sequence<UInt8>, to out: inout [UInt8]) {
    out.append(0x22)
    for byte in text {
      switch byte {
      case 0x22, 0x5C:
        out.append(0x5C)
        out.append(byte)
      case 0x0A: out += "\\n".utf8
      case 0..<0x20:
        let digits = Array("0123456789abcdef".utf8)
        out += "\\u00".utf8
        out.append(digits[Int(byte >> 4)])
        out.append(digits[Int(byte & 15)])
      default: out.append(byte)
      }
    }
    out.append(0x22)
  }
}
