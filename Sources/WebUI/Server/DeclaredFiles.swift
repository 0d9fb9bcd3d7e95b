import CheckFiles
import Checking

extension Declarations {
  /// Everything that some check files declare.
  init(_ files: [CheckFile]) {
    self.init(
      dataSources: files.flatMap(\.dataSources), datasets: files.flatMap(\.datasets),
      checkers: files.flatMap(\.checkers), actions: files.flatMap(\.actions),
      libraries: files.flatMap(\.libraries),
      modules: files.reduce(into: [:]) { $0.merge($1.modules) { first, _ in first } },
      routing: files.lazy.compactMap(\.routing).first, places: files.places)
  }
}

extension Export {
  /// The check files in one text.
  var text: String {
    CheckFileWriter.write(documents.map(\.file), comment: comment)
  }
}

extension Export.Document {
  fileprivate var file: CheckFile {
    CheckFile(
      namespace: namespace, dataSources: content.dataSources, datasets: content.datasets, checkers: content.checkers,
      actions: content.actions, libraries: content.libraries, modules: content.modules,
      routing: content.routing)
  }
}
