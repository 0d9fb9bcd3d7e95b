package import Domain
import Yams

/// Reads what users own from JSON. The keys, their meaning and the checks are those of check files; beside them stand
/// `namespace`, and keys that are only ever answered.
package enum JSONDocument {
  /// `name` names it when the document does not, as the address of a request does.
  package static func dataSource(_ json: JSONValue, name: String? = nil) throws(CheckFileError) -> DataSource {
    try read(json, name: name) { node, log in
      DataSourceReader(log: log, resolvePath: { $0 }).read(node, path: "")
    }
  }

  package static func dataset(_ json: JSONValue, id: QualifiedName? = nil) throws(CheckFileError) -> Dataset {
    let namespace = try namespace(json, id)
    return try read(json.removing(["namespace"]), name: id?.name) { node, log in
      CheckFileReader(log: log).dataset(node, path: "", namespace: namespace)
    }
  }

  /// `answered` are keys of answers, which a request may send back; they are not read.
  package static func checker(
    _ json: JSONValue, id: QualifiedName? = nil, answered: [String] = []
  ) throws(CheckFileError) -> Checker {
    let namespace = try namespace(json, id)
    return try read(json.removing(["namespace"] + answered), name: id?.name) { node, log in
      let code = CodeReader(log: log, readFile: nil)
      let entry = CheckerReader(log: log, namespace: namespace, code: code).read(node, path: "")
      if entry?.module != nil {
        log.add(node, "module.base64", "send the bytes to /modules first, and the 'sha256' of its answer here")
      }
      return entry?.checker
    }
  }

  package static func action(_ json: JSONValue, name: String? = nil) throws(CheckFileError) -> Action {
    try read(json, name: name) { node, log in CheckFileReader(log: log).action(node, path: "") }
  }

  /// The settings of an alarm, under the keys of check files; problems name keys below `path`.
  package static func alarmPolicy(_ json: JSONValue, path: String) throws(CheckFileError) -> AlarmPolicy {
    let log = ProblemLog(file: "", syntax: .json)
    let policy = AlarmPolicyReader(log: log).read(Node(json), path: path)
    if !log.problems.isEmpty { throw CheckFileError(problems: log.problems) }
    return policy
  }

  private static func namespace(_ json: JSONValue, _ id: QualifiedName?) throws(CheckFileError) -> String {
    switch json["namespace"] {
    case nil, .null: return id?.namespace ?? "default"
    case .string(let text):
      if let problem = NameRule.problem(with: text) { throw failure("namespace", problem) }
      return text
    default: throw failure("namespace", "must be text")
    }
  }

  private static func failure(_ key: String, _ message: String) -> CheckFileError {
    CheckFileError(problems: [.init(file: "", line: 1, column: 1, key: key, message: message)])
  }

  private static func read<Value>(
    _ json: JSONValue, name: String?, _ body: (Node, ProblemLog) -> Value?
  ) throws(CheckFileError) -> Value {
    let log = ProblemLog(file: "", syntax: .json)
    let named = json["name"] == nil ? name.map { json.setting("name", .string($0)) } ?? json : json
    let value = body(Node(named), log)
    guard log.problems.isEmpty, let value else { throw CheckFileError(problems: log.problems) }
    return value
  }
}

/// The members of a small JSON object: of a request that is no document of a user's.
package struct JSONFields {
  private let log = ProblemLog(file: "", syntax: .json)
  private let reader: MappingReader

  /// Refuses what is no object, and unknown keys.
  package init(_ json: JSONValue, known: [String]) throws(CheckFileError) {
    guard let reader = MappingReader(Node(json), path: "", known: known, log: log), log.problems.isEmpty else {
      throw CheckFileError(problems: log.problems)
    }
    self.reader = reader
  }

  package func text(_ key: String) -> String? { reader.text(key) }
  package func requiredText(_ key: String) -> String? { reader.requiredText(key) }
  package func integer(_ key: String) -> Int? { reader.integer(key) }
  package func has(_ key: String) -> Bool { reader.has(key) }
  /// A list of texts, or one text alone.
  package func texts(_ key: String) -> [String] { reader.texts(key) }
  package func problem(_ key: String, _ message: String) { reader.problem(key, message) }

  /// Throws everything that was wrong so far.
  package func finish() throws(CheckFileError) {
    if !log.problems.isEmpty { throw CheckFileError(problems: log.problems) }
  }
}

extension Node {
  /// The YAML that means the same.
  init(_ json: JSONValue) {
    switch json {
    case .null: self = .scalar(.init("null", .implicit, .plain))
    case .boolean(let value): self = .scalar(.init(value ? "true" : "false", .implicit, .plain))
    case .number(let digits): self = .scalar(.init(digits, .implicit, .plain))
    case .string(let text): self = .scalar(.init(text, .implicit, .doubleQuoted))
    case .array(let values): self = .sequence(.init(values.map(Node.init)))
    case .object(let members):
      self = .mapping(
        .init(members.map { (Node.scalar(.init($0.key, .implicit, .doubleQuoted)), Node($0.value)) }))
    }
  }
}
