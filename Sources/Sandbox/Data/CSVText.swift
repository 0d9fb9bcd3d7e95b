import Domain

/// Rows as CSV (RFC 4180): a line of names, then the rows, with `\n` between lines and none at the end. NULL is empty, an
/// empty text is `""`.
enum CSVText {
  static func bytes(_ rows: ResultSet, limit: Int) -> [UInt8]? {
    var out: [UInt8] = []
    let names = rows.columns.map(\.name)
    for (index, name) in names.enumerated() {
      if index > 0 { out.append(0x2C) }
      field(Array(name.utf8)[...], to: &out, quotesEmpty: false)
    }
    for row in 0..<rows.rowCount {
      out.append(0x0A)
      for (index, column) in rows.columns.enumerated() {
        if index > 0 { out.append(0x2C) }
        value(column, row, to: &out)
      }
      if out.count > limit { return nil }
    }
    return out.count <= limit ? out : nil
  }

  private static func value(_ column: ColumnVector, _ row: Int, to out: inout [UInt8]) {
    if column.isNull(at: row) { return }
    switch column.storage {
    case .bytes(let offsets, let bytes) where column.description.type != .binary:
      field(bytes[offsets[row]..<offsets[row + 1]], to: &out, quotesEmpty: true)
    default:
      out += column.cell(at: row).text.utf8
    }
  }

  private static func field(_ bytes: ArraySlice<UInt8>, to out: inout [UInt8], quotesEmpty: Bool) {
    let mustQuote =
      bytes.isEmpty ? quotesEmpty : bytes.contains { $0 == 0x2C || $0 == 0x22 || $0 == 0x0A || $0 == 0x0D }
    guard mustQuote else {
      out += bytes
      return
    }
    out.append(0x22)
    for byte in bytes {
      if byte == 0x22 { out.append(0x22) }
      out.append(byte)
    }
    out.append(0x22)
  }
}
