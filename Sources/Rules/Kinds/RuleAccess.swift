import Domain

extension Rule {
  func text(_ key: String) -> String? {
    if case .scalar(.text(let text)) = parameters[key] { text } else { nil }
  }

  func scalar(_ key: String) -> Scalar? {
    if case .scalar(let value) = parameters[key] { value } else { nil }
  }

  func flag(_ key: String) -> Bool {
    if case .scalar(.boolean(let value)) = parameters[key] { value } else { false }
  }

  func list(_ key: String) -> [Scalar] {
    switch parameters[key] {
    case .list(let values): values
    case .scalar(let value): [value]
    case nil: []
    }
  }

  var column: String { text("column") ?? "" }

  /// `column`, or the texts of `columns`.
  var columns: [String] {
    if let column = text("column") { return [column] }
    return list("columns").map(\.description)
  }

  /// The dataset, and its filter when there is one: `users where active`.
  var place: String { filter.map { "\(dataset) where \($0)" } ?? dataset }
}

extension Cell {
  /// A count as the database gave it.
  var count: Int64 { exactDecimal?.int64 ?? 0 }
}
