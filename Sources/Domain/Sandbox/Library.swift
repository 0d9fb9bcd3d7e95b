package import Foundation

/// A module of a namespace's own, which its scripts import: `business_calendar.py`.
package struct Library: Hashable, Codable, Sendable {
  package var namespace: String
  /// As scripts import it: `business_calendar`.
  package var name: String
  package var language: ScriptLanguage
  package var source: String

  package init(namespace: String, name: String, language: ScriptLanguage, source: String) {
    self.namespace = namespace
    self.name = name
    self.language = language
    self.source = source
  }

  /// Names it within its namespace.
  package var fileName: String { "\(name).\(language.fileExtension)" }

  /// The most characters of a source, of a script or a library.
  package static let maximumCharacters = 256 << 10

  /// Splits `business_calendar.py`; `nil` when it is no file of a script.
  package static func parts(of fileName: String) -> (name: String, language: ScriptLanguage)? {
    guard let language = ScriptLanguage(fileName: fileName) else { return nil }
    return (String(fileName.dropLast(language.fileExtension.count + 1)), language)
  }

  /// Whether code seems to import it: its name stands there as a word.
  package func isNamed(in source: String) -> Bool {
    let words = source.split { !($0.isLetter || $0.isNumber || $0 == "_") }
    return words.contains { $0 == name || name == "business_calendar" && Self.calendarWords.contains(String($0)) }
  }

  /// What asks the library `business_calendar` without naming it.
  private static let calendarWords = ["business_day", "is_business_day", "businessDay", "isBusinessDay"]

  /// These libraries, and of the others those that import one of them, straight or by another.
  package static func closure(of libraries: [Library], among others: [Library]) -> [Library] {
    var reached = libraries
    var left = others.filter { other in !libraries.contains { $0.isSame(as: other) } }
    var isGrowing = true
    while isGrowing {
      let more = left.filter { other in
        reached.contains {
          $0.namespace == other.namespace && $0.language == other.language && $0.isNamed(in: other.source)
        }
      }
      left.removeAll { other in more.contains { $0.isSame(as: other) } }
      reached += more
      isGrowing = !more.isEmpty
    }
    return reached
  }

  private func isSame(as other: Library) -> Bool { namespace == other.namespace && fileName == other.fileName }

  /// What scripts have already, and would lose to a library of that name.
  private static let taken: Set<String> = [
    "abc", "array", "ast", "base64", "bisect", "builtins", "calendar", "checker", "codecs", "collections", "contextlib",
    "copy", "csv", "dataclasses", "datetime", "decimal", "difflib", "enum", "fractions", "functools", "hashlib",
    "heapq",
    "html", "inspect", "io", "ipaddress", "itertools", "json", "math", "numbers", "operator", "os", "random", "re",
    "statistics", "string", "struct", "sys", "textwrap", "time", "traceback", "types", "typing", "unicodedata", "uuid",
    "warnings", "zlib", "zoneinfo",
  ]

  /// `nil` when a script can import it by `name`.
  package static func problem(withName name: String) -> String? {
    if taken.contains(name) { return "scripts have a module '\(name)' already: choose another name" }
    let isIdentifier =
      name.first.map { $0.isASCII && ($0.isLetter || $0 == "_") } ?? false
      && name.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "_") }
    return isIdentifier && name.count <= 64
      ? nil : "a library's name has letters, digits and '_', as scripts import it by that name: '\(name)'"
  }
}

/// A library as it was saved.
package struct StoredLibrary: Hashable, Codable, Sendable {
  package var library: Library
  /// From 1; each save adds one.
  package var version: Int
  package var author: String
  package var savedAt: Date

  package init(library: Library, version: Int, author: String, savedAt: Date) {
    self.library = library
    self.version = version
    self.author = author
    self.savedAt = savedAt
  }
}
