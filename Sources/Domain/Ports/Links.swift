import Foundation

/// Addresses of the service's pages, for messages that people read elsewhere.
package struct Links: Hashable, Codable, Sendable {
  /// Where browsers find the service, without a slash at the end: `https://checker.example.com`. Empty: nobody said.
  package var base: String

  package init(base: String = "") {
    var base = base
    while base.hasSuffix("/") { base.removeLast() }
    self.base = base
  }

  package func checker(_ id: QualifiedName) -> String? {
    address("/checkers/\(Self.part(id.namespace))/\(Self.part(id.name))")
  }

  /// The page of what an event is about.
  package func page(of event: Event) -> String? {
    if event.subject == .test {
      return address("/actions" + (event.testedAction.map { "/\(Self.part($0))" } ?? ""))
    }
    return switch event.about {
    case .dataSource(let name): address("/data-sources/\(Self.part(name))")
    case .action(let name): address("/actions/\(Self.part(name))")
    case .silence(let id): address("/silences/\(id)")
    case nil: checker(event.checker)
    }
  }

  /// Where the page of the checker shows what to do.
  package func runbook(_ id: QualifiedName) -> String? { checker(id).map { $0 + "#runbook" } }

  /// That of the run an event tells of; a test tells of none.
  package func run(of event: Event) -> String? { event.subject == .test ? nil : run(event.run.id) }

  package func run(_ id: String) -> String? { id.isEmpty ? nil : address("/runs/\(Self.part(id))") }

  private func address(_ path: String) -> String? { base.isEmpty ? nil : base + path }

  /// One part of a path, percent-encoded as RFC 3986, 2.3 says.
  package static func part(_ text: String) -> String {
    text.addingPercentEncoding(withAllowedCharacters: unreserved) ?? ""
  }

  private static let unreserved = CharacterSet(
    charactersIn: "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")
}

extension Event {
  /// What the page that it leads to is of: `checker`, `data source`.
  package var pageTitle: String {
    if subject == .test { return testedAction == nil ? "actions" : "action" }
    return about.map { $0.kind.replacing("_", with: " ") } ?? "checker"
  }
}
