import Domain

/// A cursor over the rows of a dataset, for modules that want neither to parse nor to hold them. These calls are cheap, so
/// the time limit alone bounds them.
enum RowFunctions {
  /// How many cursors a guest may open.
  private static let maxCursors = 1000

  static let all: [HostFunction] = [
    HostFunction("open", "ii", "i") { (frame: inout HostFrame) throws(GuestTrouble) in
      let dataset = try frame.host.dataset(try frame.name("dataset name"))
      guard frame.state.cursors.count < maxCursors else {
        throw GuestTrouble(.tooManyHostCalls, "The code opened more than \(maxCursors) cursors. Open one per dataset.")
      }
      frame.state.cursors.append(RowCursor(dataset: dataset))
      frame.give(Int32(frame.state.cursors.count - 1))
    },
    HostFunction("next_row", "i", "i") { (frame: inout HostFrame) throws(GuestTrouble) in
      let index = try cursorIndex(&frame)
      let last = frame.state.cursors[index].dataset.rows.rowCount
      frame.state.cursors[index].row = min(frame.state.cursors[index].row + 1, last)
      frame.give(Int32(frame.state.cursors[index].row < last ? 1 : 0))
    },
    HostFunction("rewind", "i") { (frame: inout HostFrame) throws(GuestTrouble) in
      frame.state.cursors[try cursorIndex(&frame)].row = -1
    },
    HostFunction("row_count", "i", "i") { (frame: inout HostFrame) throws(GuestTrouble) in
      frame.give(Int32(clamping: frame.state.cursors[try cursorIndex(&frame)].dataset.rows.rowCount))
    },
    HostFunction("column_count", "i", "i") { (frame: inout HostFrame) throws(GuestTrouble) in
      frame.give(Int32(clamping: frame.state.cursors[try cursorIndex(&frame)].dataset.rows.columns.count))
    },
    HostFunction("column", "iii", "i") { (frame: inout HostFrame) throws(GuestTrouble) in
      let rows = frame.state.cursors[try cursorIndex(&frame)].dataset.rows
      let name = try frame.name("column name")
      frame.give(Int32(rows.columns.firstIndex { $0.name == name } ?? -1))
    },
    HostFunction("column_name", "iiii", "i") { (frame: inout HostFrame) throws(GuestTrouble) in
      let rows = frame.state.cursors[try cursorIndex(&frame)].dataset.rows
      let column = Int(frame.int32())
      guard rows.columns.indices.contains(column) else { throw noColumn(column, rows) }
      try frame.hand(Array(rows.columns[column].name.utf8))
    },
    HostFunction("is_null", "ii", "i") { (frame: inout HostFrame) throws(GuestTrouble) in
      let (column, row) = try value(&frame)
      frame.give(Int32(column.isNull(at: row) ? 1 : 0))
    },
    HostFunction("get_i64", "ii", "I") { (frame: inout HostFrame) throws(GuestTrouble) in
      let (column, row) = try value(&frame)
      let cell = column.cell(at: row)
      guard let number = integer(cell) else {
        throw GuestTrouble(
          .trap,
          "The code read column '\(column.name)' by get_i64, where it holds '\(cell.text)', which is no whole number that "
            + "fits. get_f64 and get_text read others.")
      }
      frame.give(number)
    },
    HostFunction("get_f64", "ii", "F") { (frame: inout HostFrame) throws(GuestTrouble) in
      let (column, row) = try value(&frame)
      let cell = column.cell(at: row)
      let number = MeasureFunctions.double(cell)
      if number.isNaN, !holdsNaN(cell) {
        throw GuestTrouble(
          .trap,
          "The code read column '\(column.name)' by get_f64, where it holds '\(cell.text)', which is no number. get_text "
            + "reads it.")
      }
      frame.give(number)
    },
    HostFunction("get_bool", "ii", "i") { (frame: inout HostFrame) throws(GuestTrouble) in
      let (column, row) = try value(&frame)
      frame.give(Int32(truth(column.cell(at: row)) ? 1 : 0))
    },
    HostFunction("get_text", "iiii", "i") { (frame: inout HostFrame) throws(GuestTrouble) in
      let name = frame.state.cursors.first?.dataset.name ?? ""
      let (column, row) = try value(&frame)
      if column.isNull(at: row) {
        frame.give(Int32(-1))
      } else {
        try frame.hand(bytes(column, row), counting: name)
      }
    },
  ]

  private static func cursorIndex(_ frame: inout HostFrame) throws(GuestTrouble) -> Int {
    let index = Int(frame.int32())
    guard frame.state.cursors.indices.contains(index) else {
      throw GuestTrouble(.trap, "The code used cursor \(index), which it did not open.")
    }
    return index
  }

  private static func value(_ frame: inout HostFrame) throws(GuestTrouble) -> (ColumnVector, row: Int) {
    let cursor = frame.state.cursors[try cursorIndex(&frame)]
    let column = Int(frame.int32())
    let rows = cursor.dataset.rows
    guard rows.columns.indices.contains(column) else { throw noColumn(column, rows) }
    guard (0..<rows.rowCount).contains(cursor.row) else {
      throw GuestTrouble(
        .trap,
        "The code read from dataset '\(cursor.dataset.name)' where there is no row: next_row must come first, "
          + "and give 1.")
    }
    return (rows.columns[column], cursor.row)
  }

  private static func noColumn(_ index: Int, _ rows: ResultSet) -> GuestTrouble {
    GuestTrouble(
      .trap,
      "The code asked for column \(index); the dataset has these, from 0: "
        + rows.columns.map(\.name).joined(separator: ", ") + ".")
  }

  /// NULL is 0; `nil` for what is no number that fits. Of a fraction, the whole part.
  private static func integer(_ cell: Cell) -> Int64? {
    switch cell {
    case .integer(let value): value
    case .boolean(let value): value ? 1 : 0
    case .double(let value): Int64(exactly: value.rounded(.towardZero))
    case .decimal(let text), .text(let text):
      ExactDecimal(text).flatMap { $0.int64 ?? Int64(exactly: $0.double.rounded(.towardZero)) }
    case .null: 0
    case .binary: nil
    }
  }

  /// NULL, and what a database calls not a number, are NaN; nothing else is.
  private static func holdsNaN(_ cell: Cell) -> Bool {
    switch cell {
    case .null: true
    case .double(let value): value.isNaN
    case .decimal(let text), .text(let text): text.lowercased() == "nan"
    case .integer, .boolean, .binary: false
    }
  }

  private static func truth(_ cell: Cell) -> Bool {
    switch cell {
    case .boolean(let value): value
    case .integer(let value): value != 0
    case .text(let text): ["t", "true", "1", "yes"].contains(text.lowercased())
    default: false
    }
  }

  private static func bytes(_ column: ColumnVector, _ row: Int) -> [UInt8] {
    if case .bytes(let offsets, let bytes) = column.storage { return Array(bytes[offsets[row]..<offsets[row + 1]]) }
    return Array(column.cell(at: row).text.utf8)
  }
}
