package import Domain
import Foundation

/// Addresses of pages, with names percent-encoded.
package enum Link {
  package static func checker(_ id: QualifiedName) -> String { "/checkers/\(part(id.namespace))/\(part(id.name))" }
  package static func namespace(_ name: String) -> String { "/namespaces/\(part(name))" }
  package static func dataset(_ id: QualifiedName) -> String { "/datasets/\(part(id.namespace))/\(part(id.name))" }
  package static func dataSource(_ name: String) -> String { "/data-sources/\(part(name))" }
  package static func action(_ name: String) -> String { "/actions/\(part(name))" }
  package static func run(_ id: String) -> String { "/runs/\(part(id))" }

  /// One part of a path, or a value of a query.
  package static func part(_ text: String) -> String {
    text.addingPercentEncoding(withAllowedCharacters: unreserved) ?? ""
  }

  /// `path?name=value&...`; empty values are left out.
  package static func query(_ path: String, _ values: [(String, String)]) -> String {
    let pairs = values.filter { !$0.1.isEmpty }.map { "\(part($0.0))=\(part($0.1))" }
    return pairs.isEmpty ? path : path + "?" + pairs.joined(separator: "&")
  }

  // RFC 3986, 2.3
  private static let unreserved = CharacterSet(
    charactersIn: "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")
}
