import Domain
import Foundation

/// Hides what is secret in settings. A `${NAME}` is no secret: it stays, as only the environment knows its value.
enum SecretMask {
  static let mask = "***"

  /// Without the password of `user:password@host`, and without the values of parameters that name a secret.
  static func hide(uri: String) -> String { AddressSecrets.replacing(in: uri) { _, _ in mask } }

  /// `value` unless it is a secret.
  static func hide(secret value: String) -> String {
    value.isEmpty || EnvironmentVariable.isReference(value) ? value : mask
  }

  /// Options of a driver: those that name a secret are hidden, addresses lose their passwords.
  static func hide(options: [String: String]) -> [String: String] {
    Dictionary(
      uniqueKeysWithValues: options.map { key, value in
        (key, AddressSecrets.isSecret(name: key) ? hide(secret: value) : hide(uri: value))
      })
  }

  /// `uri` with the secrets of `stored` where it has a mask; `nil` when they belong to another server, so that nobody
  /// who cannot read a password sends it elsewhere.
  static func restore(uri: String, from stored: String?) -> String? {
    guard uri.contains(mask) else { return uri }
    guard let stored else { return hasMask(uri) ? nil : uri }
    if hide(uri: stored) == uri { return stored }
    guard hasMask(uri) else { return uri }
    guard server(of: uri) == server(of: stored) else { return nil }
    var kept = secrets(in: stored)
    var isComplete = true
    let restored = replacingSecrets(in: uri) { secret in
      guard secret == mask else {
        if !kept.isEmpty { kept.removeFirst() }
        return secret
      }
      guard !kept.isEmpty else {
        isComplete = false
        return secret
      }
      return kept.removeFirst()[...]
    }
    return isComplete ? restored : nil
  }

  static func restore(secret: String, from stored: String?) -> String? { secret == mask ? stored : secret }

  private static func hasMask(_ uri: String) -> Bool { secrets(in: uri).contains(mask) }

  private static func secrets(in uri: String) -> [String] {
    var found: [String] = []
    _ = replacingSecrets(in: uri) { secret in
      found.append(String(secret))
      return secret
    }
    return found
  }

  /// What stands between the user and the parameters, or the whole of a text that is no URI, without its secrets.
  private static func server(of uri: String) -> String {
    let open = replacingSecrets(in: uri) { _ in "" }
    guard let start = open.range(of: "://") else { return open }
    return String(open[..<start.upperBound]) + open[start.upperBound...].prefix { !"/?#".contains($0) }
  }

  /// The text with each secret replaced, also those that are references.
  private static func replacingSecrets(in text: String, with replace: (Substring) -> Substring) -> String {
    var result = ""
    var end = text.startIndex
    for secret in AddressSecrets.all(in: text) {
      result += text[end..<secret.range.lowerBound] + replace(text[secret.range])
      end = secret.range.upperBound
    }
    return result + text[end...]
  }
}
