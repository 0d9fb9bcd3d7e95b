import CSQLite
import Domain

/// SQLite types values, not columns: a column is what its values turn out to be.
enum SQLiteTypes {
  /// The affinity of a declared type, and the dates that people declare (sqlite.org/datatype3.html, 3.1).
  static func type(ofDeclared declared: String) -> ColumnType {
    if declared.isEmpty { return .other }
    if declared.contains("int") { return .integer }
    if ["char", "clob", "text"].contains(where: declared.contains) { return .text }
    if declared.contains("blob") { return .binary }
    if ["real", "floa", "doub"].contains(where: declared.contains) { return .double }
    if declared.contains("bool") { return .boolean }
    if declared.contains("timestamp") || declared.contains("datetime") { return .timestamp }
    if declared == "date" { return .date }
    return declared.contains("json") ? .json : .decimal
  }

  /// Appends the value at hand; the column widens when it meets a value of another kind.
  static func append(_ statement: OpaquePointer, _ index: Int32, to column: inout ColumnBuilder) {
    switch sqlite3_column_type(statement, index) {
    case SQLITE_INTEGER: append(sqlite3_column_int64(statement, index), to: &column)
    case SQLITE_FLOAT: append(sqlite3_column_double(statement, index), to: &column)
    case SQLITE_TEXT: appendText(bytes(of: statement, index, isText: true), to: &column)
    case SQLITE_BLOB: appendBinary(bytes(of: statement, index, isText: false), to: &column)
    default: column.appendNull()
    }
  }

  /// The column with the type that its values have; without any, that of its declaration.
  static func column(_ builder: ColumnBuilder) -> ColumnVector {
    var column = builder.column()
    let declared = type(ofDeclared: column.description.databaseType)
    switch builder.kind {
    case .nulls: column.description.type = declared
    case .integers, .booleans: column.description.type = .integer
    case .doubles: column.description.type = .double
    case .bytes where builder.description.type != .binary:
      column.description.type = [.date, .timestamp, .json].contains(declared) ? declared : .text
    case .bytes: break
    }
    return column
  }

  private static func append(_ value: Int64, to column: inout ColumnBuilder) {
    if column.kind == .nulls { column.become(.integers) }
    switch column.kind {
    case .integers: column.append(value)
    case .doubles: column.append(Double(value))
    default:
      column.promoteToText()
      column.append("\(value)")
    }
  }

  private static func append(_ value: Double, to column: inout ColumnBuilder) {
    if column.kind == .nulls { column.become(.doubles) }
    column.promoteToDoubles()
    if column.kind == .doubles {
      column.append(value)
    } else {
      column.promoteToText()
      column.append(Cell.double(value).text)
    }
  }

  private static func appendText(_ value: UnsafeRawBufferPointer, to column: inout ColumnBuilder) {
    if column.kind == .nulls {
      column.become(.bytes)
      column.description.type = .text
    }
    column.promoteToText()
    column.appendText(value)
  }

  private static func appendBinary(_ value: UnsafeRawBufferPointer, to column: inout ColumnBuilder) {
    if column.kind == .nulls {
      column.become(.bytes)
      column.description.type = .binary
    }
    if column.kind == .bytes, column.description.type == .binary {
      column.append(value)
    } else {
      column.promoteToText()
      column.append(Cell.binary(Array(value)).text)
    }
  }

  private static func bytes(of statement: OpaquePointer, _ index: Int32, isText: Bool) -> UnsafeRawBufferPointer {
    // The pointer comes first: asking for the length may convert the value.
    let start =
      isText
      ? UnsafeRawPointer(sqlite3_column_text(statement, index)) : sqlite3_column_blob(statement, index)
    return UnsafeRawBufferPointer(start: start, count: start == nil ? 0 : Int(sqlite3_column_bytes(statement, index)))
  }
}
