package import Domain
import Yams

/// The routing tree as people write it, and as the API has it.
package enum RoutingText {
  /// Reads YAML: `routes`, each with `match`, `actions`, `group_by`, `group_wait`, `group_interval`, `continue` and
  /// `routes` of its own. An empty text is a tree without routes.
  package static func read(_ text: String) throws(CheckFileError) -> RoutingTree {
    let log = ProblemLog(file: "routing")
    guard let root = try CheckFileReader(log: log).compose(text) else { return RoutingTree() }
    return try read(root, log)
  }

  /// The same from JSON.
  package static func read(_ json: JSONValue) throws(CheckFileError) -> RoutingTree {
    try read(Node(json), ProblemLog(file: "", syntax: .json))
  }

  private static func read(_ root: Node, _ log: ProblemLog) throws(CheckFileError) -> RoutingTree {
    let tree = tree(root, path: "", log)
    if !log.problems.isEmpty { throw CheckFileError(problems: log.problems) }
    return tree
  }

  /// The tree at `path`; what is wrong with it is in the log.
  static func tree(_ root: Node, path: String, _ log: ProblemLog) -> RoutingTree {
    guard let top = MappingReader(root, path: path, known: ["routes"], log: log) else { return RoutingTree() }
    return RoutingTree(routes: RouteReader(log: log).routes(top, depth: 1))
  }

  /// Text that `read` reads back to the same tree; empty for no routes.
  package static func write(_ tree: RoutingTree) -> String {
    var out = YAMLText()
    write(tree, &out)
    return out.text
  }

  static func write(_ tree: RoutingTree, _ out: inout YAMLText) { out.list("routes", tree.routes, write) }

  private static func write(_ route: RoutingTree.Route, _ out: inout YAMLText) {
    if route.matchers.isEmpty { out.raw("match", "[]") }
    out.texts("match", route.matchers.map(\.text))
    out.texts("actions", route.actions)
    if let grouping = route.grouping {
      if grouping.by.isEmpty { out.raw("group_by", "[]") }
      out.texts("group_by", grouping.by)
      if grouping.waitSeconds != RoutingTree.Grouping.standardWait {
        out.raw("group_wait", DurationText.write(grouping.waitSeconds))
      }
      if grouping.intervalSeconds != RoutingTree.Grouping.standardInterval {
        out.raw("group_interval", DurationText.write(grouping.intervalSeconds))
      }
    }
    if route.continues { out.raw("continue", "true") }
    out.list("routes", route.routes, write)
  }

  /// With every key.
  package static func json(_ tree: RoutingTree) -> JSONValue { ["routes": .array(tree.routes.map(json))] }

  private static func json(_ route: RoutingTree.Route) -> JSONValue {
    let grouping = route.grouping
    return [
      "match": .strings(route.matchers.map(\.text)), "actions": .strings(route.actions),
      "group_by": grouping.map { .strings($0.by) } ?? .null,
      "group_wait": .optional(grouping.map { DurationText.write($0.waitSeconds) }),
      "group_interval": .optional(grouping.map { DurationText.write($0.intervalSeconds) }),
      "continue": .boolean(route.continues), "routes": .array(route.routes.map(json)),
    ]
  }
}

/// Reads routes; bounds how many and how deep.
private final class RouteReader {
  private let log: ProblemLog
  private var count = 0

  static let mostRoutes = 1000
  static let deepest = 10
  static let mostMatchers = 50
  static let waits: ClosedRange<Double> = 0...3600
  static let intervals: ClosedRange<Double> = 0...86_400

  init(log: ProblemLog) { self.log = log }

  func routes(_ parent: MappingReader, depth: Int) -> [RoutingTree.Route] {
    let nodes = parent.list("routes")
    if !nodes.isEmpty, depth > Self.deepest {
      parent.problem("routes", "routes stand at most \(Self.deepest) deep")
      return []
    }
    return nodes.enumerated().compactMap { index, node in
      count += 1
      if count > Self.mostRoutes {
        parent.problem("routes", "a tree has at most \(Self.mostRoutes) routes")
        return nil
      }
      return route(node, "\(MappingReader.join(parent.path, "routes"))[\(index)]", depth: depth)
    }
  }

  private func route(_ node: Node, _ path: String, depth: Int) -> RoutingTree.Route? {
    let known = ["match", "actions", "group_by", "group_wait", "group_interval", "continue", "routes"]
    guard let reader = MappingReader(node, path: path, known: known, log: log) else { return nil }
    let actions = reader.texts("actions")
    log.note(node, at: path)
    if let node = reader.valueNode("actions") { log.note(node, at: reader.keyPath("actions")) }
    for action in actions { log.refer(to: .action, action, reader.valueNode("actions"), reader.keyPath("actions")) }
    return RoutingTree.Route(
      matchers: matchers(reader), actions: actions, grouping: grouping(reader),
      continues: reader.boolean("continue") ?? false, routes: routes(reader, depth: depth + 1))
  }

  private func matchers(_ reader: MappingReader) -> [AlarmMatcher] {
    let texts = reader.texts("match")
    if texts.count > Self.mostMatchers {
      reader.problem("match", "a route has at most \(Self.mostMatchers) conditions")
      return []
    }
    return texts.compactMap { text in
      do throws(AlarmMatcherError) { return try AlarmMatcher.parse(text) } catch {
        reader.problem("match", error.message)
        return nil
      }
    }
  }

  private func grouping(_ reader: MappingReader) -> RoutingTree.Grouping? {
    guard reader.has("group_by") else {
      for key in ["group_wait", "group_interval"] where reader.has(key) {
        reader.problem(key, "says how long a group waits: set group_by too, '[]' for one group of all")
      }
      return nil
    }
    var grouping = RoutingTree.Grouping(by: reader.texts("group_by"))
    for key in grouping.by {
      if let problem = RoutingTree.Grouping.problem(with: key) { reader.problem("group_by", problem) }
    }
    if let wait = time("group_wait", reader, Self.waits) { grouping.waitSeconds = wait }
    if let interval = time("group_interval", reader, Self.intervals) { grouping.intervalSeconds = interval }
    return grouping
  }

  private func time(_ key: String, _ reader: MappingReader, _ range: ClosedRange<Double>) -> Double? {
    guard let text = reader.text(key) else { return nil }
    if let seconds = DurationText.seconds(text), range.contains(seconds) { return seconds }
    reader.problem(key, "must be a time from 0s to \(DurationText.write(range.upperBound)), not '\(text)'")
    return nil
  }
}
