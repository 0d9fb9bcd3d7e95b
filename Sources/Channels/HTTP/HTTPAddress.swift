import Domain
import Foundation

/// The address of an HTTP receiver, checked.
struct HTTPAddress: Sendable {
  var url: String
  /// For messages: scheme, host and port, as paths may hold tokens.
  var receiver: String
  /// The parts that no message may show.
  var secrets: [String]

  /// Throws for what is no http or https address with a host; the message holds no part of it.
  init(_ url: String, key: String) throws(ChannelSettingsError) {
    guard let parts = Self.parts(of: url), let host = parts.host else {
      throw ChannelSettingsError(
        key: key, message: "the address is not valid. Write http:// or https://, a host and a path")
    }
    self.url = url
    receiver = "\(parts.scheme ?? "")://\(host)\(parts.port.map { ":\($0)" } ?? "")"
    let paths = [parts.path, parts.percentEncodedPath]
    secrets = paths + [parts.query ?? "", parts.percentEncodedQuery ?? "", parts.user ?? "", parts.password ?? ""]
    // A token is a part of its own, and an answer may repeat just that.
    secrets += paths.flatMap { $0.split(separator: "/").map(String.init).filter { $0.count >= 8 } }
    if !parts.path.isEmpty || parts.query != nil || parts.user != nil { secrets.append(url) }
  }

  /// The address of what is below this one: `path` starts with a slash.
  func appending(_ path: String) -> String {
    var base = url
    while base.hasSuffix("/") { base.removeLast() }
    return base + path
  }

  private static func parts(of url: String) -> URLComponents? {
    let isPlain = url.unicodeScalars.allSatisfy { $0.value > 0x20 && $0.value < 0x7F }
    guard isPlain, let parts = URLComponents(string: url), let host = parts.host, !host.isEmpty,
      ["http", "https"].contains(parts.scheme?.lowercased()), parts.port.map((1...65_535).contains) ?? true
    else { return nil }
    return parts
  }
}
