/// Finds the secrets that stand in addresses and lists of settings: the password of `user:password@host`, and the
/// values of parameters that name a secret.
package enum AddressSecrets {
  package struct Place: Hashable, Sendable {
    /// `user` for what stands between `user:` and `@`, else the parameter's name in small letters.
    package var key: String
    package var range: Range<String.Index>
  }

  /// Every secret in its order, also those that are references to the environment.
  package static func all(in text: String) -> [Place] {
    var found: [Place] = []
    for place in (logins(in: text) + parameters(in: text)).sorted(by: { $0.range.lowerBound < $1.range.lowerBound })
    where !place.range.isEmpty && place.range.lowerBound >= found.last?.range.upperBound ?? text.startIndex {
      found.append(place)
    }
    return found
  }

  /// Those that are written out.
  package static func literal(in text: String) -> [Place] {
    all(in: text).filter { !EnvironmentVariable.isReference(text[$0.range]) }
  }

  /// Each secret that is written out replaced by what `replace` makes of its key and text.
  package static func replacing(
    in text: String, with replace: (_ key: String, _ secret: Substring) -> String
  ) -> String {
    var result = ""
    var end = text.startIndex
    for place in literal(in: text) {
      result += text[end..<place.range.lowerBound] + replace(place.key, text[place.range])
      end = place.range.upperBound
    }
    return result + text[end...]
  }

  /// Whether a setting or parameter of this name holds a secret.
  package static func isSecret(name: String) -> Bool {
    let name = name.lowercased()
    return [
      "password", "passwd", "pwd", "secret", "token", "passphrase", "credential", "apikey", "api_key", "private_key",
      "access_key",
    ]
    .contains { name.contains($0) }
  }

  /// Between `user:` and `@` of each address. A password may hold `@`, `/` or `?` that nobody escaped: rather too much
  /// is taken for it.
  private static func logins(in text: String) -> [Place] {
    var found: [Place] = []
    var rest = text[...]
    while let mark = rest.firstRange(of: "://") {
      let address = text[mark.upperBound...]
      // Another address begins behind a comma or a blank only: a password may hold "://".
      let gap = address.firstRange(of: /[,\s]+[A-Za-z][A-Za-z0-9+.\-]*:\/\//)
      if let place = login(in: address[..<(gap?.lowerBound ?? text.endIndex)]) { found.append(place) }
      guard let gap else { break }
      rest = text[gap.lowerBound...]
    }
    return found
  }

  private static func login(in rest: Substring) -> Place? {
    // A password may hold a '?'; one with a parameter behind it begins the query.
    let query = rest.firstRange(of: /\?[A-Za-z_][A-Za-z0-9_.\-]*=/)
    let beforeQuery = rest[..<(query?.lowerBound ?? rest.endIndex)]
    guard let at = beforeQuery.lastIndex(of: "@") ?? rest.lastIndex(of: "@"),
      let colon = rest[..<at].firstIndex(of: ":")
    else { return nil }
    return Place(key: "user", range: rest.index(after: colon)..<at)
  }

  /// `password=...` in a query, in libpq's list of keywords, or in a list with semicolons.
  private static func parameters(in text: String) -> [Place] {
    var found: [Place] = []
    var position = text.startIndex
    while let equals = text[position...].firstIndex(of: "=") {
      let before = text[position..<equals].reversed().drop { $0.isWhitespace }
      let name = String(before.prefix { $0.isLetter || $0.isNumber || $0 == "_" || $0 == "-" }.reversed())
      var start = text.index(after: equals)
      while start < text.endIndex, text[start] == " " { start = text.index(after: start) }
      let end: String.Index
      if start < text.endIndex, text[start] == "'" {
        end = endOfQuote(text, from: text.index(after: start))
      } else {
        end = text[start...].firstIndex { "&;".contains($0) || $0.isWhitespace } ?? text.endIndex
      }
      if isSecret(name: name) { found.append(Place(key: name.lowercased(), range: start..<end)) }
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
}
