/// A place in a text that a user wrote, both from 1.
package struct TextPlace: Hashable, Comparable, Sendable {
  package var line: Int
  package var column: Int

  package init(line: Int, column: Int) {
    self.line = line
    self.column = column
  }

  package static func < (left: Self, right: Self) -> Bool {
    (left.line, left.column) < (right.line, right.column)
  }
}

/// Where the keys of a text stand, by their paths (`checkers[0].script`). Two texts that say the same are equal
/// wherever it stands in them.
package struct TextPlaces: Hashable, Sendable {
  private var places: [String: TextPlace] = [:]

  package init() {}

  package static func == (left: Self, right: Self) -> Bool { true }

  package func hash(into hasher: inout Hasher) {}

  package mutating func note(_ path: String, _ place: TextPlace) { places[path] = place }

  /// The place of a path, or of the nearest one around it that is known.
  package func place(of path: String) -> TextPlace? {
    var path = path[...]
    while true {
      if let place = places[String(path)] { return place }
      guard let end = path.lastIndex(of: ".") else { return nil }
      path = path[..<end]
    }
  }

  /// Adds those of another text, whose list `key` continues one that has `counts[key]` entries already.
  package mutating func append(_ others: TextPlaces, after counts: [String: Int]) {
    for (path, place) in others.places { places[Self.moved(path, counts)] = place }
  }

  private static func moved(_ path: String, _ counts: [String: Int]) -> String {
    guard let open = path.firstIndex(of: "["), let close = path.firstIndex(of: "]"), open < close,
      let count = counts[String(path[..<open])], count > 0, let index = Int(path[path.index(after: open)..<close])
    else { return path }
    return "\(path[...open])\(index + count)\(path[close...])"
  }
}
