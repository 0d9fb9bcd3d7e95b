/// Rows that a database answered, kept by column as the wire or the driver had them.
package struct ResultSet: Sendable {
  package var columns: [ColumnVector]
  package var rowCount: Int
  /// The database had more rows than the query's row limit let through.
  package var isTruncated: Bool
  /// How many rows the query has in all, where they were counted because not all are here.
  package var totalRows: Int?
  /// How long the database took to answer.
  package var seconds: Double = 0

  package init(columns: [ColumnVector], rowCount: Int, isTruncated: Bool = false) {
    self.columns = columns
    self.rowCount = rowCount
    self.isTruncated = isTruncated
  }

  package func cell(row: Int, column: Int) -> Cell { columns[column].cell(at: row) }

  package func row(_ index: Int) -> [Cell] { columns.map { $0.cell(at: index) } }
}

/// A column's name and type, without its values.
package struct ColumnDescription: Hashable, Codable, Sendable {
  package var name: String
  package var type: ColumnType
  /// What the database calls the type: `numeric`, `timestamp with time zone`.
  package var databaseType: String

  package init(name: String, type: ColumnType, databaseType: String = "") {
    self.name = name
    self.type = type
    self.databaseType = databaseType
  }
}

/// What the values of a column mean.
package enum ColumnType: String, Codable, Sendable {
  case boolean, integer, double, decimal, text, binary, date, time, timestamp, interval, uuid, json
  /// NULL only, or something that is shown as the database writes it.
  case other
}

/// One column's values, in Arrow's manner: a validity bitmap beside plain storage.
package struct ColumnVector: Sendable {
  package var description: ColumnDescription
  /// Bit `i` (least significant first) is 1 when value `i` is not NULL; empty when no value is NULL.
  package var validity: [UInt8]
  package var storage: Storage

  package enum Storage: Sendable {
    case booleans([Bool])
    case integers([Int64])
    case doubles([Double])
    /// UTF-8 text, or bytes when the type is `binary`: value `i` is `bytes[offsets[i]..<offsets[i + 1]]`.
    case bytes(offsets: [Int], bytes: [UInt8])
    /// Every value is NULL.
    case nulls
  }

  package init(description: ColumnDescription, validity: [UInt8] = [], storage: Storage) {
    self.description = description
    self.validity = validity
    self.storage = storage
  }

  package var name: String { description.name }

  package func isNull(at index: Int) -> Bool {
    if case .nulls = storage { return true }
    return !validity.isEmpty && validity[index >> 3] & (1 << UInt8(index & 7)) == 0
  }

  package func cell(at index: Int) -> Cell {
    if isNull(at: index) { return .null }
    switch storage {
    case .nulls: return .null
    case .booleans(let values): return .boolean(values[index])
    case .integers(let values): return .integer(values[index])
    case .doubles(let values): return .double(values[index])
    case .bytes(let offsets, let bytes):
      let slice = bytes[offsets[index]..<offsets[index + 1]]
      if description.type == .binary { return .binary(Array(slice)) }
      let text = String(decoding: slice, as: UTF8.self)
      return description.type == .decimal ? .decimal(text) : .text(text)
    }
  }
}
