import Domain
import Yams

/// Reads check files. Unknown keys and bad values are refused, each with its place and the nearest valid one.
package struct CheckFileReader {
  let log: ProblemLog
  /// Turns a relative path of a `uri` into one that works from anywhere.
  private let resolvePath: (String) -> String

  private let code: CodeReader

  init(
    log: ProblemLog, readFile: ((String) throws -> [UInt8])? = nil, resolvePath: @escaping (String) -> String = { $0 }
  ) {
    self.log = log
    code = CodeReader(log: log, readFile: readFile)
    self.resolvePath = resolvePath
  }

  /// Larger texts are refused.
  package static let maximumBytes = 16 << 20

  /// `file` is how errors name it; `readFile` gives the contents of a script, library or module that the file names;
  /// `resolvePath` gets the path of a `sqlite` or `duckdb` data source.
  package static func read(
    _ text: String, file: String, readFile: ((String) throws -> [UInt8])? = nil,
    resolvePath: (String) -> String = { $0 }
  ) throws(CheckFileError) -> CheckFile {
    try withoutActuallyEscaping(resolvePath) { resolve throws(CheckFileError) in
      let reader = CheckFileReader(log: ProblemLog(file: file), readFile: readFile, resolvePath: resolve)
      let file = try reader.read(text)
      if !reader.log.problems.isEmpty { throw CheckFileError(problems: reader.log.inOrder) }
      return file
    }
  }

  /// What can be read; what cannot is in the log.
  func read(_ text: String) throws(CheckFileError) -> CheckFile {
    let root = try compose(text)
    var file = CheckFile()
    if let root, let top = MappingReader(root, path: "", known: Self.topKeys, log: log) {
      file = self.file(top)
    } else if root == nil {
      log.add(nil, "", "the file is empty; it starts with 'version: 1'")
    }
    file.places = log.places
    return file
  }

  private static let topKeys = [
    "version", "namespace", "data_sources", "datasets", "libraries", "checkers", "actions", "routing",
  ]

  func compose(_ text: String) throws(CheckFileError) -> Node? {
    if text.utf8.count > Self.maximumBytes {
      throw failure(1, 1, "the file is larger than \(Self.maximumBytes >> 20) MiB")
    }
    do {
      // `PlainScalar` tells what a value is; the other resolvers match each one against regular expressions.
      // A block at the end keeps its line break as any other does.
      return try Yams.compose(yaml: text.hasSuffix("\n") ? text : text + "\n", .basic)
    } catch let error as YamlError {
      switch error {
      case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _),
        .composer(_, let problem, let mark, _):
        // The library names a function of its own that would change this.
        let isDeep = problem.contains("nesting level")
        let reason = isDeep ? "lists and mappings stand in one another too deeply" : "this is not YAML: \(problem)"
        throw failure(mark.line, mark.column, reason)
      case .duplicatedKeysInMapping(let keys, let context):
        throw failure(
          context.mark.line, context.mark.column,
          "these keys stand twice: \(keys.map { "\($0)" }.joined(separator: ", "))")
      default: throw failure(1, 1, "this is not YAML: \(error)")
      }
    } catch {
      throw failure(1, 1, "this is not YAML: \(error)")
    }
  }

  private func failure(_ line: Int, _ column: Int, _ message: String) -> CheckFileError {
    CheckFileError(problems: [.init(file: log.file, line: line, column: column, key: "", message: message)])
  }

  private func file(_ top: MappingReader) -> CheckFile {
    if top.has("version") {
      if let version = top.integer("version"), version != CheckFile.version {
        top.problem("version", "this program reads version \(CheckFile.version), not \(version)")
      }
    } else {
      top.log.add(top.node, "version", "'version' is missing; write 'version: 1'")
    }
    let namespace = top.text("namespace") ?? "default"
    if let problem = NameRule.problem(with: namespace) { top.problem("namespace", problem) }
    let checkers = entries(top, "checkers") {
      CheckerReader(log: log, namespace: namespace, code: code).read($0, path: $1)
    }
    let file = CheckFile(
      namespace: namespace,
      dataSources: entries(top, "data_sources") {
        DataSourceReader(log: log, resolvePath: resolvePath).read($0, path: $1)
      },
      datasets: entries(top, "datasets") { dataset($0, path: $1, namespace: namespace) },
      checkers: checkers.map(\.checker),
      actions: entries(top, "actions") { action($0, path: $1) },
      libraries: entries(top, "libraries") { code.library($0, path: $1, namespace: namespace) },
      modules: Dictionary(
        checkers.compactMap { entry in entry.module.map { (entry.checker.id, $0) } },
        uniquingKeysWith: { first, _ in first }),
      routing: top.valueNode("routing").map { RoutingText.tree($0, path: "routing", log) })
    log.declare(.dataSource, in: top.list("data_sources"))
    log.declare(.action, in: top.list("actions"))
    refuseTwins(top, "data_sources", file.dataSources.map(\.name))
    refuseTwins(top, "datasets", file.datasets.map(\.id.name))
    refuseTwins(top, "checkers", file.checkers.map(\.id.name))
    refuseTwins(top, "libraries", file.libraries.map(\.fileName))
    refuseTwins(top, "actions", file.actions.map(\.name))
    return file
  }

  private func entries<Value>(_ top: MappingReader, _ key: String, _ read: (Node, String) -> Value?) -> [Value] {
    top.list(key).enumerated().compactMap { read($1, "\(key)[\($0)]") }
  }

  private func refuseTwins(_ top: MappingReader, _ key: String, _ names: [String]) {
    var seen = Set<String>()
    for name in names where !seen.insert(name).inserted { top.problem(key, "'\(name)' stands here twice") }
  }

  func dataset(_ node: Node, path: String, namespace: String) -> Dataset? {
    let known = ["name", "data_source", "sql", "description"]
    guard let reader = MappingReader(node, path: path, known: known, log: log) else { return nil }
    let name = reader.name()
    let source = reader.requiredText("data_source")
    let sql = reader.requiredText("sql")
    if let source { log.refer(to: .dataSource, source, reader.valueNode("data_source"), reader.keyPath("data_source")) }
    guard let name, let source, let sql else { return nil }
    return Dataset(
      id: QualifiedName(namespace: namespace, name: name), dataSource: source, sql: sql,
      description: reader.text("description") ?? "")
  }

  func action(_ node: Node, path: String) -> Action? {
    let known =
      ["name", "channel", "settings", "notices", "default", "enabled", "fallback"] + GroupingReader.keys
    guard let reader = MappingReader(node, path: path, known: known, log: log) else { return nil }
    let name = reader.name()
    let channel = reader.requiredText("channel")
    var notices = Set(AlarmTransition.Notice.allCases)
    if reader.has("notices") {
      let texts = reader.texts("notices")
      notices = Set(texts.compactMap(AlarmTransition.Notice.init(rawValue:)))
      if notices.count != Set(texts).count {
        let all = AlarmTransition.Notice.allCases.map(\.rawValue).joined(separator: ", ")
        reader.problem("notices", "each must be one of \(all)")
      }
    }
    guard let name, let channel else { return nil }
    return Action(
      name: name, channel: channel, settings: reader.textMapping("settings"), notices: notices,
      isDefault: reader.boolean("default") ?? true, isEnabled: reader.boolean("enabled") ?? true,
      grouping: GroupingReader.read(reader), fallback: reader.text("fallback"))
  }
}

extension MappingReader {
  /// A required `name` that keeps to the rules for names.
  func name() -> String? {
    guard let name = requiredText("name") else { return nil }
    if let problem = NameRule.problem(with: name) { self.problem("name", problem) }
    return name
  }
}
