package import Domain

/// Writes the script that a form equals: each rule measured in the database as the form measures it, and compared by an
/// assertion.
package enum RuleScript {
  /// `dialects` gives the SQL of a dataset's database; standard SQL where it is not known.
  package static func source(
    of rules: [Rule], in language: ScriptLanguage, dialects: (_ dataset: String) -> SQLDialect
  ) -> String {
    let writer = Writer(language: language)
    let parts = rules.map { rule in writer.lines(for: rule, dialect: dialects(rule.dataset)).joined(separator: "\n") }
    return ([writer.declaration] + parts).joined(separator: "\n\n") + "\n"
  }
}

private struct Writer {
  let language: ScriptLanguage

  var declaration: String {
    switch language {
    case .python: "case = CheckerCase()"
    case .javascript: "const check = new CheckerCase();\nlet found;"
    }
  }

  func lines(for rule: Rule, dialect: SQLDialect) -> [String] {
    guard let kind = RuleCatalogue.kind(rule.check), let threshold = rule.threshold ?? kind.defaultThreshold else {
      return [comment("there is no check '\(rule.check)', or it has no threshold")]
    }
    let heading = comment(rule.name ?? Verdict.sentence(for: rule))
    let message = rule.message ?? Verdict.sentence(for: rule)
    let measurement = "found = \(measured(rule, kind: kind, dialect: dialect))" + (language == .python ? "" : ";")
    let found = rule.check == "freshness" ? inUnit(of: rule, "found") : "found"
    let asserted = assertion(found, threshold, message, isWarning: rule.level == .warn)
    let start = [heading] + left(of: rule, dialect).map(comment)
    let reaction = reactionToNothing(rule, kind, message)
    if ["freshness", "metric"].contains(rule.check) {
      var condition = language == .python ? "found is None" : "found === null"
      if rule.check == "metric", rule.onEmpty != nil {
        condition += language == .python ? " or " : " || "
        condition += isEmpty(rule, dialect)
      }
      let future = rule.check == "freshness" ? future(rule, threshold, message) : []
      return start + [measurement] + choice([(condition, [reaction])] + future, [asserted])
    }
    if rule.onEmpty == nil { return start + [measurement, asserted] }
    return start + choice([(isEmpty(rule, dialect), [reaction])], [measurement, asserted])
  }

  /// Decimal digits that a double always tells apart.
  private static let exactDigits = 15

  /// What the form says and the script does not: its author has to know.
  private func left(of rule: Rule, _ dialect: SQLDialect) -> [String] {
    var left: [String] = []
    let hasRowValues = dialect != .standard
    if rule.text("nulls") == "equal", rule.columns.count > 1, !hasRowValues {
      left.append("NOT IN THIS SCRIPT: 'nulls: equal' of several columns. Here a row with NULL repeats nothing.")
    }
    if language == .javascript, let bounds = rule.threshold?.bounds,
      bounds.contains(where: { $0.significantDigits > Self.exactDigits })
    {
      left.append(
        "NOT IN THIS SCRIPT: numbers of more than \(Self.exactDigits) digits, which JavaScript's are not. Python's are."
      )
    }
    if let recovery = rule.recovery {
      left.append(
        "NOT IN THIS SCRIPT: the alarm ended once the value was \(recovery.description()). Here it ends once the "
          + "assertion holds.")
    }
    return left
  }

  /// What fails because the newest value lies in the future.
  private func future(_ rule: Rule, _ threshold: Threshold, _ message: String) -> [(String, [String])] {
    if threshold.bounds.contains(where: { $0 < ExactDecimal(0) }) { return [] }
    let told = quoted(message + ": the newest value is in the future")
    let end = language == .python ? "" : ";"
    return [
      ("found < -\(Int(Freshness.tolerance))", ["\(asserting(isWarning: rule.level == .warn)).fail(\(told))\(end)"])
    ]
  }

  private func choice(_ cases: [(condition: String, lines: [String])], _ otherwise: [String]) -> [String] {
    var lines: [String] = []
    for (index, each) in cases.enumerated() {
      switch language {
      case .python: lines.append("\(index == 0 ? "if" : "elif") \(each.condition):")
      case .javascript: lines.append("\(index == 0 ? "if" : "} else if") (\(each.condition)) {")
      }
      lines += each.lines.map { "    " + $0 }
    }
    let rest = otherwise.map { "    " + $0 }
    return lines + (language == .python ? ["else:"] + rest : ["} else {"] + rest + ["}"])
  }

  /// Whether the rule has nothing to look at.
  private func isEmpty(_ rule: Rule, _ dialect: SQLDialect) -> String {
    var filter = rule.filter
    if rule.check == "unique", rule.text("nulls") != "equal" {
      let scan = Scan(dialect: dialect, source: "dataset", condition: nil)
      let present = rule.columns.map { "\(scan.quoted($0)) IS NOT NULL" }
      filter = ((rule.filter.map { ["(\($0))"] } ?? []) + present).joined(separator: " AND ")
    }
    let counted = call("count", rule.dataset, nil, filter)
    return counted + (language == .python ? " == 0" : " === 0")
  }

  /// What the rule says when there was nothing to look at.
  private func reactionToNothing(_ rule: Rule, _ kind: any RuleKind, _ message: String) -> String {
    let end = language == .python ? "" : ";"
    let told = quoted(message + ": there was nothing to measure")
    switch rule.onEmpty ?? kind.defaultOnEmpty {
    case .pass: return "ok(\(told))\(end)"
    case .warn: return "\(asserting(isWarning: true)).fail(\(told))\(end)"
    case .fail: return "\(asserting(isWarning: rule.level == .warn)).fail(\(told))\(end)"
    case .error: return language == .python ? "raise LookupError(\(told))" : "throw new RangeError(\(told));"
    }
  }

  private func inUnit(of rule: Rule, _ seconds: String) -> String {
    let size = ["second": 1, "minute": 60, "day": 86_400][rule.text("unit") ?? ""] ?? 3600
    return size == 1 ? seconds : "\(seconds) / \(size)"
  }

  private func asserting(isWarning: Bool) -> String {
    switch (language, isWarning) {
    case (.python, true): "CheckerCase(level=\"warn\")"
    case (.python, false): "case"
    case (.javascript, true): "new CheckerCase({level: \"warn\"})"
    case (.javascript, false): "check"
    }
  }

  /// The expression that measures what the rule measures.
  private func measured(_ rule: Rule, kind: any RuleKind, dialect: SQLDialect) -> String {
    let columns = rule.columns.map(Scan(dialect: dialect, source: "dataset", condition: nil).quoted)
    if rule.check == "unique" { return surplus(rule, columns, dialect) }
    if rule.check == "metric", let expression = rule.text("expression") {
      return "finite(\(call("metric", rule.dataset, expression, rule.filter)))"
    }
    let plan = kind.plan(rule, scan: Scan(dialect: dialect, source: "dataset", condition: rule.filter))
    if rule.check == "freshness", case .aggregate(let age)? = plan.metrics.first {
      return "finite(\(call("metric", rule.dataset, age, nil)))"
    }
    // The others count the rows that their sample shows.
    guard case .rows(let condition?) = plan.sample else { return call("count", rule.dataset, nil, rule.filter) }
    // The line break that ends a comment of the author's is not needed where there can be none.
    let texts = rule.parameters.values.compactMap { if case .scalar(.text(let text)) = $0 { text } else { nil } }
    let isPlain = !texts.contains { $0.contains("--") || $0.contains("\n") }
    let shown = isPlain ? condition.replacing("\n)", with: ")") : condition
    let filter = rule.filter.map { "(\($0)) AND (\(shown))" } ?? shown
    return share(rule, call("count", rule.dataset, nil, filter), of: rule.filter)
  }

  /// Rows beyond the first of their kind, as the rule counts them.
  private func surplus(_ rule: Rule, _ columns: [String], _ dialect: SQLDialect) -> String {
    let key = Self.key(columns, dialect)
    if rule.text("nulls") == "equal" {
      // All NULLs of one column together are one more value.
      let nulls = columns.count == 1 ? " - CASE WHEN count(*) > count(\(key)) THEN 1 ELSE 0 END" : ""
      let expression = "count(*) - count(DISTINCT \(key))\(nulls)"
      return share(rule, call("metric", rule.dataset, expression, rule.filter), of: rule.filter)
    }
    let present = columns.map { "\($0) IS NOT NULL" }.joined(separator: " AND ")
    let filters = [rule.filter.map { "(\($0))" }, present].compactMap(\.self)
    // count() of one column leaves out its NULLs by itself; a share is one of the rows that have a value.
    let condition =
      columns.count == 1 && !rule.percent ? rule.filter.map { "(\($0))" } : filters.joined(separator: " AND ")
    let counted = columns.count == 1 ? key : "*"
    let value = call("metric", rule.dataset, "count(\(counted)) - count(DISTINCT \(key))", condition)
    return share(rule, value, of: condition)
  }

  /// Several columns as one value. SQLite counts no rows of values, but knows how each is written.
  private static func key(_ columns: [String], _ dialect: SQLDialect) -> String {
    if columns.count == 1 { return columns[0] }
    return dialect == .sqlite
      ? columns.map { "quote(\($0))" }.joined(separator: " || ',' || ") : "(\(columns.joined(separator: ", ")))"
  }

  /// Of no rows, no share is wrong.
  private func share(_ rule: Rule, _ value: String, of filter: String?) -> String {
    guard rule.percent else { return value }
    let total = call("count", rule.dataset, nil, filter)
    return language == .python ? "100 * \(value) / max(1, \(total))" : "100 * \(value) / Math.max(1, \(total))"
  }

  private func assertion(_ found: String, _ threshold: Threshold, _ message: String, isWarning: Bool) -> String {
    let name = asserting(isWarning: isWarning)
    let bounds = threshold.bounds.map(\.description)
    let end = language == .python ? "" : ";"
    let method =
      switch threshold {
      case .equal: "assertEqual"
      case .notEqual: "assertNotEqual"
      case .lessThan: "assertLessThan"
      case .lessThanOrEqual: "assertLessThanOrEqual"
      case .greaterThan: "assertGreaterThan"
      case .greaterThanOrEqual: "assertGreaterThanOrEqual"
      case .between, .notBetween: "assertBetween"
      }
    if case .notBetween = threshold {
      let condition =
        language == .python
        ? "not \(bounds[0]) <= \(found) <= \(bounds[1])" : "!(\(bounds[0]) <= \(found) && \(found) <= \(bounds[1]))"
      return "\(name).assertTrue(\(condition), \(quoted(message)))\(end)"
    }
    return "\(name).\(method)(\(found), \(bounds.joined(separator: ", ")), \(quoted(message)))\(end)"
  }

  private func call(_ function: String, _ dataset: String, _ expression: String?, _ filter: String?) -> String {
    var arguments = [quoted(dataset)]
    if let expression { arguments.append(quoted(expression)) }
    if let filter { arguments.append(language == .python ? "where=\(quoted(filter))" : quoted(filter)) }
    return "\(function)(\(arguments.joined(separator: ", ")))"
  }

  private func comment(_ text: String) -> String {
    (language == .python ? "# " : "// ") + text.map { $0.isNewline ? " " : $0 }
  }

  /// A text that both languages read alike.
  private func quoted(_ text: String) -> String {
    var result = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": result += "\\\""
      case "\\": result += "\\\\"
      case "\n": result += "\\n"
      case "\r": result += "\\r"
      case "\t": result += "\\t"
      default:
        // Line and paragraph separators end a line in JavaScript.
        if scalar.value < 0x20 || scalar.value == 0x2028 || scalar.value == 0x2029 {
          let digits = String(scalar.value, radix: 16)
          result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
        } else {
          result.unicodeScalars.append(scalar)
        }
      }
    }
    return result + "\""
  }
}
