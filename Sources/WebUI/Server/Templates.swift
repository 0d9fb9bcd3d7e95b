package import Foundation
import Mustache

/// The templates, parsed once.
package struct Templates: Sendable {
  private let library: MustacheLibrary

  package init(folder: URL) throws(WebServerError) {
    var library = MustacheLibrary()
    do {
      for file in try FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)
      where file.pathExtension == "mustache" {
        let text = try String(contentsOf: file, encoding: .utf8)
        do {
          try library.register(text, named: file.deletingPathExtension().lastPathComponent)
        } catch {
          throw WebServerError.resources("template \(file.lastPathComponent): \(error)")
        }
      }
    } catch let error as WebServerError {
      throw error
    } catch {
      throw .resources("the templates in \(folder.path) cannot be read: \(error.localizedDescription)")
    }
    self.library = library
  }

  package func render(_ name: String, _ scope: PageScope) throws -> String {
    guard let text = library.render(scope, withTemplate: name) else {
      throw WebServerError.resources("there is no template '\(name)'")
    }
    return text
  }
}

/// A model as a template sees it, with what every template may use beside it.
package struct PageScope: MustacheParent {
  private let fields: Any?
  private let csrf: String

  package init(model: any Sendable, csrf: String) {
    fields = TemplateFields.of(model)
    self.csrf = csrf
  }

  package func child(named name: String) -> Any? {
    name == "csrf" ? csrf : (fields as? any MustacheParent)?.child(named: name)
  }
}
