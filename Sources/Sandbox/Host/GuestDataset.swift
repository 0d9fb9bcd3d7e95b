import Domain

/// A dataset as a guest sees it, in each form that it asks for.
final class GuestDataset {
  enum Form: Sendable {
    case csv, json, columns, schema
  }

  let name: String
  let rows: ResultSet
  private var texts: [Form: [UInt8]] = [:]
  private(set) lazy var layout = ColumnLayout(rows)

  init(name: String, rows: ResultSet) {
    self.name = name
    self.rows = rows
  }

  /// Why a guest that wants every row cannot have them; `nil` when all are here.
  var missingRows: String? {
    guard rows.isTruncated else { return nil }
    let total = rows.totalRows.map { "\($0)" } ?? "more than \(rows.rowCount)"
    return "dataset '\(name)' has \(total) rows, of which the limits of its data source (max_rows, max_bytes) let "
      + "\(rows.rowCount) through. Measure it in the database with count() or metric(), let its query narrow it, or "
      + "raise the limit."
  }

  /// Bytes of the dataset in `form`; `nil` when there are more than `limit`.
  func byteCount(_ form: Form, limit: Int) -> Int? {
    if form == .columns { return layout.byteCount <= limit ? layout.byteCount : nil }
    return text(form, limit: limit)?.count
  }

  /// The dataset in `form`, which is none that is laid out in columns; `nil` when it is longer than `limit`.
  func text(_ form: Form, limit: Int) -> [UInt8]? {
    if let known = texts[form] { return known.count <= limit ? known : nil }
    let made: [UInt8]?
    switch form {
    case .csv: made = CSVText.bytes(rows, limit: limit)
    case .json: made = JSONText.rows(rows, limit: limit)
    case .schema: made = JSONText.schema(rows)
    case .columns: made = layout.byteCount <= limit ? layout.bytes(rows) : nil
    }
    if let made { texts[form] = made }
    return made.flatMap { $0.count <= limit ? $0 : nil }
  }

  /// Writes the dataset in `form` into `target`, which has exactly `byteCount` bytes.
  func write(_ form: Form, into target: UnsafeMutableRawBufferPointer) {
    if form == .columns {
      layout.write(rows, into: target)
    } else if let bytes = texts[form] {
      target.copyBytes(from: bytes)
    }
  }
}

/// A place among the rows of a dataset.
struct RowCursor {
  var dataset: GuestDataset
  /// -1 before the first row.
  var row = -1
}
