import Checking

/// One labelled input, for the partial `field`.
struct FormField: Sendable {
  var id: String
  var name: String
  var label: String
  var value: String
  var help: String?
  var problem: String?
  var placeholder: String?
  var isCode = false
  var isPassword = false
  /// A text of several lines.
  var isLong = false
  /// The `id` of a `datalist`.
  var list: String?

  init(
    _ name: String, _ label: String, value: String, help: String? = nil, problem: String? = nil,
    placeholder: String? = nil, isCode: Bool = false, isPassword: Bool = false, list: String? = nil
  ) {
    id = "f-" + name.map { $0.isASCII && ($0.isLetter || $0.isNumber) ? String($0) : "-" }.joined()
    self.name = name
    self.label = label
    self.value = value
    self.help = help
    self.problem = problem
    self.placeholder = placeholder
    self.isCode = isCode
    self.isPassword = isPassword
    self.list = list
  }
}

/// One entry of a select, or one box of a set.
struct FormChoice: Sendable {
  var value: String
  var label: String
  var isChosen: Bool

  init(_ value: String, _ label: String? = nil, isChosen: Bool) {
    self.value = value
    self.label = label ?? value
    self.isChosen = isChosen
  }

  /// Every value with itself as its label. A chosen value that is not among them is kept as the first.
  static func all(_ values: [String], chosen: String, missing: String? = nil) -> [FormChoice] {
    let choices = values.map { FormChoice($0, isChosen: $0 == chosen) }
    if chosen.isEmpty || values.contains(chosen) { return choices }
    return [FormChoice(chosen, missing.map { "\(chosen) (\($0))" }, isChosen: true)] + choices
  }
}

/// What is wrong with a form, by field.
struct FormProblems: Sendable {
  var all: [FieldProblem]

  init(_ all: [FieldProblem] = []) { self.all = all }

  var isEmpty: Bool { all.isEmpty }

  /// What to write beside the field; `nil` when it is fine.
  func at(_ fields: String...) -> String? {
    let found = all.filter { fields.contains($0.field) }.map { Self.sentence($0.message) }
    return found.isEmpty ? nil : found.joined(separator: " ")
  }

  /// The problems of `rules[2]` and the like, with the prefix taken off.
  func under(_ prefix: String) -> FormProblems {
    FormProblems(
      all.compactMap { problem in
        guard problem.field.hasPrefix(prefix + ".") else { return nil }
        return FieldProblem(field: String(problem.field.dropFirst(prefix.count + 1)), message: problem.message)
      })
  }

  /// Those that no field of `fields` shows, as sentences.
  func others(than fields: [String]) -> [String] {
    all.filter { problem in !fields.contains { problem.field == $0 || problem.field.hasPrefix($0 + "[") } }
      .map { Self.sentence($0.message) }
  }

  /// A message as it stands in a log, made a sentence.
  static func sentence(_ message: String) -> String {
    guard let first = message.first, let last = message.last else { return message }
    // An address begins as it is written.
    if message.prefix(while: { !$0.isWhitespace }).contains("://") { return message + (".?".contains(last) ? "" : ".") }
    return first.uppercased() + message.dropFirst() + (".?".contains(last) ? "" : ".")
  }
}

/// The line over a form that was not taken.
struct FormBanner: Sendable {
  var title: String
  var lines: [String]

  init(_ title: String, _ lines: [String] = []) {
    self.title = title
    self.lines = lines
  }
}
