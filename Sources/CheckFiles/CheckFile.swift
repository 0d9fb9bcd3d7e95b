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
  /// The bytes of modules that came with their checkers, whose digests are still empty.
  package var modules: [QualifiedName: [UInt8]]

  package init(
    namespace: String = "default", dataSources: [DataSource] = [], datasets: [Dataset] = [], checkers: [Checker] = [],
    actions: [Action] = [], libraries: [Library] = [], modules: [QualifiedName: [UInt8]] = [:]
  ) {
    self.namespace = namespace
    self.dataSources = dataSources
    self.datasets = datasets
    self.checkers = checkers
    self.actions = actions
    self.libraries = libraries
    self.modules = modules
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
