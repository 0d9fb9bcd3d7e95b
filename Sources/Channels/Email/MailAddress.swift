/// A mailbox: an address, and a name beside it.
struct MailAddress: Hashable, Sendable {
  /// As people write it; any text on one line.
  var name: String
  /// `local@domain` in ASCII.
  var address: String

  var domain: String { address.split(separator: "@").last.map(String.init) ?? "" }

  /// As it stands in a header.
  var encoded: String { name.isEmpty ? address : "\(HeaderText.phrase(name)) <\(address)>" }

  /// Reads `ana@example.com` or `Ana <ana@example.com>`; `nil` for anything else.
  init?(_ text: String) {
    let text = text.trimmingASCIISpace
    if text.hasSuffix(">"), let start = text.lastIndex(of: "<") {
      var name = String(text[..<start]).trimmingASCIISpace
      if name.count >= 2, name.hasPrefix("\""), name.hasSuffix("\"") { name = String(name.dropFirst().dropLast()) }
      self.name = TextLimit.cut(TextLimit.oneLine(name), utf16: 100)
      address = String(text[text.index(after: start)...].dropLast())
    } else {
      name = ""
      address = text
    }
    guard Self.isAddress(address) else { return nil }
  }

  /// RFC 5321's plain form. Quoted and non-ASCII ones are refused: few servers take them.
  private static func isAddress(_ text: String) -> Bool {
    let parts = text.split(separator: "@", omittingEmptySubsequences: false)
    guard parts.count == 2, (1...64).contains(parts[0].utf8.count), (1...255).contains(parts[1].utf8.count) else {
      return false
    }
    let local = parts[0].unicodeScalars.allSatisfy {
      isLetterOrDigit($0) || "!#$%&'*+-/=?^_`{|}~.".unicodeScalars.contains($0)
    }
    let domain = parts[1].unicodeScalars.allSatisfy { isLetterOrDigit($0) || $0 == "-" || $0 == "." }
    return local && domain && !parts[1].hasPrefix("-") && !parts[1].hasPrefix(".") && !parts[1].hasSuffix(".")
  }

  private static func isLetterOrDigit(_ scalar: Unicode.Scalar) -> Bool {
    ("a"..."z").contains(scalar) || ("A"..."Z").contains(scalar) || ("0"..."9").contains(scalar)
  }
}
