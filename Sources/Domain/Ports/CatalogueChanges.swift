package import Foundation

/// What is added or replaced together.
package struct CatalogueChanges: Sendable {
  package var dataSources: [DataSource] = []
  package var actions: [Action] = []
  package var datasets: [Dataset] = []
  package var libraries: [Library] = []
  /// The bytes of modules by their digest.
  package var modules: [String: [UInt8]] = [:]
  package var checkers: [CheckerChange] = []
  /// The whole routing tree; `nil` leaves the one there is.
  package var routing: RoutingTree?

  package struct CheckerChange: Sendable {
    package var checker: Checker
    package var nextRunAt: Date?

    package init(checker: Checker, nextRunAt: Date?) {
      self.checker = checker
      self.nextRunAt = nextRunAt
    }
  }

  package init() {}

  /// Nothing that a user could see.
  package var isEmpty: Bool {
    dataSources.isEmpty && actions.isEmpty && datasets.isEmpty && libraries.isEmpty && checkers.isEmpty
      && routing == nil
  }
}
