/// Variables of the environment, which settings name as `${NAME}`.
package enum EnvironmentVariable {
  /// Whether the text is one `${NAME}` and nothing else.
  package static func isReference(_ text: some StringProtocol) -> Bool {
    text.hasPrefix("${") && text.hasSuffix("}") && text.count { $0 == "$" } == 1 && text.count { $0 == "}" } == 1
  }

  package static func reference(to name: String) -> String { "${\(name)}" }

  /// The variables that a text names, in its order.
  package static func names(in text: String) -> [String] {
    text.matches(of: /\$\{([A-Za-z_][A-Za-z0-9_]*)\}/).map { String($0.output.1) }
  }

  /// A name that says what it is of: `SHOP_EU_PASSWORD` for the `password` of `shop-eu`.
  package static func name(for what: String, of owner: String) -> String {
    let name = "\(owner)_\(what)".uppercased().map { $0.isASCII && ($0.isLetter || $0.isNumber) ? $0 : "_" }
    return (name.first?.isNumber == true ? "_" : "") + String(name)
  }
}
