import Domain

#if canImport(Glibc)
  import Glibc
#endif

/// What DuckDB opens: a database of its own, or files of rows that it reads as tables.
struct DuckDBSettings: Sendable {
  enum Place: Sendable {
    case database(path: String)
    /// A file, a folder or a pattern of CSV, Parquet or JSON.
    case files(pattern: String)
  }

  let place: Place
  /// All files are one table of this name.
  let table: String?
  /// What stands between the values of a CSV; `nil`: what its first line shows.
  let delimiter: String?
  /// Lines of a CSV before the names of its columns.
  let skippedLines: Int
  /// Columns of a CSV that are text, whatever their values look like.
  let textColumns: [String]
  /// DuckDB's own settings.
  let settings: [(name: String, value: String)]
  let secrets: Secrets
  let limits: QueryLimits
  let sourceName: String

  private static let ownOptions = ["table", "delimiter", "skip", "text_columns"]
  private static let fileExtensions = ["csv", "tsv", "parquet", "json", "jsonl", "ndjson"]

  /// - Throws: `.configuration` for an unset variable, a uri of another kind, or an unknown option.
  init(_ source: DataSource, environment: [String: String]) throws(QueryError) {
    var references = EnvironmentReferences(environment: environment)
    let uri = try references.resolve(source.uri, of: "address (uri) of data source '\(source.name)'")
    place = try Self.place(uri, source: source.name)
    table = source.options["table"]
    delimiter = source.options["delimiter"].map { $0 == "\\t" ? "\t" : $0 }
    if let text = source.options["skip"] {
      guard let lines = Int(text), (0...1000).contains(lines) else {
        throw QueryError(
          .configuration, "The option 'skip' of data source '\(source.name)' is a number of lines, 0 to 1000.",
          hint: "Write how many lines stand before the names of the columns.")
      }
      skippedLines = lines
    } else {
      skippedLines = 0
    }
    textColumns = (source.options["text_columns"] ?? "").split(separator: ",")
      .map { trimmed($0) }.filter { !$0.isEmpty }
    limits = source.limits
    sourceName = source.name
    var settings = ["memory_limit": "1GB", "threads": "2"]
    for (name, text) in source.options where !Self.ownOptions.contains(name) {
      guard settings[name] != nil else {
        let nearest = Spelling.nearest(to: name, among: ["memory_limit", "threads"] + Self.ownOptions)
        throw QueryError(
          .configuration, "Data source '\(source.name)' has an option '\(name)' that DuckDB does not take.",
          hint: nearest.map { "Did you mean '\($0)'?" }
            ?? "The options are memory_limit, threads, table, delimiter, skip and text_columns.")
      }
      settings[name] = try references.resolve(text, of: "option '\(name)' of data source '\(source.name)'")
    }
    self.settings = settings.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
    secrets = references.secrets
  }

  /// The format of a file by its name: `nil` for anything that is not a file of rows.
  static func format(of path: String) -> (reader: String, name: String)? {
    let file = path.split(separator: "/").last.map(String.init) ?? path
    var parts = file.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
    if let last = parts.last, ["gz", "zst"].contains(last.lowercased()) { parts.removeLast() }
    guard parts.count > 1, let suffix = parts.popLast()?.lowercased(), fileExtensions.contains(suffix) else {
      return nil
    }
    let name = parts.joined(separator: ".")
    switch suffix {
    case "parquet": return ("read_parquet", name)
    case "json", "jsonl", "ndjson": return ("read_json", name)
    default: return ("read_csv", name)
    }
  }

  private static func place(_ uri: String, source: String) throws(QueryError) -> Place {
    var path = uri[...]
    if let prefix = ["duckdb:", "file:"].first(where: { uri.hasPrefix($0) }) {
      path.removeFirst(prefix.count)
      if path.hasPrefix("//") { path.removeFirst(2) }
    } else if uri.contains("://") {
      throw QueryError(
        .configuration, "The address (uri) of data source '\(source)' is not that of a file.",
        hint: "Write ./shop.duckdb, ./orders.parquet, or ./data/*.csv.")
    }
    if path.isEmpty || path == ":memory:" {
      throw QueryError(
        .configuration,
        "The address (uri) of data source '\(source)' names no file, and an empty database has nothing to check.",
        hint: "Write ./shop.duckdb, ./orders.parquet, or ./data/*.csv.")
    }
    if path.unicodeScalars.contains("\0") {
      throw QueryError(.configuration, "The address (uri) of data source '\(source)' holds a NUL character.")
    }
    var status = stat()
    let isFolder = stat(String(path), &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
    if isFolder || path.hasSuffix("/") || path.contains(where: { "*?[".contains($0) })
      || format(of: String(path)) != nil
    {
      return .files(pattern: isFolder || path.hasSuffix("/") ? trimmedSlash(path) + "/*" : String(path))
    }
    return .database(path: String(path))
  }

  private static func trimmedSlash(_ path: Substring) -> Substring {
    var path = path
    while path.count > 1, path.hasSuffix("/") { path.removeLast() }
    return path
  }
}
