package import Domain

/// What stands in a check file, format version 1: the text form of everything a user owns.
package struct CheckFile: Hashable, Sendable {
  package static let version = 1

  /// The namespace of the datasets and checkers in it.
  package var namespace: String
  package var dataSources: [DataSource]
  package var datasets: [Dataset]
  package var checkers: [Checker]
  package var actions: [Action]
  package var libraries: [Library]
  /// The whole tree; `nil` when the file says nothing about routing.
  package var routing: RoutingTree?
  /// The bytes of modules that came with their checkers, whose digests are still empty.
  package var modules: [QualifiedName: [UInt8]]
  /// Where in the text it stands.
  package var places = TextPlaces()

  package init(
    namespace: String = "default", dataSources: [DataSource] = [], datasets: [Dataset] = [], checkers: [Checker] = [],
    actions: [Action] = [], libraries: [Library] = [], modules: [QualifiedName: [UInt8]] = [:],
    routing: RoutingTree? = nil
  ) {
    self.namespace = namespace
    self.dataSources = dataSources
    self.datasets = datasets
    self.checkers = checkers
    self.actions = actions
    self.libraries = libraries
    self.modules = modules
    self.routing = routing
  }
}

extension [CheckFile] {
  /// Where everything stands, with indices into the files' lists laid end to end.
  package var places: TextPlaces {
    var counts: [String: Int] = [:]
    return reduce(into: TextPlaces()) { places, file in
      places.append(file.places, after: counts)
      counts["data_sources", default: 0] += file.dataSources.count
      counts["datasets", default: 0] += file.datasets.count
      counts["checkers", default: 0] += file.checkers.count
      counts["libraries", default: 0] += file.libraries.count
      counts["actions", default: 0] += file.actions.count
    }
  }
}

/// Everything that is wrong with a check file.
package struct CheckFileError: Error, Hashable, Sendable, CustomStringConvertible {
  package var problems: [Problem]

  package init(problems: [Problem]) { self.problems = problems }

  package struct Problem: Hashable, Sendable, CustomStringConvertible {
    /// As the user named it.
    package var file: String
    /// From 1.
    package var line: Int
    package var column: Int
    /// The key at fault, as a path: `checkers[0].rules[1].must_be`.
    package var key: String
    package var message: String

    package init(file: String, line: Int, column: Int, key: String, message: String) {
      self.file = file
      self.line = line
      self.column = column
      self.key = key
      self.message = message
    }

    /// `checks.yaml:12:7: checkers[0].schedule: ...`, which editors turn into a link.
    package var description: String { "\(file):\(line):\(column): \(key.isEmpty ? "" : "\(key): ")\(message)" }
  }

  package var description: String { problems.map(\.description).joined(separator: "\n") }
}

extension [CheckFileError.Problem] {
  /// As they stand in the text.
  var inOrder: Self { sorted { ($0.line, $0.column) < ($1.line, $1.column) } }
}
