import Domain

/// Puts variables of the environment in the place of `${NAME}`, and keeps their values out of messages.
struct EnvironmentReferences: Sendable {
  private let environment: [String: String]
  private(set) var secrets = Secrets()

  init(environment: [String: String]) { self.environment = environment }

  /// How a value is written into the text around it.
  typealias Escaping = (_ value: String, _ textBefore: Substring, _ textAfter: Substring) -> String

  /// - Throws: `.configuration` that names the variable when it is not set, or the place of a `${` without its end.
  mutating func resolve(
    _ text: String, of what: String, escaping: Escaping = { value, _, _ in value }
  ) throws(QueryError) -> String {
    var result = ""
    var rest = text[...]
    while let start = rest.firstRange(of: "${") {
      result += rest[..<start.lowerBound]
      guard let end = rest[start.upperBound...].firstIndex(of: "}") else {
        throw QueryError(.configuration, "The \(what) has a '${' without its '}'.")
      }
      let name = String(rest[start.upperBound..<end])
      guard Self.isName(name) else {
        throw QueryError(
          .configuration, "The \(what) refers to '${\(name)}': a variable's name is letters, digits and underscores.")
      }
      guard let value = environment[name] else {
        throw QueryError(
          .configuration, "The \(what) refers to ${\(name)}, which is not set. Set \(name) in the environment.")
      }
      let after = rest[rest.index(after: end)...]
      let written = escaping(value, text[..<start.lowerBound], after)
      secrets.add(value, shownAs: "${\(name)}")
      if written != value { secrets.add(written, shownAs: "${\(name)}") }
      result += written
      rest = after
    }
    return result + rest
  }

  mutating func hide(_ value: String) { secrets.add(value, shownAs: "***") }

  private static func isName(_ text: String) -> Bool {
    guard let first = text.utf8.first, !(0x30...0x39).contains(first) else { return false }
    return text.utf8.allSatisfy {
      (0x30...0x39).contains($0) || (0x41...0x5A).contains($0) || (0x61...0x7A).contains($0) || $0 == 0x5F
    }
  }
}

/// What must not be read in a message.
struct Secrets: Sendable {
  private var hidden: [(value: String, mask: String)] = []

  mutating func add(_ value: String, shownAs mask: String) {
    guard !value.isEmpty, !hidden.contains(where: { $0.value == value }) else { return }
    hidden.append((value, mask))
    // A value may hold another: the longer one goes first.
    hidden.sort { $0.value.utf8.count > $1.value.utf8.count }
  }

  func scrub(_ text: String) -> String {
    var text = text
    // Masks are marks of a private use area until the end, so that no mask is searched for the next value.
    for (index, entry) in hidden.enumerated() where text.contains(entry.value) {
      text = text.replacing(entry.value, with: Self.mark(index))
    }
    for (index, entry) in hidden.enumerated() { text = text.replacing(Self.mark(index), with: entry.mask) }
    return text
  }

  func scrub(_ error: QueryError) -> QueryError {
    if hidden.isEmpty { return error }
    var error = error
    error.message = scrub(error.message)
    error.hint = error.hint.map(scrub)
    return error
  }

  private static func mark(_ index: Int) -> String {
    String(Character(Unicode.Scalar(0xF0000 + UInt32(index)) ?? "?"))
  }
}
