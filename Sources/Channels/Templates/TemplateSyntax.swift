import Domain

/// Checks a template's tags before the engine reads them: which are allowed, that each name is one there is, that
/// sections end, and that nothing nests so deep that a hostile text could exhaust the stack.
///
/// Reads by characters, as the engine does, so that both find the same tags.
struct TemplateSyntax {
  private typealias Section = (name: String, line: Int, names: [TemplateVariable])

  /// UTF-8 bytes of a template.
  static let longest = 16 << 10
  private static let deepest = 12
  private static let longestTag = 100
  private static let transforms = ["uppercased", "lowercased", "capitalized", "count", "empty", "first", "last"]
  /// `{{^last()}}, {{/last()}}` within a list.
  private static let places = ["first()", "last()", "even()", "odd()", "index()"]

  private var rest: Substring
  private var line = 1
  private var sections: [Section]

  /// Throws for the first thing that is wrong.
  static func check(_ text: String, names: [TemplateVariable]) throws(TemplateProblem) {
    guard text.utf8.count <= longest else {
      throw TemplateProblem(line: nil, message: "a template has at most \(longest >> 10) KiB")
    }
    var syntax = TemplateSyntax(rest: text[...], sections: [("", 1, names)])
    while try syntax.checkTag() {}
    if let open = syntax.sections.dropFirst().last {
      throw TemplateProblem(
        line: open.line, message: "{{#\(open.name)}} is never closed. Write {{/\(open.name)}} after it")
    }
  }

  private init(rest: Substring, sections: [Section]) {
    self.rest = rest
    self.sections = sections
  }

  /// `false` at the end.
  private mutating func checkTag() throws(TemplateProblem) -> Bool {
    guard skip(to: "{{") else { return false }
    let start = line
    let opening = rest.first
    if opening == "{" { rest.removeFirst() }
    let before = rest
    let isClosed = opening == "{" ? skip(to: "}}}") : skip(to: "}}")
    let inside = before[
      ..<(isClosed ? before.index(rest.startIndex, offsetBy: opening == "{" ? -3 : -2) : rest.endIndex)]
    if opening == "!", isClosed { return true }
    guard isClosed, line == start, inside.count <= Self.longestTag else {
      throw TemplateProblem(line: start, message: "a tag that begins with '{{' does not end with '}}' on its line")
    }
    try check(tag: String(inside), isRaw: opening == "{", at: start)
    return true
  }

  /// Moves behind the next `mark`, counting lines; `false` when there is none.
  private mutating func skip(to mark: String) -> Bool {
    while !rest.isEmpty {
      if rest.starts(with: mark) {
        rest = rest.dropFirst(mark.count)
        return true
      }
      if rest.removeFirst().isNewline { line += 1 }
    }
    return false
  }

  private mutating func check(tag: String, isRaw: Bool, at line: Int) throws(TemplateProblem) {
    let sign = isRaw ? nil : tag.first
    switch sign {
    case "#", "^": try open(Self.name(tag.dropFirst()), at: line)
    case "/": try close(Self.name(tag.dropFirst()), at: line)
    case "&": _ = try find(Self.name(tag.dropFirst()), at: line)
    case ">", "<", "$", "=", "%":
      throw TemplateProblem(
        line: line,
        message: "{{\(tag)}} is not supported: there are {{name}}, {{#name}}, {{^name}}, {{/name}}, {{!text}}")
    default: _ = try find(Self.name(tag[...]), at: line)
    }
  }

  private static func name(_ text: Substring) -> String { String(text).trimmingASCIISpace }

  private mutating func open(_ name: String, at line: Int) throws(TemplateProblem) {
    let variable = try find(name, at: line)
    guard sections.count <= Self.deepest else {
      throw TemplateProblem(line: line, message: "sections nest at most \(Self.deepest) deep")
    }
    var children = variable?.children ?? []
    if case .texts? = variable?.kind { children = [] }
    sections.append((name, line, children))
  }

  private mutating func close(_ name: String, at line: Int) throws(TemplateProblem) {
    guard sections.count > 1, let last = sections.last else {
      throw TemplateProblem(line: line, message: "{{/\(name)}} closes nothing. Write {{#\(name)}} before it")
    }
    guard last.name == name else {
      throw TemplateProblem(
        line: line, message: "{{/\(name)}} stands where {{/\(last.name)}} must close line \(last.line)'s section")
    }
    sections.removeLast()
  }

  /// The variable of that name, from the innermost section outwards; `nil` for what is no variable, such as `.`.
  private func find(_ name: String, at line: Int) throws(TemplateProblem) -> TemplateVariable? {
    if name == "." || Self.places.contains(name) { return nil }
    let plain = try Self.withoutTransform(name, at: line)
    let parts = plain.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
    for section in sections.reversed() {
      guard var variable = section.names.first(where: { $0.name == parts.first }) else { continue }
      for part in parts.dropFirst() {
        guard case .group(let children) = variable.kind, let child = children.first(where: { $0.name == part }) else {
          throw unknown(plain, at: line)
        }
        variable = child
      }
      if case .group = variable.kind {
        let example = variable.children.first?.name ?? ""
        throw TemplateProblem(line: line, message: "{{\(plain)}} has parts: write {{\(plain).\(example)}}")
      }
      return variable
    }
    throw unknown(plain, at: line)
  }

  private static func withoutTransform(_ name: String, at line: Int) throws(TemplateProblem) -> String {
    guard let bracket = name.firstIndex(of: "(") else { return name }
    let inside = name[name.index(after: bracket)...]
    guard inside.hasSuffix(")"), transforms.contains(String(name[..<bracket])), inside.dropLast() != "" else {
      throw TemplateProblem(
        line: line, message: "{{\(name)}} is not one of \(transforms.map { "\($0)(name)" }.joined(separator: ", "))")
    }
    return String(inside.dropLast())
  }

  private func unknown(_ name: String, at line: Int) -> TemplateProblem {
    if name.isEmpty { return TemplateProblem(line: line, message: "a tag names nothing: write {{name}}") }
    let names = sections.flatMap { $0.names.flatMap(Self.paths) }
    let near = Spelling.nearest(to: name, among: names).map { ". Is {{\($0)}} meant?" } ?? ""
    return TemplateProblem(line: line, message: "there is no {{\(name)}} here\(near)")
  }

  private static func paths(_ variable: TemplateVariable) -> [String] {
    guard case .group(let children) = variable.kind else { return [variable.name] }
    return children.map { "\(variable.name).\($0.name)" }
  }
}
