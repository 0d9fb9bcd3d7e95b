/// What the options of a data source can be, as far as it can be judged without connecting to it.
package enum DataSourceOptions {
  package struct Problem: Hashable, Sendable {
    package var option: String
    /// As it stands beside the option's name.
    package var message: String
    /// There is no such option; the message names it.
    package var isUnknown: Bool

    /// As it stands alone.
    package var sentence: String { isUnknown ? message : "'\(option)' \(message)" }
  }

  /// What a variable of the environment stands for is judged when the database is opened.
  package static func problems(with options: [String: String], of driver: Driver) -> [Problem] {
    let kinds = kinds(of: driver)
    return options.sorted { $0.key < $1.key }.compactMap { name, value in
      if let kind = kinds[name] {
        let message = value.contains("${") ? nil : kind.problem(with: value)
        return message.map { Problem(option: name, message: $0, isUnknown: false) }
      }
      // Whatever an ADBC driver takes is its own affair.
      if driver == .adbc { return nil }
      let nearest = Spelling.nearest(to: name, among: kinds.keys.sorted())
      let help = nearest.map { "did you mean '\($0)'?" } ?? "the options are \(list(driver, kinds.keys.sorted()))"
      return Problem(option: name, message: "\(driver.title) takes no option '\(name)'; \(help)", isUnknown: true)
    }
  }

  private static func list(_ driver: Driver, _ names: [String]) -> String {
    driver == .postgresql
      ? "the keywords of libpq, and \(sessionOptions.joined(separator: ", "))"
      : names.joined(separator: ", ")
  }

  private static func kinds(of driver: Driver) -> [String: Kind] {
    switch driver {
    case .postgresql: postgreSQL
    case .sqlite: ["immutable": .choice(["true", "false"])]
    case .duckdb:
      [
        "memory_limit": .size(units: duckDBUnits, example: "2GB"), "threads": .number(1...65_536), "table": .filled,
        "delimiter": .filled, "skip": .number(0...1000), "text_columns": .text,
      ]
    case .adbc: ["library": .filled, "entrypoint": .text, "dialect": .choice(SQLDialect.allCases.map(\.rawValue))]
    }
  }
}

// MARK: values

extension DataSourceOptions {
  private enum Kind {
    case text
    /// Text that is not empty.
    case filled
    case choice([String])
    case number(ClosedRange<Int>)
    /// Digits, maybe with a fraction, and a unit in any case of letters.
    case size(units: [String], example: String)
    /// Known to be refused, with what to write.
    case refused(String)

    func problem(with value: String) -> String? {
      switch self {
      case .text: return nil
      case .filled: return value.isEmpty ? "is empty" : nil
      case .choice(let choices):
        if choices.contains(value) { return nil }
        let nearest = Spelling.nearest(to: value, among: choices).map { "; did you mean '\($0)'?" } ?? ""
        return "must be one of \(choices.joined(separator: ", ")), not '\(value)'\(nearest)"
      case .number(let range):
        if let number = Int(value), range.contains(number) { return nil }
        return "must be a whole number from \(range.lowerBound) to \(range.upperBound), not '\(value)'"
      case .size(let units, let example):
        // DuckDB's words for no limit.
        if units.contains("%"), ["none", "null", "-1"].contains(value.lowercased()) { return nil }
        return Self.isSize(value, units) ? nil : "must be an amount of memory, such as \(example), not '\(value)'"
      case .refused(let why): return why
      }
    }

    private static func isSize(_ value: String, _ units: [String]) -> Bool {
      let number = value.prefix { $0.isASCII && $0.isNumber || $0 == "." }
      let unit = value.dropFirst(number.count).filter { !$0.isWhitespace }.lowercased()
      return Double(number) != nil && units.contains(unit)
    }
  }

  private static let duckDBUnits =
    ["b", "byte", "bytes", "%"]
    + ["kilo", "mega", "giga", "tera"].flatMap { name in
      let letter = String(name.prefix(1))
      return [letter, letter + "b", letter + "ib", name + "byte", name + "bytes"]
    }
}

// MARK: PostgreSQL

extension DataSourceOptions {
  /// Settings of PostgreSQL's session that a source may ask for; everything else is a keyword of libpq.
  package static let sessionOptions = ["max_parallel_workers_per_gather", "work_mem", "search_path", "timezone", "jit"]

  private static let postgreSQL: [String: Kind] = {
    var kinds = Dictionary(uniqueKeysWithValues: keywords.map { ($0, Kind.text) })
    for (name, kind) in judged { kinds[name] = kind }
    return kinds
  }()

  private static let judged: [String: Kind] = [
    "sslmode": .choice(["disable", "allow", "prefer", "require", "verify-ca", "verify-full"]),
    "channel_binding": .choice(["disable", "prefer", "require"]),
    "gssencmode": .choice(["disable", "prefer", "require"]),
    "target_session_attrs": .choice(["any", "read-write", "read-only", "primary", "standby", "prefer-standby"]),
    "connect_timeout": .number(-1...2_147_483_647), "keepalives": .number(0...1_000_000),
    "keepalives_idle": .number(0...1_000_000),
    "keepalives_interval": .number(0...1_000_000), "keepalives_count": .number(0...1_000_000),
    "tcp_user_timeout": .number(0...1_000_000_000), "max_parallel_workers_per_gather": .number(0...1024),
    "jit": .choice(["on", "off", "true", "false", "yes", "no", "1", "0"]),
    "work_mem": .size(units: ["", "b", "kb", "mb", "gb", "tb"], example: "64MB"),
    "search_path": .text, "timezone": .text,
    "options": .refused("is not taken: write the settings among these options, such as search_path"),
    "client_encoding": .refused("is not taken: texts always come as UTF-8"),
  ]

  /// Up to PostgreSQL 18. The library that is installed may know fewer: it says so when the database is opened.
  private static let keywords = [
    "service", "user", "password", "passfile", "channel_binding", "connect_timeout", "dbname", "host", "hostaddr",
    "port", "application_name", "fallback_application_name", "keepalives", "keepalives_idle", "keepalives_interval",
    "keepalives_count", "tcp_user_timeout", "sslmode", "sslnegotiation", "sslcompression", "sslcert", "sslkey",
    "sslcertmode", "sslpassword", "sslrootcert", "sslcrl", "sslcrldir", "sslsni", "sslkeylogfile", "requirepeer",
    "require_auth", "ssl_min_protocol_version", "ssl_max_protocol_version", "min_protocol_version",
    "max_protocol_version", "gssencmode", "krbsrvname", "gsslib", "gssdelegation", "replication",
    "target_session_attrs", "load_balance_hosts", "servicefile", "scram_client_key", "scram_server_key",
    "oauth_issuer", "oauth_client_id", "oauth_client_secret", "oauth_scope",
  ]
}
