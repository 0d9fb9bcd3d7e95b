import CheckFiles
import Checking

extension Declarations {
  /// Everything that some check files declare.
  init(_ files: [CheckFile]) {
    self.init(
      dataSources: files.flatMap(\.dataSources), datasets: files.flatMap(\.datasets),
      checkers: files.flatMap(\.checkers), actions: files.flatMap(\.actions),
      libraries: files.flatMap(\.libraries),
      modules: files.reduce(into: [:]) { $0.merge($1.modules) { first, _ in first } }, places: files.places)
  }
}
