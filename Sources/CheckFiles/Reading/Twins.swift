import Domain

extension CheckFile {
  /// What several check files, or documents of one, say differently under the same name: whoever brings them together
  /// would get the one or the other. What they say alike may stand in each of them.
  ///
  /// - Parameter onlyCheckers: Each file is run by itself, so that its other names are its own.
  package static func twins(
    among files: [(file: String, document: CheckFile)], onlyCheckers: Bool = false
  ) -> [CheckFileError.Problem] {
    var search = TwinSearch()
    for (file, document) in files {
      search.look(document.checkers, "checkers", in: file, document, name: \.id.description) {
        Twin($0, bytes: document.modules[$0.id])
      }
      if onlyCheckers { continue }
      search.look(document.dataSources, "data_sources", in: file, document, name: \.name) { Twin($0) }
      search.look(document.datasets, "datasets", in: file, document, name: \.id.description) { Twin($0) }
      search.look(document.libraries, "libraries", in: file, document, name: \.sharedName) { Twin($0) }
      search.look(document.actions, "actions", in: file, document, name: \.name) { Twin($0) }
    }
    return search.problems
  }
}

extension Library {
  fileprivate var sharedName: String { "\(namespace)/\(fileName)" }
}

/// What is said under a name.
private struct Twin: Equatable {
  var value: AnyHashable
  /// Of the module that came along.
  var bytes: [UInt8]?

  init(_ value: some Hashable & Sendable, bytes: [UInt8]? = nil) {
    self.value = AnyHashable(value)
    self.bytes = bytes
  }
}

private struct TwinSearch {
  var problems: [CheckFileError.Problem] = []
  private var seen: [String: (twin: Twin, place: String)] = [:]

  mutating func look<Value>(
    _ values: [Value], _ list: String, in file: String, _ document: CheckFile, name: (Value) -> String,
    _ twin: (Value) -> Twin
  ) {
    for (index, value) in values.enumerated() {
      let key = "\(list)[\(index)]"
      let place = document.places.place(of: key) ?? TextPlace(line: 1, column: 1)
      let (name, twin) = (name(value), twin(value))
      guard let first = seen["\(list) \(name)"] else {
        seen["\(list) \(name)"] = (twin, "\(file):\(place.line):\(place.column)")
        continue
      }
      if first.twin == twin { continue }
      problems.append(
        .init(
          file: file, line: place.line, column: place.column, key: key,
          message: "'\(name)' stands at \(first.place) already, with something else in it: keep one of them"))
    }
  }
}
