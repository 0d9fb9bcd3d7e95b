import Domain
import Mustache

/// A text with holes, in Mustache, checked and ready.
struct Template: Sendable {
  let text: String
  private let parsed: MustacheTemplate

  /// Throws what is wrong and in which line.
  init(_ text: String, escaping: Escaping, names: [TemplateVariable] = TemplateVariable.all) throws(TemplateProblem) {
    let text = text.replacing("\r\n", with: "\n").replacing("\r", with: "\n")
    self.text = text
    try TemplateSyntax.check(text, names: names)
    do {
      parsed = try MustacheTemplate(string: "{{% CONTENT_TYPE: \(escaping.contentType)}}" + text)
    } catch let error as MustacheTemplate.ParserError {
      throw TemplateProblem(line: error.context.lineNumber, message: Self.words(for: error.error))
    } catch {
      throw TemplateProblem(line: nil, message: "it is no Mustache template")
    }
  }

  /// The text, without space around it. Throws when it grows beyond all measure.
  func render(_ value: TemplateValue) throws(TemplateProblem) -> String {
    let budget = RenderingBudget(perSection: text.utf8.count)
    let result = parsed.render(budget.object(for: value))
    guard !budget.isExhausted else {
      throw TemplateProblem(line: nil, message: "what it makes is too long: sections repeat one another too often")
    }
    return result.trimmingASCIISpace
  }

  private static func words(for error: any Error) -> String {
    switch error {
    case MustacheTemplate.Error.sectionCloseNameIncorrect: "a section is closed by another name than it was opened by"
    case MustacheTemplate.Error.expectedSectionEnd: "a section is never closed"
    default: "a tag is not written as {{name}}"
    }
  }
}

/// Bounds what one rendering may produce: lists within lists multiply. Every look-up pays for what it can make appear,
/// and once nothing is left, nothing is found any more.
///
/// Lives within one call on one thread.
private final class RenderingBudget {
  /// UTF-8 bytes of text.
  private var left = 4 << 20
  private let perSection: Int

  init(perSection: Int) {
    self.perSection = max(perSection, 1)
  }

  var isExhausted: Bool { left < 0 }

  func object(for value: TemplateValue) -> Any {
    switch value {
    case .text(let text): text.isEmpty ? EmptyText() as Any : text
    case .flag(let flag): flag
    case .list(let values): values.map { object(for: $0) }
    case .fields(let fields): Scope(fields: fields, budget: self)
    }
  }

  /// `nil` when there is no such name, or nothing left.
  func find(_ name: String, in fields: [String: TemplateValue]) -> Any? {
    guard left >= 0, let value = fields[name] else { return nil }
    switch value {
    // A text may stand in a hole or open a section; a worst case is six bytes for one, escaped.
    case .text(let text): left -= text.utf8.count * 2 + perSection / 8
    case .flag, .fields: left -= perSection / 8 + 1
    case .list(let values): left -= (values.count + 1) * perSection
    }
    return left >= 0 ? object(for: value) : nil
  }
}

private struct Scope: MustacheParent, MustacheCustomRenderable {
  let fields: [String: TemplateValue]
  let budget: RenderingBudget

  func child(named name: String) -> Any? { budget.find(name, in: fields) }

  /// `{{.}}` where there are only parts.
  var renderText: String { "" }
  var isNull: Bool { false }
}

/// A text that nobody wrote: shows nothing, and counts as false.
private struct EmptyText: MustacheCustomRenderable, MustacheTransformable {
  var renderText: String { "" }
  var isNull: Bool { true }

  func transform(_ name: String) -> Any? {
    switch name {
    case "empty": true
    case "count": 0
    default: self
    }
  }
}
