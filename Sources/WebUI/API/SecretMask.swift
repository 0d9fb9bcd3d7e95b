import Domain
import Foundation

/// Hides what is secret in settings. A `${NAME}` is no secret: it stays, as only the environment knows its value.
enum SecretMask {
  static let mask = "***"

  /// Without the password of `user:password@host`, and without the values of parameters that name a secret.
  static func hide(uri: String) -> String { replacingSecrets(in: uri) { isReference($0) ? $0 : mask[...] } }

  /// `value` unless it is a secret.
  static func hide(secret value: String) -> String { value.isEmpty || isReference(value[...]) ? value : mask }

  /// Options of a driver: those that name a secret are hidden, addresses lose their passwords.
  static func hide(options: [String: String]) -> [String: String] {
    Dictionary(
      uniqueKeysWithValues: options.map { key, value in
        (key, namesSecret(key) ? hide(secret: value) : hide(uri: value))
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

  /// Keys that name a secret.
  static func namesSecret(_ key: String) -> Bool {
    let key = key.lowercased()
    return ["password", "passwd", "pwd", "secret", "token", "apikey", "api_key", "credential"].contains {
      key.contains($0)
    }
  }

  private static func isReference(_ text: Substring) -> Bool {
    text.hasPrefix("${") && text.hasSuffix("}") && !text.dropFirst(2).dropLast().contains("}")
  }

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

  /// The text with each secret replaced. The authority of a URI ends at the first `/`, `?` or `#`, and its last `@`
  /// ends user and password; parameters are `name=value`, parted by `&`, `;` or spaces.
  private static func replacingSecrets(in text: String, with replace: (Substring) -> Substring) -> String {
    var result = ""
    var rest = text[...]
    if let start = rest.range(of: "://") {
      result += rest[..<start.upperBound]
      rest = rest[start.upperBound...]
      // A password may hold '/' or '#' that nobody encoded: then it reaches to the last '@' there is.
      let authority = rest.prefix { !"/?#".contains($0) }
      let user = authority.lastIndex(of: "@") ?? rest.lastIndex(of: "@")
      if let user, let colon = rest[..<user].firstIndex(of: ":") {
        result += rest[...colon] + replace(rest[rest.index(after: colon)..<user])
        rest = rest[user...]
      }
    }
    while let equals = rest.firstIndex(of: "=") {
      let name = rest[..<equals].split(whereSeparator: { "?&; ".contains($0) }).last ?? ""
      let start = rest.index(after: equals)
      result += rest[..<start]
      rest = rest[start...]
      guard namesSecret(String(name)) else { continue }
      let value = value(rest)
      result += replace(value)
      rest = rest[value.endIndex...]
    }
    return result + rest
  }

  /// The value at the start of `text`; in quotes it may hold spaces.
  private static func value(_ text: Substring) -> Substring {
    if text.first == "'" {
      var isEscaped = false
      for index in text.indices.dropFirst() {
        if isEscaped {
          isEscaped = false
        } else if text[index] == "\\" {
          isEscaped = true
        } else if text[index] == "'" {
          return text[...index]
        }
      }
      return text
    }
    return text.prefix { !"&; \t\n".contains($0) }
  }
}
