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

  static func hasSecret(_ uri: String) -> Bool { !secrets(in: uri).isEmpty }

  /// Each secret replaced, such as by `${SHOP_PASSWORD}` for a file that leaves the service.
  static func replacing(_ uri: String, with text: String) -> String {
    var result = uri
    for secret in secrets(in: uri).reversed() { result.replaceSubrange(secret.range, with: text) }
    return result
  }

  /// The address with the stored secrets where the mask stands.
  ///
  /// `nil` when the mask stands where nothing is stored, or the address leads to another host: a stored password goes
  /// nowhere that it was not meant for.
  static func unmasked(_ uri: String, stored: String?) -> String? {
    let masks = secrets(in: uri).filter { uri[$0.range] == mask }
    if masks.isEmpty { return uri }
    guard let stored, destination(of: uri) == destination(of: stored) else { return nil }
    let known = secrets(in: stored)
    var result = uri
    for place in masks.reversed() {
      guard let secret = known.first(where: { $0.key == place.key }) else { return nil }
      result.replaceSubrange(place.range, with: stored[secret.range])
    }
    return result
  }

  /// A single secret, such as the key of a webhook.
  static func masked(secret: String) -> String { secret.isEmpty || isReference(secret) ? secret : mask }

  static func unmasked(secret: String, stored: String?) -> String {
    secret == mask ? stored ?? "" : secret
  }

  /// A variable's name for a secret of `name`: `SHOP_EU_PASSWORD`.
  static func variable(_ name: String, _ what: String) -> String {
    let safe = name.uppercased().map { $0.isASCII && ($0.isLetter || $0.isNumber) ? $0 : "_" }
    let start = safe.first?.isNumber ?? true ? "_" : ""
    return "${\(start)\(String(safe))_\(what)}"
  }

  /// Whether a setting of this name holds a secret.
  static func isSecretName(_ name: String) -> Bool {
    let name = name.lowercased()
    return ["password", "passwd", "pwd", "secret", "token", "passphrase", "credential", "apikey", "api_key"]
      .contains { name.contains($0) }
  }

  private struct Secret {
    /// `user` for the part before `@`, else the keyword's name.
    var key: String
    var range: Swift.Range<String.Index>
  }

  private static func secrets(in uri: String) -> [Secret] {
    ((userPassword(in: uri).map { [$0] } ?? []) + keywords(in: uri))
      .filter { !$0.range.isEmpty && !isReference(uri[$0.range]) }
      .sorted { $0.range.lowerBound < $1.range.lowerBound }
  }

  /// Between `user:` and `@`. A password may hold `@`, `/` or `?` that nobody escaped: rather too much is hidden.
  private static func userPassword(in uri: String) -> Secret? {
    guard let scheme = uri.firstRange(of: "://") else { return nil }
    let rest = uri[scheme.upperBound...]
    let beforeQuery = rest[..<(rest.firstIndex(of: "?") ?? rest.endIndex)]
    guard let at = beforeQuery.lastIndex(of: "@") ?? rest.lastIndex(of: "@"),
      let colon = rest[..<at].firstIndex(of: ":")
    else { return nil }
    return Secret(key: "user", range: rest.index(after: colon)..<at)
  }

  /// `password=...` in a query, in libpq's list of keywords, or in a list with semicolons.
  private static func keywords(in uri: String) -> [Secret] {
    var found: [Secret] = []
    var position = uri.startIndex
    while let equals = uri[position...].firstIndex(of: "=") {
      let before = uri[position..<equals].reversed().drop { $0.isWhitespace }
      let name = String(before.prefix { $0.isLetter || $0.isNumber || $0 == "_" || $0 == "-" }.reversed())
      var start = uri.index(after: equals)
      while start < uri.endIndex, uri[start] == " " { start = uri.index(after: start) }
      let end: String.Index
      if start < uri.endIndex, uri[start] == "'" {
        end = endOfQuote(uri, from: uri.index(after: start))
      } else {
        end = uri[start...].firstIndex { "&; ".contains($0) || $0.isNewline } ?? uri.endIndex
      }
      if isSecretName(name) { found.append(Secret(key: name.lowercased(), range: start..<end)) }
      position = end
    }
    return found
  }

  private static func endOfQuote(_ text: String, from start: String.Index) -> String.Index {
    var index = start
    while index < text.endIndex, text[index] != "'" {
      if text[index] == "\\" { index = text.index(after: index) }
      if index < text.endIndex { index = text.index(after: index) }
    }
    return index < text.endIndex ? text.index(after: index) : index
  }

  private static func isReference(_ text: some StringProtocol) -> Bool {
    text.hasPrefix("${") && text.hasSuffix("}") && text.filter { $0 == "$" }.count == 1
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
