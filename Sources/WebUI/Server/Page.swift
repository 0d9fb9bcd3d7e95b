import Domain
import Foundation
package import Hummingbird

/// A page before it is rendered.
package struct Page: Sendable {
  package var title: String
  package var section: Section
  /// The way to this page, without the page itself.
  package var crumbs: [Crumb]
  /// A name under `Templates`, without the extension.
  package var template: String
  package var model: any Sendable
  package var status: HTTPResponse.Status
  /// Loads CodeMirror.
  package var hasEditor: Bool
  /// Loads the SSE extension; the crumb line says how old the page is.
  package var isLive: Bool
  /// Without sidebar and search: sign-in, errors before sign-in.
  package var isBare = false
  /// A whole page even when htmx asks.
  package var alwaysWhole = false

  package init(
    _ title: String, section: Section, crumbs: [Crumb] = [], template: String, model: any Sendable,
    status: HTTPResponse.Status = .ok, hasEditor: Bool = false, isLive: Bool = false
  ) {
    self.title = title
    self.section = section
    self.crumbs = crumbs
    self.template = template
    self.model = model
    self.status = status
    self.hasEditor = hasEditor
    self.isLive = isLive
  }

  package struct Crumb: Sendable {
    package var title: String
    package var href: String

    package init(_ title: String, _ href: String) {
      self.title = title
      self.href = href
    }
  }

  /// The entry of the sidebar that is lit.
  package enum Section: String, Sendable {
    case overview, alarms, checkers, datasets, dataSources, runs, actions, settings, more, none
  }
}
