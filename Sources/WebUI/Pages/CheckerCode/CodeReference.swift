import Domain
import Foundation

/// What a script can call, for the panel beside the editor and its completion: `Static/script-reference.json`.
struct CodeReference: Sendable {
  struct Entry: Codable, Sendable {
    var name: String
    var signature: String
    var help: String
    var example: String
  }

  private let entries: [String: [Entry]]

  /// The names are for completion; `CheckerCase` has those that start with `assert`.
  func entries(for language: ScriptLanguage) -> [Entry] { entries[language.rawValue] ?? [] }

  /// Read once. Without the file the panel is empty, and the page works.
  static let shared = CodeReference(
    entries: (try? Data(contentsOf: Resources.folder().appending(path: "Static/script-reference.json")))
      .flatMap { try? JSONDecoder().decode([String: [Entry]].self, from: $0) } ?? [:])
}
