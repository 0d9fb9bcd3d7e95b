package import Domain

extension SQLDialect {
  /// `"name"`, whatever is in it.
  package func quoted(_ name: String) -> String { "\"" + name.replacing("\"", with: "\"\"") + "\"" }

  /// `schema.table` with each part quoted, however it is written.
  package func quotedPath(_ path: String) -> String { TablePath.parts(path).map(quoted).joined(separator: ".") }

  /// Behind a SELECT that must be one of aggregates alone: a database that minds refuses any other, also where there is
  /// one row. What `count(*)` beside it would do as well keeps an index from answering `max(id)`.
  var oneRow: String {
    switch self {
    case .postgresql, .duckdb: " HAVING true"
    case .sqlite, .standard: ""
    }
  }

  package func literal(_ value: Scalar) -> String {
    switch value {
    case .null: "NULL"
    case .boolean(let value): self == .sqlite ? (value ? "1" : "0") : (value ? "TRUE" : "FALSE")
    case .number(let value): value < ExactDecimal(0) ? "(\(value))" : value.description
    case .text(let text): "'" + text.replacing("'", with: "''") + "'"
    }
  }

  package func asText(_ expression: String) -> String {
    switch self {
    case .postgresql: "(\(expression))::text"
    case .sqlite: "CAST(\(expression) AS TEXT)"
    case .duckdb, .standard: "CAST(\(expression) AS VARCHAR)"
    }
  }

  /// True when the text matches the regular expression somewhere.
  package func matches(_ expression: String, pattern: String) -> String {
    let literal = literal(.text(pattern))
    return switch self {
    case .postgresql: "\(asText(expression)) ~ \(literal)"
    case .sqlite: "\(asText(expression)) REGEXP \(literal)"
    case .duckdb: "regexp_matches(\(asText(expression)), \(literal))"
    case .standard: "\(asText(expression)) LIKE_REGEX \(literal)"
    }
  }

  /// What is greatest for the newest value of `column`. SQLite has no type for times: their texts are written with
  /// zones or without, and in several ways, so that the greatest text is not the newest; there it is seconds since 1970.
  package func moment(_ column: String) -> String {
    guard self == .sqlite else { return column }
    return "CASE WHEN typeof(\(column)) IN ('integer', 'real') THEN \(column) "
      + "ELSE (julianday(\(column)) - 2440587.5) * 86400.0 END"
  }

  /// Seconds from `newest`, the greatest `moment`, to now, by the database's clock; a time without a zone is UTC.
  package func age(_ newest: String) -> String {
    switch self {
    case .postgresql:
      "(extract(epoch from now()) - extract(epoch from \(newest)))"
    case .sqlite:
      "((julianday('now') - 2440587.5) * 86400.0 - \(newest))"
    case .duckdb:
      "(epoch(now()) - epoch(\(newest)))"
    case .standard:
      "EXTRACT(EPOCH FROM (CURRENT_TIMESTAMP - \(newest)))"
    }
  }
}
