/// The name of a dataset or checker within its namespace, written `namespace/name`.
package struct QualifiedName: Hashable, Codable, Sendable, Comparable, CustomStringConvertible {
  package var namespace: String
  package var name: String

  package init(namespace: String, name: String) {
    self.namespace = namespace
    self.name = name
  }

  /// Reads `name` or `namespace/name`; a bare name belongs to `defaultNamespace`.
  package init(_ text: String, defaultNamespace: String) {
    if let slash = text.firstIndex(of: "/") {
      self.init(namespace: String(text[..<slash]), name: String(text[text.index(after: slash)...]))
    } else {
      self.init(namespace: defaultNamespace, name: text)
    }
  }

  package var description: String { "\(namespace)/\(name)" }

  package static func < (left: Self, right: Self) -> Bool {
    (left.namespace, left.name) < (right.namespace, right.name)
  }
}

/// What a user may call a namespace, data source, dataset, checker or action.
package enum NameRule {
  /// Longest name, in characters.
  package static let maximumLength = 100

  /// `nil` when `name` is fine, else what is wrong with it and how to mend it.
  package static func problem(with name: String) -> String? {
    if name.isEmpty { return "a name is needed" }
    if name.count > maximumLength {
      return "a name has at most \(maximumLength) characters, this one has \(name.count)"
    }
    let allowed = name.unicodeScalars.allSatisfy { scalar in
      scalar.properties.isAlphabetic || ("0"..."9").contains(scalar) || "_-.".unicodeScalars.contains(scalar)
    }
    if !allowed { return "a name has letters, digits, '-', '_' and '.', and no spaces: '\(name)'" }
    if let first = name.first, !(first.isLetter || first.isNumber || first == "_") {
      return "a name starts with a letter, a digit or '_': '\(name)'"
    }
    return nil
  }
}
