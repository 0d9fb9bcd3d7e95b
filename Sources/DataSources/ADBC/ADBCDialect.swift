import Domain

/// Which SQL the database behind a driver speaks. It must be known before anything is connected, so that it is told by
/// an option, or by the names of the library and its function; what the driver says of itself is looked at in the
/// connection test.
enum ADBCDialect {
  /// The option that says it; no driver is handed it.
  static let option = "dialect"

  /// - Throws: `.configuration` for a dialect that there is none of.
  static func of(_ source: DataSource) throws(QueryError) -> SQLDialect {
    guard let said = source.options[option] else {
      let file = source.options["library"]?.split(separator: "/").last.map(String.init) ?? ""
      return known(in: file) ?? known(in: source.options["entrypoint"] ?? "") ?? .standard
    }
    guard let dialect = SQLDialect(rawValue: said) else {
      throw QueryError(
        .configuration, "The option '\(option)' of data source '\(source.name)' is not a dialect: '\(said)'.",
        hint: "Write one of \(SQLDialect.allCases.map(\.rawValue).joined(separator: ", ")).")
    }
    return dialect
  }

  /// The dialect of a vendor, as a driver names it; `nil` for those whose SQL is none of ours.
  static func known(in name: String) -> SQLDialect? {
    let name = name.lowercased()
    if name.contains("postgres") { return .postgresql }
    if name.contains("sqlite") { return .sqlite }
    return name.contains("duckdb") ? .duckdb : nil
  }

  /// What the connection test says of it.
  static func finding(vendor: String?, using dialect: SQLDialect) -> ConnectionTest.Finding {
    let title = title(of: dialect)
    guard let vendor, !vendor.isEmpty else { return (.passed, "Rules are written in \(title).") }
    if let its = known(in: vendor), its != dialect {
      return (
        .warned,
        "The driver says that the database is \(vendor), but rules are written in \(title): "
          + "give the option \(option): \(its.rawValue)."
      )
    }
    return (.passed, "The driver says that the database is \(vendor); rules are written in \(title).")
  }

  private static func title(of dialect: SQLDialect) -> String {
    switch dialect {
    case .postgresql: "PostgreSQL's SQL"
    case .sqlite: "SQLite's SQL"
    case .duckdb: "DuckDB's SQL"
    case .standard: "standard SQL"
    }
  }
}
