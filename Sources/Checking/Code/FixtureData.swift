import Domain

/// Made-up datasets, for trying a checker without any database.
struct FixtureData: GuestData {
  let fixture: Fixture

  func dataset(_ name: String) async throws(GuestDataError) -> ResultSet {
    guard let rows = fixture.datasets.first(where: { $0.dataset == name }) else {
      let names = fixture.datasets.map(\.dataset)
      let nearest = Spelling.nearest(to: name, among: names).map { "; did you mean '\($0)'?" } ?? ""
      throw GuestDataError(.unknown, "the fixture '\(fixture.name)' has no dataset '\(name)'\(nearest)")
    }
    let columns = rows.columns.indices.map { index in
      Self.column(rows.columns[index], rows.rows.map { index < $0.count ? $0[index] : .null })
    }
    return ResultSet(columns: columns, rowCount: rows.rows.count)
  }

  /// Fixtures have no database that could compute: the number of rows is all that is known.
  func measure(_ dataset: String, expression: String, filter: String?) async throws(GuestDataError) -> MeasuredValue {
    let rows = try await self.dataset(dataset)
    if filter == nil, expression.lowercased().filter({ !$0.isWhitespace }) == "count(*)" {
      return MeasuredValue(.integer(Int64(rows.rowCount)), type: .integer)
    }
    throw GuestDataError(
      .query,
      "a fixture has no database to compute '\(expression)': give the fixture a dataset that holds the result, or try "
        + "this checker on live data")
  }

  /// Of the type that the column's name gives, else of the narrowest that holds all values; text when they differ.
  private static func column(_ title: String, _ cells: [Cell]) -> ColumnVector {
    let (name, typeName) = Fixture.Rows.parts(ofColumn: title)
    let given = typeName.flatMap(ColumnType.init(rawValue:)).flatMap {
      Fixture.Rows.columnTypes.contains($0) ? $0 : nil
    }
    var validity = [UInt8](repeating: 0, count: (cells.count + 7) / 8)
    for (index, cell) in cells.enumerated() where cell != .null { validity[index >> 3] |= 1 << UInt8(index & 7) }
    let present = cells.filter { $0 != .null }
    let (type, storage): (ColumnType, ColumnVector.Storage) =
      if let given {
        (given, storage(of: given, cells))
      } else if present.isEmpty {
        (.other, .nulls)
      } else if present.allSatisfy({ $0.integer != nil }) {
        (.integer, .integers(cells.map { $0.integer ?? 0 }))
      } else if present.allSatisfy({ $0.double != nil }) {
        (.double, .doubles(cells.map { $0.double ?? 0 }))
      } else if present.allSatisfy({ $0.boolean != nil }) {
        (.boolean, .booleans(cells.map { $0.boolean ?? false }))
      } else {
        (.text, texts(cells))
      }
    return ColumnVector(description: ColumnDescription(name: name, type: type), validity: validity, storage: storage)
  }

  private static func storage(of type: ColumnType, _ cells: [Cell]) -> ColumnVector.Storage {
    switch type {
    case .boolean: .booleans(cells.map { $0.boolean ?? ($0.text.lowercased() == "true") })
    case .integer: .integers(cells.map { $0.integer ?? Int64($0.text) ?? 0 })
    case .double: .doubles(cells.map { $0.double ?? Double($0.text) ?? 0 })
    default: texts(cells)
    }
  }

  private static func texts(_ cells: [Cell]) -> ColumnVector.Storage {
    var offsets = [0]
    var bytes: [UInt8] = []
    for cell in cells {
      if cell != .null { bytes += Array(cell.text.utf8) }
      offsets.append(bytes.count)
    }
    return .bytes(offsets: offsets, bytes: bytes)
  }
}

extension Cell {
  fileprivate var integer: Int64? { if case .integer(let value) = self { value } else { nil } }

  fileprivate var boolean: Bool? { if case .boolean(let value) = self { value } else { nil } }

  fileprivate var double: Double? {
    switch self {
    case .integer(let value): Double(value)
    case .double(let value): value
    case .decimal(let text): Double(text)
    default: nil
    }
  }
}
