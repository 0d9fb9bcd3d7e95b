package import Foundation

/// The languages that a script may be written in.
package enum ScriptLanguage: String, Codable, Sendable, CaseIterable {
  case python, javascript

  /// As a person calls it.
  package var title: String {
    switch self {
    case .python: "Python"
    case .javascript: "JavaScript"
    }
  }

  /// Of files that hold such a script, without the dot.
  package var fileExtension: String {
    switch self {
    case .python: "py"
    case .javascript: "js"
    }
  }

  /// The language of a file by its ending; `nil` when it is neither's.
  package init?(fileName: String) {
    let ending = fileName.split(separator: ".").last.map { $0.lowercased() } ?? ""
    guard let language = Self.allCases.first(where: { $0.fileExtension == ending }) else { return nil }
    self = language
  }
}

/// A checker's code as its author wrote it.
package struct Script: Hashable, Codable, Sendable {
  package var language: ScriptLanguage
  package var source: String
  /// Made-up data with the outcome that the script must come to on it; run at each save.
  package var fixtures: [Fixture]
  /// `nil` for the standard ones, so that documents without them can be read.
  private var ownLimits: CodeLimits?

  package var limits: CodeLimits {
    get { ownLimits ?? CodeLimits() }
    set { ownLimits = newValue.isStandard ? nil : newValue }
  }

  /// `nil` for none, so that documents without them can be read.
  private var ownParameters: [String: String]?

  /// What the code reads with `param`.
  package var parameters: [String: String] {
    get { ownParameters ?? [:] }
    set { ownParameters = newValue.isEmpty ? nil : newValue }
  }

  package init(
    language: ScriptLanguage, source: String, fixtures: [Fixture] = [], limits: CodeLimits = CodeLimits(),
    parameters: [String: String] = [:]
  ) {
    self.language = language
    self.source = source
    self.fixtures = fixtures
    self.limits = limits
    self.parameters = parameters
  }
}

/// A compiled checker. Its bytes are stored once by their digest.
package struct Module: Hashable, Codable, Sendable {
  /// SHA-256 of the bytes, 64 hexadecimal digits.
  package var digest: String
  /// As it was uploaded: `emails.wasm`.
  package var fileName: String
  package var byteCount: Int
  /// The datasets that the module asks for, so that they are fetched before it runs; it may ask for others.
  package var datasets: [String]
  package var fixtures: [Fixture]
  /// `nil` for the standard ones, so that documents without them can be read.
  private var ownLimits: CodeLimits?

  package var limits: CodeLimits {
    get { ownLimits ?? CodeLimits() }
    set { ownLimits = newValue.isStandard ? nil : newValue }
  }

  /// `nil` for none, so that documents without them can be read.
  private var ownParameters: [String: String]?

  /// What the code reads with `param`.
  package var parameters: [String: String] {
    get { ownParameters ?? [:] }
    set { ownParameters = newValue.isEmpty ? nil : newValue }
  }

  package init(
    digest: String, fileName: String, byteCount: Int, datasets: [String] = [], fixtures: [Fixture] = [],
    limits: CodeLimits = CodeLimits(), parameters: [String: String] = [:]
  ) {
    self.digest = digest
    self.fileName = fileName
    self.byteCount = byteCount
    self.datasets = datasets
    self.fixtures = fixtures
    self.limits = limits
    self.parameters = parameters
  }
}

/// Made-up datasets, and what a checker must say to them.
package struct Fixture: Hashable, Codable, Sendable {
  package var name: String
  package var datasets: [Rows]
  package var expected: Outcome
  /// The clock that the code sees; `nil`: the true one.
  package var now: Date?

  /// A dataset as its author made it up.
  package struct Rows: Hashable, Codable, Sendable {
    /// As the checker names it.
    package var dataset: String
    package var columns: [String]
    /// A column's name and, where the values do not say what they are, its type: `paid_at::timestamp`.
    package static func parts(ofColumn text: String) -> (name: String, type: String?) {
      guard let mark = text.range(of: "::", options: .backwards), mark.lowerBound > text.startIndex else {
        return (text, nil)
      }
      return (String(text[..<mark.lowerBound]), String(text[mark.upperBound...]))
    }

    /// The types that a column of a fixture can be given.
    package static let columnTypes: [ColumnType] = [
      .boolean, .integer, .double, .decimal, .text, .date, .time, .timestamp, .uuid, .json,
    ]

    /// As many values in each as there are columns.
    package var rows: [[Cell]]

    package init(dataset: String, columns: [String], rows: [[Cell]]) {
      self.dataset = dataset
      self.columns = columns
      self.rows = rows
    }
  }

  package init(name: String, datasets: [Rows], expected: Outcome, now: Date? = nil) {
    self.name = name
    self.datasets = datasets
    self.expected = expected
    self.now = now
  }
}
