import Domain
import Yams

/// Collects what is wrong with a file while it is read, so that a user mends everything at once.
final class ProblemLog {
  /// How the values are written: JSON tells texts from numbers, YAML leaves that to the reader.
  enum Syntax { case yaml, json }

  let file: String
  let syntax: Syntax
  private(set) var problems: [CheckFileError.Problem] = []
  private(set) var places = TextPlaces()
  /// What the file names that may stand in another document.
  private(set) var references: [Reference] = []
  /// The names that the file gives, also to what cannot be read.
  private(set) var names: [Reference.Kind: Set<String>] = [:]
  private var visited = 0

  struct Reference {
    enum Kind: String {
      case dataSource = "data source"
      case action = "action"
    }

    var kind: Kind
    var name: String
    var node: Node?
    var key: String
  }

  /// Nodes that are read at most: aliases can make a short text endless.
  private static let maximumNodes = 1_000_000

  init(file: String, syntax: Syntax = .yaml) {
    self.file = file
    self.syntax = syntax
  }

  /// The problems as they stand in the text.
  var inOrder: [CheckFileError.Problem] { problems.inOrder }

  /// What a mapping is called.
  var mapping: String { syntax == .json ? "an object" : "a list of 'key: value' lines" }

  /// What a list is called.
  var list: String { syntax == .json ? "a list" : "a list ('- ' before each entry)" }

  /// A number, a boolean or null where JSON tells it from a text.
  func isNoText(_ scalar: Node.Scalar) -> Bool { syntax == .json && scalar.style == .plain }

  func add(_ node: Node?, _ key: String, _ message: String) {
    let mark = node?.mark
    let problem = CheckFileError.Problem(
      file: file, line: mark?.line ?? 1, column: mark?.column ?? 1, key: key, message: message)
    if !problems.contains(problem) { problems.append(problem) }
  }

  func note(_ node: Node, at path: String) {
    guard let mark = node.mark else { return }
    places.note(path, TextPlace(line: mark.line, column: mark.column))
  }

  func refer(to kind: Reference.Kind, _ name: String, _ node: Node?, _ key: String) {
    references.append(Reference(kind: kind, name: name, node: node, key: key))
  }

  func declare(_ kind: Reference.Kind, in nodes: [Node]) {
    names[kind, default: []].formUnion(nodes.compactMap { $0.mapping?["name"]?.scalar?.string })
  }

  /// `false` once the file has grown past what anybody writes.
  func visit() -> Bool {
    visited += 1
    return visited <= Self.maximumNodes
  }
}

/// Reads one YAML mapping: knows its keys, refuses others, and remembers where each value stands.
struct MappingReader {
  let path: String
  let node: Node
  let log: ProblemLog
  private var values: [String: (key: Node, value: Node)] = [:]

  /// `known` are all keys that the mapping may have; `nil` when `node` is no mapping, which is then logged.
  init?(_ node: Node, path: String, known: [String], log: ProblemLog) {
    self.path = path
    self.node = node
    self.log = log
    guard case .mapping(let mapping) = node else {
      log.add(node, path, "must be \(log.mapping), not \(Self.describe(node))")
      return nil
    }
    // Of what stands deeper, the place of the entry around it will do.
    let depth = path.utf8.count { $0 == UInt8(ascii: ".") }
    if depth < 2 { log.note(node, at: path) }
    for (key, value) in mapping {
      guard log.visit() else {
        log.add(node, path, "the file is too large: it has more than a million values")
        return nil
      }
      let name = key.scalar?.string ?? ""
      if name.isEmpty {
        log.add(key, path, "a key must be plain text, such as \(known.first ?? "name")")
      } else if !known.contains(name) {
        let nearest = Spelling.nearest(to: name, among: known)
        let help = nearest.map { "did you mean '\($0)'?" } ?? "the keys here are \(known.joined(separator: ", "))"
        log.add(key, Self.join(path, name), "there is no key '\(name)'; \(help)")
      } else if values[name] != nil {
        log.add(key, Self.join(path, name), "'\(name)' stands here twice")
      } else if log.syntax == .json, case .scalar(let scalar) = value, PlainScalar.value(of: scalar) == .null {
        // In JSON a member that is null says the same as no member.
        continue
      } else {
        values[name] = (key, value)
        if depth == 0, !path.isEmpty { log.note(value, at: keyPath(name)) }
      }
    }
  }

  static func join(_ path: String, _ key: String) -> String {
    path.isEmpty || key.isEmpty ? path + key : "\(path).\(key)"
  }

  static func describe(_ node: Node) -> String {
    switch node {
    case .scalar(let scalar): scalar.string.isEmpty ? "nothing" : "'\(scalar.string.prefix(60))'"
    case .sequence: "a list"
    case .mapping: "a mapping"
    case .alias: "an alias"
    }
  }

  func has(_ key: String) -> Bool { values[key] != nil }

  func keyPath(_ key: String) -> String { Self.join(path, key) }

  func valueNode(_ key: String) -> Node? { values[key]?.value }

  func problem(_ key: String, _ message: String) { log.add(values[key]?.value ?? node, keyPath(key), message) }

  /// The value's text; numbers and booleans count as the text they were written as.
  func text(_ key: String) -> String? {
    guard let value = values[key]?.value else { return nil }
    guard case .scalar(let scalar) = value else {
      problem(key, "must be text, not \(Self.describe(value))")
      return nil
    }
    if PlainScalar.value(of: scalar) == .null { return nil }
    if log.isNoText(scalar) {
      problem(key, "must be text, not \(scalar.string)")
      return nil
    }
    return scalar.string
  }

  func requiredText(_ key: String) -> String? {
    guard has(key) else {
      log.add(node, keyPath(key), "'\(key)' is missing")
      return nil
    }
    guard let text = text(key), !text.isEmpty else {
      if case .scalar(let scalar)? = valueNode(key), !log.isNoText(scalar) { problem(key, "'\(key)' is empty") }
      return nil
    }
    return text
  }

  func boolean(_ key: String) -> Bool? {
    guard let value = values[key]?.value else { return nil }
    if case .scalar(let scalar) = value, case .boolean(let flag) = PlainScalar.value(of: scalar) { return flag }
    problem(key, "must be true or false, not \(Self.describe(value))")
    return nil
  }

  func number(_ key: String) -> ExactDecimal? {
    guard let value = values[key]?.value else { return nil }
    return number(value, key)
  }

  func number(_ value: Node, _ key: String) -> ExactDecimal? {
    if case .scalar(let scalar) = value, case .number(let number) = PlainScalar.value(of: scalar) { return number }
    log.add(value, keyPath(key), "must be a number, not \(Self.describe(value))")
    return nil
  }

  func integer(_ key: String) -> Int? {
    guard let number = number(key) else { return nil }
    guard let whole = number.int64, let value = Int(exactly: whole) else {
      problem(key, "must be a whole number, not \(number)")
      return nil
    }
    return value
  }

  func choice<Value: RawRepresentable & CaseIterable>(_ key: String, _ type: Value.Type) -> Value?
  where Value.RawValue == String {
    guard let text = text(key) else { return nil }
    if let value = Value(rawValue: text) { return value }
    let names = Value.allCases.map(\.rawValue)
    let nearest = Spelling.nearest(to: text, among: names).map { "; did you mean '\($0)'?" } ?? ""
    problem(key, "must be one of \(names.joined(separator: ", ")), not '\(text)'\(nearest)")
    return nil
  }

  func list(_ key: String) -> [Node] {
    guard let value = values[key]?.value else { return [] }
    if case .sequence(let sequence) = value { return Array(sequence) }
    if case .scalar(let scalar) = value, PlainScalar.value(of: scalar) == .null { return [] }
    problem(key, "must be \(log.list), not \(Self.describe(value))")
    return []
  }

  /// A list of texts, or one text alone.
  func texts(_ key: String) -> [String] {
    guard let value = values[key]?.value else { return [] }
    if case .scalar(let scalar) = value, !log.isNoText(scalar) {
      return PlainScalar.value(of: scalar) == .null ? [] : [scalar.string]
    }
    return list(key).compactMap { node in
      if case .scalar(let scalar) = node, !log.isNoText(scalar) { return scalar.string }
      log.add(node, keyPath(key), "must be text, not \(Self.describe(node))")
      return nil
    }
  }

  /// A mapping of plain texts.
  func textMapping(_ key: String) -> [String: String] {
    guard let value = values[key]?.value else { return [:] }
    guard case .mapping(let mapping) = value else {
      problem(key, "must be \(log.mapping), not \(Self.describe(value))")
      return [:]
    }
    var result: [String: String] = [:]
    for (name, text) in mapping {
      if log.syntax == .json, case .scalar(let scalar) = text, PlainScalar.value(of: scalar) == .null { continue }
      guard let name = name.scalar?.string, let text = text.scalar?.string else {
        log.add(text, keyPath(key), "must be text")
        continue
      }
      result[name] = text
    }
    return result
  }
}
