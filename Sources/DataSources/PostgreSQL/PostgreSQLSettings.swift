import CPostgreSQL
import Domain

/// How to connect to a PostgreSQL, as libpq's keywords and values.
struct PostgreSQLSettings: Sendable {
  private(set) var keywords: [(keyword: String, value: String)] = []
  private(set) var secrets: Secrets
  let limits: QueryLimits

  private static let secretKeywords: Set<String> = ["password", "sslpassword"]

  /// - Throws: `.configuration` for an unset variable, a URI that cannot be read, or an unknown option.
  init(_ source: DataSource, environment: [String: String]) throws(QueryError) {
    var references = EnvironmentReferences(environment: environment)
    limits = source.limits
    let isURI = source.uri.hasPrefix("postgresql://") || source.uri.hasPrefix("postgres://")
    let uri = try references.resolve(
      source.uri, of: "address (uri) of data source '\(source.name)'",
      escaping: isURI ? Self.escapedForURI : Self.escapedForPairs
    )
    var values = try Self.parse(uri, &references, source: source.name)
    var session = Self.guardingSession(source.limits)
    for (name, text) in source.options.sorted(by: { $0.key < $1.key }) {
      let value = try references.resolve(text, of: "option '\(name)' of data source '\(source.name)'")
      if DataSourceOptions.sessionOptions.contains(name) {
        session.append((name, value))
      } else if Self.libpqKeywords.contains(name), name != "options", name != "client_encoding" {
        values[name] = value
      } else {
        throw Self.unknown(option: name, of: source.name)
      }
    }
    let shown = Set(["user", "dbname", "host"].compactMap { values[$0] })
    for (keyword, value) in values where Self.secretKeywords.contains(keyword) && !shown.contains(value) {
      references.hide(value)
      references.hide(Self.percentEncoded(value))
    }
    secrets = references.secrets
    values["options"] = ([values["options"]].compactMap(\.self) + session.map(Self.option)).joined(separator: " ")
    values["client_encoding"] = "UTF8"
    if values["fallback_application_name"] == nil { values["fallback_application_name"] = "malleable-checker" }
    // Who waits for a query so long does not want to wait longer for the connection.
    if values["connect_timeout"] == nil {
      values["connect_timeout"] = "\(Int(max(2, min(10, source.limits.timeoutSeconds.rounded(.up)))))"
    }
    keywords = values.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
  }

  /// For databases without an encoding: text comes as whatever bytes it is.
  var withoutEncoding: Self {
    var other = self
    other.keywords = keywords.map { $0.keyword == "client_encoding" ? ("client_encoding", "SQL_ASCII") : $0 }
    return other
  }

  /// Seconds; libpq takes anything below 2 for 2 and nothing for ever.
  var connectTimeout: Double {
    let text = keywords.first { $0.keyword == "connect_timeout" }?.value ?? ""
    guard let seconds = Double(text), seconds > 0 else { return 3600 }
    return max(2, min(3600, seconds))
  }

  /// `host, database` for people.
  var place: String {
    func value(_ keyword: String) -> String? { keywords.first { $0.keyword == keyword }?.value }
    let host = value("host") ?? value("hostaddr") ?? "the local socket"
    return "\(host)\(value("port").map { ":\($0)" } ?? "")\(value("dbname").map { "/\($0)" } ?? "")"
  }

  /// What keeps a session read-only and its answers in one format, whatever the server's defaults are.
  private static func guardingSession(_ limits: QueryLimits) -> [(String, String)] {
    [
      ("default_transaction_read_only", "on"), ("statement_timeout", "\(milliseconds(limits))"),
      ("idle_in_transaction_session_timeout", "\(max(60_000, 2 * milliseconds(limits)))"), ("jit", "off"),
      ("datestyle", "ISO"), ("intervalstyle", "iso_8601"), ("bytea_output", "hex"), ("extra_float_digits", "3"),
      // A backslash in a text is a backslash: the literals that are written rely on it.
      ("standard_conforming_strings", "on"),
    ]
  }

  static func milliseconds(_ limits: QueryLimits) -> Int { max(1, Int(min(limits.timeoutSeconds, 86_400) * 1000)) }

  /// `-c name=value` with blanks and backslashes escaped, as the server splits `options`.
  private static func option(_ name: String, _ value: String) -> String {
    "-c \(name)=" + value.replacing("\\", with: "\\\\").replacing(" ", with: "\\ ")
  }

  private static func parse(
    _ uri: String, _ references: inout EnvironmentReferences, source: String
  ) throws(QueryError) -> [String: String] {
    var message: UnsafeMutablePointer<CChar>?
    guard let options = PQconninfoParse(uri, &message) else {
      let text = message.map { String(cString: $0) } ?? "not enough memory"
      PQfreemem(message)
      // libpq quotes what it could not read, which may be a password with an unescaped character.
      hidePassword(in: uri, &references)
      throw references.secrets.scrub(
        QueryError(
          .configuration, "The address (uri) of data source '\(source)' cannot be read: \(trimmed(text)).",
          hint: "Write postgresql://user@host:5432/database, and special characters of the password as %XX."))
    }
    defer { PQconninfoFree(options) }
    var values: [String: String] = [:]
    var entry = options
    while let keyword = entry.pointee.keyword {
      if let value = entry.pointee.val { values[String(cString: keyword)] = String(cString: value) }
      entry += 1
    }
    return values
  }

  private static func hidePassword(in uri: String, _ references: inout EnvironmentReferences) {
    if let scheme = uri.firstRange(of: "://") {
      let rest = uri[scheme.upperBound...]
      let end = rest.lastIndex(of: "@") ?? rest.endIndex
      if let colon = rest[..<end].firstIndex(of: ":") {
        references.hide(String(rest[rest.index(after: colon)..<end]))
        for part in rest[rest.index(after: colon)..<end].split(whereSeparator: { "@/?#: ".contains($0) })
        where part.count > 2 {
          references.hide(String(part))
        }
      }
    } else if let start = uri.firstRange(of: "password") {
      for part in uri[start.upperBound...].split(whereSeparator: { "=' ".contains($0) }) where part.count > 2 {
        references.hide(String(part))
      }
    }
  }

  private static let libpqKeywords: Set<String> = {
    guard let options = PQconndefaults() else { return [] }
    defer { PQconninfoFree(options) }
    var keywords: Set<String> = []
    var entry = options
    while let keyword = entry.pointee.keyword {
      keywords.insert(String(cString: keyword))
      entry += 1
    }
    return keywords
  }()

  private static func unknown(option: String, of source: String) -> QueryError {
    let nearest = Spelling.nearest(to: option, among: libpqKeywords.sorted() + DataSourceOptions.sessionOptions)
    return QueryError(
      .configuration, "Data source '\(source)' has an option '\(option)' that PostgreSQL does not take.",
      hint: nearest.map { "Did you mean '\($0)'?" })
  }

  /// A variable before the `@` of a URI stands for the user or the password, with whatever characters; elsewhere, or
  /// alone, it stands for a part of the URI as one writes it.
  private static func escapedForURI(_ value: String, before: Substring, after: Substring) -> String {
    let authority = before.firstRange(of: "://").map { before[$0.upperBound...] }
    guard let authority, !authority.contains("@"), !authority.contains("/"), after.contains("@") else { return value }
    return percentEncoded(value)
  }

  private static func escapedForPairs(_ value: String, before: Substring, after: Substring) -> String {
    if before.isEmpty, after.isEmpty { return value }
    return String(value.flatMap { $0 == "'" || $0 == "\\" || $0.isWhitespace ? ["\\", $0] : [$0] })
  }

  private static func percentEncoded(_ text: String) -> String {
    let digits = Array("0123456789ABCDEF")
    return text.utf8.reduce(into: "") { result, byte in
      switch byte {
      case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x2E, 0x5F, 0x7E:
        result.unicodeScalars.append(Unicode.Scalar(byte))
      default: result += "%\(digits[Int(byte >> 4)])\(digits[Int(byte & 15)])"
      }
    }
  }
}

/// Without the white space that libpq ends its messages with.
func trimmed(_ text: some StringProtocol) -> String {
  var text = text[...]
  while text.first?.isWhitespace == true { text.removeFirst() }
  while text.last?.isWhitespace == true { text.removeLast() }
  return String(text)
}

/// What a library said on several lines, as sentences on one. An indented line that begins small goes on with the
/// sentence of the line before.
func sentences(_ text: some StringProtocol) -> String {
  var found: [String] = []
  for line in text.split(whereSeparator: \.isNewline) {
    let words = trimmed(line)
    guard let first = words.first else { continue }
    let goesOn = line.first?.isWhitespace == true && first.isLowercase
    if goesOn, let last = found.last, let end = last.last, !".?!".contains(end) {
      found[found.count - 1] = "\(last) \(words)"
    } else {
      found.append(words)
    }
  }
  return found.map { sentence in
    sentence.last.map { ".?!:".contains($0) } == true ? sentence : sentence + "."
  }.joined(separator: " ")
}
