import Domain

/// Rows of a database in a table, for the partial `data-grid`.
struct DataGrid: Sendable {
  var columns: [Column]
  var rows: [Row]

  struct Column: Sendable {
    var name: String
    var type: String?
    var isNumber: Bool
  }

  struct Row: Sendable {
    var number: String
    var cells: [Value]
  }

  struct Value: Sendable {
    var text: String
    var isNull: Bool
    var isNumber: Bool
    var isHit: Bool
  }

  /// Longest text of a value, in characters; what is longer is cut.
  private static let longest = 300
  /// More columns than these are left out.
  private static let mostColumns = 200

  init(_ result: ResultSet) {
    let shown = result.columns.prefix(Self.mostColumns)
    let numbers = shown.map { [.integer, .double, .decimal].contains($0.description.type) }
    columns = zip(shown, numbers).map { column, isNumber in
      let type = column.description.databaseType
      return Column(
        name: column.name, type: type.isEmpty ? column.description.type.rawValue : type, isNumber: isNumber)
    }
    rows = (0..<result.rowCount).map { row in
      Row(
        number: Words.number(row + 1),
        cells: zip(shown, numbers).map { column, isNumber in
          let isInterval = column.description.type == .interval
          return Self.value(column.cell(at: row), isNumber: isNumber, isInterval: isInterval, isHit: false)
        })
    }
  }

  /// `hit` is the column that a rule found fault with.
  init(_ sample: Sample, hit: String?, limit: Int) {
    let indices = sample.columns.indices.prefix(Self.mostColumns)
    let numbers = indices.map { column in
      sample.rows.contains { column < $0.count && $0[column].exactDecimal != nil }
    }
    let intervals = indices.map { column in
      Words.areIntervals(sample.rows.map { column < $0.count ? $0[column] : .null })
    }
    columns = zip(indices, numbers).map { Column(name: sample.columns[$0], type: nil, isNumber: $1) }
    rows = sample.rows.prefix(limit).enumerated().map { index, row in
      Row(
        number: Words.number(index + 1),
        cells: zip(indices, numbers).map { column, isNumber in
          Self.value(
            column < row.count ? row[column] : .null, isNumber: isNumber, isInterval: intervals[column],
            isHit: sample.columns[column] == hit)
        })
    }
  }

  private static func value(_ cell: Cell, isNumber: Bool, isInterval: Bool, isHit: Bool) -> Value {
    let text = isInterval ? Words.interval(cell.text) ?? cell.text : cell.text
    let cut = text.count > longest ? text.prefix(longest) + "…" : text[...]
    return Value(text: String(cut), isNull: cell == .null, isNumber: isNumber, isHit: isHit)
  }
}
