import Checking
import Domain
import Foundation

/// A library as it stands in its form.
struct LibraryForm: Sendable {
  var namespace: String
  var fileName: String
  var source: String
  /// The newest version when it was read; `nil` for one that is new.
  var read: Int?

  init(namespace: String) {
    self.namespace = namespace
    fileName = ""
    source = ""
  }

  init(_ stored: StoredLibrary) {
    namespace = stored.library.namespace
    fileName = stored.library.fileName
    source = stored.library.source
  }

  init(_ form: FormData) {
    namespace = form.trimmed("namespace")
    fileName = form.trimmed("name")
    source = form["source"].replacing("\r\n", with: "\n")
    read = Int(form["read"])
  }

  /// A stored one keeps its name: scripts import it by that.
  mutating func keepName(of library: Library) {
    namespace = library.namespace
    fileName = library.fileName
  }

  func library() throws(ServiceError) -> Library {
    guard let (name, language) = Library.parts(of: fileName) else {
      let message = "a library is a file of Python or JavaScript: a name such as business_calendar.py or helpers.js"
      throw .invalid([FieldProblem(field: "name", message: message)])
    }
    return Library(namespace: namespace, name: name, language: language, source: source)
  }
}
