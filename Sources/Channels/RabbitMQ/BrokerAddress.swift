import Domain

/// Where a broker is and who we are there: `amqp://user:password@host:5672/vhost`.
struct BrokerAddress: Sendable {
  var isEncrypted: Bool
  var host: String
  /// 1 to 65,535.
  var port: Int
  var user: String
  var password: String
  var virtualHost: String

  /// For messages: no user, no password.
  var name: String { "\(host):\(port)" }
}

extension BrokerAddress {
  /// Reads `url`; `fill` puts the environment's values in. A variable within a part needs no percent-encoding; one
  /// that holds the whole address does. Throws what is wrong, without any part of the address.
  init(
    _ url: String, fill: (String) throws(ChannelSettingsError) -> String
  ) throws(ChannelSettingsError) {
    let isWhole = !url.contains("://")
    let text = isWhole ? try fill(url) : url
    guard let mark = text.firstRange(of: "://") else {
      throw Self.problem("the address starts with amqp:// or amqps://, as in amqp://user:${PASSWORD}@host:5672/vhost")
    }
    func part(_ text: some StringProtocol) throws(ChannelSettingsError) -> String {
      guard let plain = String(text).percentDecoded else {
        throw Self.problem("the address has a '%' that encodes nothing")
      }
      return isWhole ? plain : try fill(plain)
    }
    switch text[..<mark.lowerBound].lowercased() {
    case "amqp": isEncrypted = false
    case "amqps": isEncrypted = true
    default: throw Self.problem("the address starts with amqp:// or amqps://")
    }
    var rest = text[mark.upperBound...]
    if let query = rest.firstIndex(where: { $0 == "?" || $0 == "#" }) { rest = rest[..<query] }
    let slash = rest.firstIndex(of: "/")
    let path = try part(slash.map { rest[rest.index(after: $0)...] } ?? "")
    // Strictly, an address that ends in a slash names a virtual host without a name. People mean the default.
    virtualHost = path.isEmpty ? "/" : path
    let authority = rest[..<(slash ?? rest.endIndex)]
    let at = authority.lastIndex(of: "@")
    let login = at.map { authority[..<$0].split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false) } ?? []
    user = login.isEmpty ? "guest" : try part(login[0])
    password = login.count > 1 ? try part(login[1]) : login.isEmpty ? "guest" : ""
    let place = try fill(String(at.map { authority[authority.index(after: $0)...] } ?? authority))
    guard let (host, port) = Self.hostAndPort(place) else {
      throw Self.problem("the address has no valid host and port. Write amqp://user:${PASSWORD}@host:5672/vhost")
    }
    self.host = host
    self.port = port ?? (isEncrypted ? 5671 : 5672)
  }

  private static func problem(_ text: String) -> ChannelSettingsError {
    ChannelSettingsError(key: "url", message: text)
  }

  /// `host`, `host:5672`, `[::1]:5672`.
  private static func hostAndPort(_ text: String) -> (String, Int?)? {
    var host = text[...]
    var port: Int?
    if text.hasPrefix("["), let end = text.firstIndex(of: "]") {
      host = text[text.index(after: text.startIndex)..<end]
      let tail = text[text.index(after: end)...]
      guard tail.isEmpty || tail.hasPrefix(":") else { return nil }
      if !tail.isEmpty {
        guard let number = Int(tail.dropFirst()) else { return nil }
        port = number
      }
    } else if let colon = text.lastIndex(of: ":") {
      host = text[..<colon]
      guard let number = Int(text[text.index(after: colon)...]), !host.contains(":") else { return nil }
      port = number
    }
    guard !host.isEmpty, !host.contains(where: \.isWhitespace), port.map((1...65_535).contains) ?? true else {
      return nil
    }
    return (String(host), port)
  }
}

extension String {
  /// `nil` when a `%` is not followed by two hexadecimal digits, or the bytes are no UTF-8.
  fileprivate var percentDecoded: String? {
    var bytes: [UInt8] = []
    var rest = utf8[...]
    while let byte = rest.popFirst() {
      guard byte == UInt8(ascii: "%") else {
        bytes.append(byte)
        continue
      }
      guard rest.count >= 2, let value = UInt8(String(rest.prefix(2)) ?? "", radix: 16) else { return nil }
      bytes.append(value)
      rest = rest.dropFirst(2)
    }
    return String(validating: bytes, as: UTF8.self)
  }
}
