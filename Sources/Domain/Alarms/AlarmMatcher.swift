/// What silences and routes look at to tell one alarm from another.
package struct AlarmSubject: Hashable, Codable, Sendable {
  package var checker: QualifiedName
  /// One lower than the checker's while only warnings say so.
  package var severity: Severity
  package var owner: String
  package var tags: [String]
  /// The names of the data sources that the checker asks.
  package var dataSources: [String]

  package init(checker: Checker, isWarning: Bool = false, dataSources: [String] = []) {
    self.checker = checker.id
    severity = isWarning ? checker.severity.lower : checker.severity
    owner = checker.owner
    tags = checker.tags
    self.dataSources = dataSources
  }

  /// Of a checker whose alarm stands like that. An error is as severe as the checker, whatever it was before; an end is
  /// told as people knew the trouble: of a warning, it is that of a warning.
  package init(checker: Checker, alarm: Alarm, notice: AlarmNotice? = nil, dataSources: [String] = []) {
    let isWarningsEnd = notice.map { $0.kind == .resolved && $0.isWarning } ?? false
    self.init(
      checker: checker, isWarning: isWarningsEnd || alarm.isWarning && alarm.state != .error, dataSources: dataSources)
  }
}

extension Severity {
  /// What a failure of this severity is worth when it is a warning only.
  package var lower: Severity {
    switch self {
    case .critical: .warning
    case .warning, .info: .info
    }
  }
}

/// One condition on an alarm, written `namespace=shop`, `checker=shop/orders-*`, `tag!=noisy`, `severity=critical,warning`.
///
/// Any of the values will do; `*` stands for any characters. With `!=` none of them may fit.
package struct AlarmMatcher: Hashable, Codable, Sendable {
  package enum Field: String, Codable, Sendable, CaseIterable {
    case namespace
    /// `namespace/name`.
    case checker
    case tag, severity, owner
    case dataSource = "data_source"
  }

  package var field: Field
  package var values: [String]
  package var isNegated: Bool

  package init(_ field: Field, _ values: [String], isNegated: Bool = false) {
    self.field = field
    self.values = values
    self.isNegated = isNegated
  }

  package func matches(_ subject: AlarmSubject) -> Bool {
    let found: [String] =
      switch field {
      case .namespace: [subject.checker.namespace]
      case .checker: [subject.checker.description]
      case .tag: subject.tags
      case .severity: [subject.severity.rawValue]
      case .owner: [subject.owner]
      case .dataSource: subject.dataSources
      }
    let fits = found.contains { text in values.contains { Self.fits(text, pattern: $0) } }
    return fits != isNegated
  }

  /// `*` stands for any characters, also none.
  static func fits(_ text: String, pattern: String) -> Bool {
    var text = Substring(text)
    let parts = pattern.split(separator: "*", omittingEmptySubsequences: false)
    guard let first = parts.first, let last = parts.last, parts.count > 1 else { return text == pattern }
    guard text.hasPrefix(first) else { return false }
    text = text.dropFirst(first.count)
    for part in parts.dropFirst().dropLast() where !part.isEmpty {
      guard let range = text.firstRange(of: part) else { return false }
      text = text[range.upperBound...]
    }
    return text.hasSuffix(last)
  }
}

extension AlarmMatcher {
  /// As `parse` reads it.
  package var text: String { "\(field.rawValue)\(isNegated ? "!=" : "=")\(values.joined(separator: ","))" }

  /// Reads one condition; throws what to mend.
  package static func parse(_ text: String) throws(AlarmMatcherError) -> AlarmMatcher {
    guard let equals = text.firstIndex(of: "=") else {
      throw AlarmMatcherError("'\(text)' is no condition. Write one such as namespace=shop or tag!=noisy")
    }
    let isNegated = text[..<equals].hasSuffix("!")
    let name = text[..<equals].dropLast(isNegated ? 1 : 0).filter { !$0.isWhitespace }
    guard let field = Field(rawValue: name) else {
      let names = Field.allCases.map(\.rawValue)
      let nearest = Spelling.nearest(to: name, among: names).map { "did you mean '\($0)'?" }
      throw AlarmMatcherError("there is no '\(name)'; \(nearest ?? "there are \(names.joined(separator: ", "))")")
    }
    let values = text[text.index(after: equals)...].split(separator: ",").map { part in
      var part = part.drop(while: \.isWhitespace)
      while part.last?.isWhitespace == true { part.removeLast() }
      return String(part)
    }.filter { !$0.isEmpty }
    if let first = values.first, let sign = first.first, "~=".contains(sign) {
      let rest = first.drop { "~=".contains($0) || $0.isWhitespace }
      throw AlarmMatcherError(
        "there is no '\(isNegated ? "!" : "")=\(sign)': write \(name)\(isNegated ? "!=" : "=")\(rest.isEmpty ? "VALUE" : rest), "
          + "where '*' stands for any characters")
    }
    if values.isEmpty { throw AlarmMatcherError("'\(text)' has no value after '='") }
    if field == .severity, let wrong = values.first(where: { Severity(rawValue: $0) == nil && !$0.contains("*") }) {
      throw AlarmMatcherError("there is no severity '\(wrong)'; there are info, warning and critical")
    }
    return AlarmMatcher(field, values, isNegated: isNegated)
  }

  /// Reads conditions separated by spaces, semicolons or lines.
  package static func parseAll(_ text: String) throws(AlarmMatcherError) -> [AlarmMatcher] {
    var matchers: [AlarmMatcher] = []
    for part in text.split(whereSeparator: { $0 == ";" || $0.isWhitespace }) {
      matchers.append(try parse(String(part)))
    }
    return matchers
  }
}

extension [AlarmMatcher] {
  /// Whether all hold; without any, all alarms match.
  package func match(_ subject: AlarmSubject) -> Bool { allSatisfy { $0.matches(subject) } }

  package var text: String { map(\.text).joined(separator: " ") }
}

/// What is wrong with a condition and how to mend it.
package struct AlarmMatcherError: Error, Hashable, Sendable {
  package var message: String

  package init(_ message: String) { self.message = message }
}
