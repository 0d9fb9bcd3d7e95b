import Domain

/// Which file to open.
struct SQLiteSettings: Sendable {
  /// As `sqlite3_open_v2` takes it: a path, or a `file:` URI when the file is declared immutable.
  let name: String
  let path: String
  let secrets: Secrets
  let limits: QueryLimits

  /// - Throws: `.configuration` for an unset variable, a uri of another kind, or an unknown option.
  init(_ source: DataSource, environment: [String: String]) throws(QueryError) {
    var references = EnvironmentReferences(environment: environment)
    let uri = try references.resolve(source.uri, of: "address (uri) of data source '\(source.name)'")
    secrets = references.secrets
    limits = source.limits
    if let option = source.options.keys.sorted().first(where: { $0 != "immutable" }) {
      throw QueryError(
        .configuration, "Data source '\(source.name)' has an option '\(option)' that SQLite does not take.")
    }
    if let value = source.options["immutable"], value != "true", value != "false" {
      throw QueryError(
        .configuration,
        "The option 'immutable' of data source '\(source.name)' must be true or false, not '\(value)'.")
    }
    let (path, parameters) = try Self.parse(uri, source: source.name)
    self.path = path
    if source.options["immutable"] == "true" || parameters.contains("immutable=1") {
      name = "file:\(Self.escaped(path))?mode=ro&immutable=1"
    } else {
      name = path
    }
  }

  private static func parse(_ uri: String, source: String) throws(QueryError) -> (path: String, parameters: [String]) {
    var path = uri[...]
    var parameters: [String] = []
    let prefix = ["sqlite:", "sqlite3:", "file:"].first { uri.hasPrefix($0) }
    if let prefix {
      path.removeFirst(prefix.count)
      if path.hasPrefix("//") {
        path.removeFirst(2)
        if path.hasPrefix("localhost/") { path.removeFirst("localhost".count) }
      }
      if let mark = path.firstIndex(of: "?") {
        parameters = path[path.index(after: mark)...].split(separator: "&").map(String.init)
        path = path[..<mark]
      }
      path = unescaped(path)[...]
    } else if uri.contains("://") {
      throw QueryError(
        .configuration, "The address (uri) of data source '\(source)' is not that of a SQLite file.",
        hint: "Write ./shop.db.")
    }
    if let odd = parameters.first(where: { !["mode=ro", "immutable=1"].contains($0) }) {
      throw QueryError(
        .configuration, "The address (uri) of data source '\(source)' has a parameter '\(odd)' that is not taken.",
        hint: "Only mode=ro and immutable=1 are.")
    }
    if path.isEmpty || path == ":memory:" {
      throw QueryError(
        .configuration,
        "The address (uri) of data source '\(source)' names no file, and an empty database has nothing to check.")
    }
    if path.unicodeScalars.contains("\0") {
      throw QueryError(.configuration, "The address (uri) of data source '\(source)' holds a NUL character.")
    }
    return (String(path), parameters)
  }

  private static func unescaped(_ text: Substring) -> String {
    var bytes: [UInt8] = []
    var rest = text.utf8[...]
    while let byte = rest.first {
      if byte == UInt8(ascii: "%"), let value = UInt8(String(Substring(rest.dropFirst().prefix(2))), radix: 16),
        rest.count > 2
      {
        bytes.append(value)
        rest = rest.dropFirst(3)
      } else {
        bytes.append(byte)
        rest = rest.dropFirst()
      }
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  private static func escaped(_ path: String) -> String {
    path.replacing("%", with: "%25").replacing("?", with: "%3F").replacing("#", with: "%23")
  }
}
