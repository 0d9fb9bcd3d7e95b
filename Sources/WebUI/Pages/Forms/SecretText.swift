import Domain
import Foundation

/// Keeps passwords that were typed into an address out of pages and files.
///
/// A reference to the environment, `${NAME}`, is no secret and is shown as it is.
enum SecretText {
  /// What stands on a page in place of a secret; sent back unchanged it keeps what is stored.
  static let mask = "***"

  /// `postgresql://ro:***@db/shop`.
  static func masked(_ uri: String) -> String { replacing(uri, with: mask) }

  static func hasSecret(_ uri: String) -> Bool { !AddressSecrets.literal(in: uri).isEmpty }

  private static func replacing(_ uri: String, with text: String) -> String {
    AddressSecrets.replacing(in: uri) { _, _ in text }
  }

  /// The address with the stored secrets where the mask stands.
  ///
  /// `nil` when the mask stands where nothing is stored, or the address leads to another host: a stored password goes
  /// nowhere that it was not meant for.
  static func unmasked(_ uri: String, stored: String?) -> String? {
    let masks = AddressSecrets.literal(in: uri).filter { uri[$0.range] == mask }
    if masks.isEmpty { return uri }
    guard let stored, destination(of: uri) == destination(of: stored) else { return nil }
    let known = AddressSecrets.literal(in: stored)
    var result = uri
    for place in masks.reversed() {
      guard let secret = known.first(where: { $0.key == place.key }) else { return nil }
      result.replaceSubrange(place.range, with: stored[secret.range])
    }
    return result
  }

  /// A single secret, such as the key of a webhook.
  static func masked(secret: String) -> String {
    secret.isEmpty || EnvironmentVariable.isReference(secret) ? secret : mask
  }

  static func unmasked(secret: String, stored: String?) -> String {
    secret == mask ? stored ?? "" : secret
  }

  /// Where the connection goes: what must not change under a stored password.
  private static func destination(of uri: String) -> [String] {
    var parts: [String] = []
    let bare = replacing(uri, with: "")
    if let scheme = bare.firstRange(of: "://") {
      parts.append(String(bare[..<scheme.lowerBound]).lowercased())
      let rest = bare[scheme.upperBound...]
      let authority = rest.prefix { !"/?#".contains($0) }
      parts.append(String(authority.split(separator: "@").last ?? "").lowercased())
    }
    let words = bare.split { "&; ?".contains($0) || $0.isNewline }.map(String.init)
    parts += words.filter { word in
      ["host", "hostaddr", "port", "server", "service"].contains { word.lowercased().hasPrefix($0 + "=") }
    }
    return parts
  }
}
